#include "runners/source_place.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace ctest_matrix {

namespace {

/// Takes `:<digits>` off the end; nothing when there is none.
std::optional<int> take_number(std::string_view& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == text.size() ||
      text.find_first_not_of("0123456789", colon + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  const int number = leading_number(text.substr(colon + 1));
  text = text.substr(0, colon);
  return number;
}

bool names_file(std::string_view frame, std::string_view file) {
  if (file.starts_with("./")) { // as Deno has them in its reports; its frames are absolute
    return frame.find("file://") != std::string_view::npos && frame.ends_with(file.substr(1));
  }
  if (frame.ends_with(file)) {
    const std::string_view before = frame.substr(0, frame.size() - file.size());
    return before.empty() || before.ends_with(' ') || before.ends_with('(') || before.ends_with("file://");
  }
  const std::size_t start = frame.find_last_of(" (");
  const std::string_view path = start == std::string_view::npos ? frame : frame.substr(start + 1);
  return !path.empty() && file.size() > path.size() && file.ends_with(path) &&
         file[file.size() - path.size() - 1] == '/';
}

} // namespace

bool is_in_file(std::string_view module, std::string_view file) {
  const std::string dotted = replace_all(std::string(file.substr(0, file.rfind(".py"))), "/", ".");
  for (std::size_t at = 0;; ++at) {
    const std::string_view end = std::string_view(dotted).substr(at);
    if (!end.empty() && module.starts_with(end) &&
        (module.size() == end.size() || module[end.size()] == '.')) {
      return true;
    }
    at = dotted.find('.', at);
    if (at == std::string::npos) {
      return false;
    }
  }
}

std::string excerpt_around(std::string_view source, int line) {
  constexpr int k_around = 2;
  constexpr std::size_t k_longest = 160; // bytes
  const std::vector<std::string> lines = split_lines(source);
  const int count = static_cast<int>(lines.size());
  if (line < 1 || line > count) {
    return "";
  }
  std::string text;
  for (int number = std::max(1, line - k_around); number <= std::min(count, line + k_around); ++number) {
    const std::string shown = ellipsis(printable(lines[static_cast<std::size_t>(number) - 1]), k_longest);
    text +=
        fmt::format("{} {:>4} |{}{}\n", number == line ? '>' : ' ', number, shown.empty() ? "" : " ", shown);
  }
  return text;
}

int leading_number(std::string_view text) {
  int number = 0;
  constexpr std::size_t k_digits = 9;
  const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789"));
  if (digits.size() <= k_digits) {
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
  }
  return number;
}

SourcePlace place_in_stack(std::string_view message, std::string_view file) {
  if (file.empty()) {
    return {};
  }
  for (const std::string& line : split_lines(message)) {
    std::string_view frame = trim(line);
    constexpr std::string_view k_arrow = "❯ ";
    if (frame.starts_with("at ")) {
      frame.remove_prefix(3);
    } else if (frame.starts_with(k_arrow)) {
      frame.remove_prefix(k_arrow.size());
    } else {
      continue;
    }
    if (frame.ends_with(')')) {
      frame.remove_suffix(1);
    }
    const std::optional<int> column = take_number(frame);
    const std::optional<int> row = column ? take_number(frame) : std::nullopt;
    if (row && names_file(frame, file)) {
      return {std::string(file), *row};
    }
  }
  return {};
}

} // namespace ctest_matrix
