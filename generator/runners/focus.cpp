#include "runners/focus.hpp"

#include <algorithm>
#include <cctype>

namespace ctest_matrix {

namespace {

bool in_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
}

/// Where the comment, string or template that begins at `at` ends; `at` itself where none begins there.
std::size_t skip_text(std::string_view source, std::size_t at) {
  const auto behind = [&](std::string_view end, std::size_t from) {
    const std::size_t found = source.find(end, from);
    return found == std::string_view::npos ? source.size() : found + end.size();
  };
  if (source.substr(at, 2) == "//") {
    return std::min(source.find('\n', at), source.size());
  }
  if (source.substr(at, 2) == "/*") {
    return behind("*/", at + 2);
  }
  const char quote = source[at];
  if (quote != '"' && quote != '\'' && quote != '`') {
    return at;
  }
  std::size_t end = at + 1;
  while (end < source.size() && source[end] != quote && (quote == '`' || source[end] != '\n')) {
    end += source[end] == '\\' ? 2 : 1;
  }
  return std::min(end + 1, source.size());
}

/// Whether names with dots in between (`it.only.each`), which are called, run only some tests.
bool is_focus(std::string_view names) {
  const std::string_view first = names.substr(0, names.find('.'));
  if (first == "fit" || first == "fdescribe") {
    return true;
  }
  if (first != "it" && first != "test" && first != "describe") {
    return false;
  }
  for (std::size_t at = names.find(".only"); at != std::string_view::npos; at = names.find(".only", at + 1)) {
    const std::size_t end = at + 5;
    if (end == names.size() || names[end] == '.') {
      return true;
    }
  }
  return false;
}

} // namespace

int focused_line(std::string_view source) {
  for (std::size_t at = 0; at < source.size();) {
    if (const std::size_t behind = skip_text(source, at); behind != at) {
      at = behind;
      continue;
    }
    std::size_t end = at;
    while (end < source.size() && (in_name(source[end]) || (end > at && source[end] == '.'))) {
      ++end;
    }
    const bool member = at > 0 && source[at - 1] == '.';
    const bool called = end < source.size() && (source[end] == '(' || source[end] == '`');
    if (!member && called && is_focus(source.substr(at, end - at))) {
      return static_cast<int>(
                 std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(at), '\n')) +
             1;
    }
    at = std::max(end, at + 1);
  }
  return 0;
}

} // namespace ctest_matrix
