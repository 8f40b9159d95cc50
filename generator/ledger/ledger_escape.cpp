#include "ledger/ledger_escape.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace {

std::optional<char> parse_hex(std::string_view digits) {
  int value = 0;
  for (const char c : digits) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && !(c >= 'a' && c <= 'f')) {
      return std::nullopt;
    }
    value = value * 16 + (digit ? c - '0' : c - 'a' + 10);
  }
  return digits.size() == 2 ? std::optional(static_cast<char>(value)) : std::nullopt;
}

} // namespace

std::string escape_title(std::string_view title) {
  std::string text;
  for (std::size_t i = 0; i < title.size(); ++i) {
    const char c = title[i];
    const bool at_end = i == 0 || i + 1 == title.size();
    const bool special = (c >= 0 && c < ' ') || c == '\x7f' || (at_end && c == ' ') || (i == 0 && c == '(');
    if (c == '\n') {
      text += "\\n";
    } else if (c == '\\') {
      text += "\\\\";
    } else {
      text += special ? fmt::format("\\x{:02x}", static_cast<unsigned char>(c)) : std::string(1, c);
    }
  }
  return text;
}

std::optional<std::string> unescape_title(std::string_view text, std::size_t& bad) {
  std::string title;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      title += text[i];
      continue;
    }
    bad = i;
    const char kind = i + 1 < text.size() ? text[i + 1] : '\0';
    const auto code = kind == 'x' ? parse_hex(text.substr(i + 2, 2)) : std::nullopt;
    if (kind != 'n' && kind != '\\' && !code) {
      return std::nullopt;
    }
    title += code ? *code : kind == 'n' ? '\n' : '\\';
    i += code ? 3 : 1;
  }
  return title;
}

} // namespace ctest_matrix
