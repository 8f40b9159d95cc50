#include "base/line_escape.hpp"

#include "base/text.hpp"

namespace ctest_matrix {

std::string escape_line(std::string_view text) {
  return replace_all(replace_all(std::string(text), "\\", "\\\\"), "\n", "\\n");
}

std::string unescape_line(std::string_view line) {
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) {
      ++i;
      text += line[i] == 'n' ? '\n' : line[i];
    } else {
      text += line[i];
    }
  }
  return text;
}

} // namespace ctest_matrix
