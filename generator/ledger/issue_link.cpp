#include "ledger/issue_link.hpp"

#include "base/text.hpp"
#include "matrix/matrix.hpp"

#include <algorithm>

namespace ctest_matrix {

namespace {

/// Whether it can stand in HTML and Markdown as it is.
bool is_address(std::string_view text) {
  const bool plain = std::ranges::all_of(text, [](char c) {
    return c > ' ' && c < 0x7f && std::string_view("<>\"\\`").find(c) == std::string_view::npos;
  });
  return plain && (text.starts_with("http://") || text.starts_with("https://"));
}

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

} // namespace

std::string issue_link(std::string_view issues, std::string_view issue) {
  if (is_address(issue)) {
    return std::string(issue);
  }
  issue.remove_prefix(issue.starts_with('#') ? 1 : 0);
  const std::string link = replace_all(std::string(issues), k_issue_placeholder, std::string(issue));
  return is_name(issue) && is_address(link) ? link : "";
}

} // namespace ctest_matrix
