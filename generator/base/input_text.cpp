#include "base/input_text.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

std::size_t count_replacements(std::string_view text) {
  constexpr std::string_view k_replacement = "\xEF\xBF\xBD";
  std::size_t count = 0;
  for (std::size_t at = text.find(k_replacement); at != std::string_view::npos;
       at = text.find(k_replacement, at + k_replacement.size())) {
    ++count;
  }
  return count;
}

/// The first line, from 1, that is not UTF-8; 0 when there is none.
int first_invalid_line(std::string_view text) {
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    const std::string_view content = text.substr(0, end + 1);
    const bool ascii = std::all_of(content.begin(), content.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (!ascii && count_replacements(printable(content)) != count_replacements(content)) {
      return line;
    }
    text.remove_prefix(end + 1);
  }
  return 0;
}

} // namespace

Result<std::string_view> checked_text(std::string_view text, std::string_view what, std::size_t limit) {
  if (text.size() > limit) {
    return bad_input(what, fmt::format("larger than {} bytes", limit));
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  if (trim(text).empty()) {
    return bad_input(what, "empty");
  }
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return bad_input(what, fmt::format("NUL byte at {}", place_of_byte(text, nul)));
  }
  if (const int line = first_invalid_line(text); line > 0) {
    return bad_input(what, fmt::format("invalid UTF-8 in line {}", line));
  }
  return text;
}

Result<std::string> checked_output(std::string_view text, std::string_view what) {
  const auto checked = checked_text(text, what);
  if (checked) {
    return std::string(*checked);
  }
  const bool is_only_no_utf8 =
      !text.empty() && text.size() <= k_max_result_bytes && text.find('\0') == std::string_view::npos;
  return is_only_no_utf8 ? Result<std::string>(printable(text)) : checked.error();
}

std::string place_of_byte(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(offset);
  return fmt::format("byte {} (line {})", offset + 1, std::count(text.begin(), end, '\n') + 1);
}

std::string clean_text(std::string_view text) {
  return printable(strip_ansi(text));
}

Error bad_input(std::string_view what, std::string_view message) {
  return Error{ExitCode::input, fmt::format("{}: {}", what, message)};
}

} // namespace ctest_matrix
