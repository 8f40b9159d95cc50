#include "matrix/row.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

std::string subject_of(const Skip& skip) {
  std::vector<std::string> parts;
  for (const auto& [axis, value] : skip.when) {
    parts.push_back(fmt::format("{}={}", axis, value));
  }
  return !skip.column.empty() ? skip.column : parts.empty() ? "all" : join(parts, ", ");
}

SourceLocation Row::place_of(std::string_view key) const {
  const auto place = std::find_if(key_places.begin(), key_places.end(),
                                  [&](const auto& entry) { return entry.first == key; });
  return place == key_places.end() ? SourceLocation() : place->second;
}

bool is_row_name(std::string_view name) {
  constexpr std::string_view k_allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-@+";
  const auto directories = split(std::string(name), '/');
  return !name.empty() && name.front() != '.' && name.front() != '-' &&
         std::ranges::all_of(directories, [&](const std::string& part) {
           return !part.empty() && part != "." && part != ".." &&
                  part.find_first_not_of(k_allowed) == std::string::npos;
         });
}

std::string expected_row_name(std::string_view name) {
  return fmt::format("expected a name of letters, digits and . _ - @ +, with / between directories, which "
                     "begins with none of . and -, got '{}'",
                     name);
}

} // namespace ctest_matrix
