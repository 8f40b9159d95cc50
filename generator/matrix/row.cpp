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
  const auto is_plain = [](char c) {
    constexpr std::string_view k_others = "_.-@+/";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           k_others.find(c) != std::string_view::npos;
  };
  if (name.empty() || name.front() == '.' || name.front() == '-' || !std::ranges::all_of(name, is_plain)) {
    return false;
  }
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view part = name.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") {
      return false;
    }
    begin = end + 1;
  }
  return true;
}

std::string expected_row_name(std::string_view name) {
  return fmt::format("expected a name of letters, digits and . _ - @ +, with / between directories, which "
                     "begins with none of . and -, got '{}'",
                     name);
}

} // namespace ctest_matrix
