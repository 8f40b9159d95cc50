#include "cell/failure_line.hpp"

#include "base/text.hpp"

#include <vector>

namespace ctest_matrix {

std::string failure_line(std::string_view message) {
  constexpr std::size_t k_values = 3;
  std::string first;
  std::vector<std::string> values;
  for (const std::string& whole : split_lines(message)) {
    const std::string line(trim(whole));
    if (first.empty()) {
      first = line;
      continue;
    }
    const bool is_below = first.ends_with(':') && !line.starts_with("at ");
    const bool is_named = first.find("expect(") != std::string::npos &&
                          (line.starts_with("Expected") || line.starts_with("Received"));
    if (!line.empty() && (is_below || is_named) && values.size() < k_values) {
      values.push_back(line);
    }
  }
  return values.empty() ? first : first + (first.ends_with(':') ? " " : "; ") + join(values, ", ");
}

} // namespace ctest_matrix
