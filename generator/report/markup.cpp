#include "report/markup.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

/// Letters, digits, and what never begins or ends markup.
bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '/' ||
         c == '.' || c == ',' || c == ';' || static_cast<unsigned char>(c) >= 0x80;
}

std::size_t longest_run(std::string_view text, char wanted) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

std::string percent_escaped(std::string_view text, std::string_view characters) {
  std::string escaped;
  for (const char c : printable(strip_ansi(text))) {
    escaped += characters.find(c) == std::string_view::npos
                   ? std::string(1, c)
                   : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return escaped;
}

} // namespace

std::string markdown_text(std::string_view text) {
  std::string markdown;
  for (const char c : printable(strip_ansi(text))) {
    if (c == '\n' || c == '\t') {
      markdown += ' ';
    } else if (is_plain(c) || (c == '-' && !markdown.empty())) { // at the begin, a list
      markdown += c;
    } else {
      markdown += fmt::format("&#{};", static_cast<unsigned char>(c));
    }
  }
  return markdown;
}

std::string markdown_block(std::string_view text, std::size_t limit) {
  const std::string shown = ellipsis(printable(strip_ansi(text)), limit);
  const std::string fence(std::max<std::size_t>(longest_run(shown, '`') + 1, 3), '`');
  return fmt::format("\n{}text\n{}\n{}\n", fence, shown, fence);
}

std::string workflow_message(std::string_view text) {
  return percent_escaped(text, "%\r\n");
}

std::string workflow_property(std::string_view text) {
  return percent_escaped(text, "%\r\n:,");
}

} // namespace ctest_matrix
