#include "ledger/telling_lines.hpp"

#include "base/text.hpp"

namespace ctest_matrix {

namespace {

/// Whether the line ends as a place in a source, `x.ts:1:2` or `(x.ts:1:2)`, or as one that has none.
bool ends_at_place(std::string_view line) {
  line.remove_suffix(line.ends_with(" {") ? 2 : 0); // what an error has besides follows
  if (line.ends_with("(native)") || line.ends_with("<anonymous>)") || line.ends_with(" <anonymous>") ||
      line.ends_with(" native")) {
    return true;
  }
  if (const std::size_t index = line.rfind("(index ");
      line.ends_with(')') && index != std::string_view::npos) {
    return true; // of Promise.all
  }
  line.remove_suffix(line.ends_with(')') ? 1 : 0);
  const std::size_t number = line.find_last_not_of("0123456789");
  return number != std::string_view::npos && number + 1 < line.size() && line[number] == ':';
}

/// A frame of a stack: V8's `at f (file:1:2)`, vitest's `❯ file:1:2`, Python's `File "x", line 1`.
bool is_frame(std::string_view line) {
  return (line.starts_with("at ") && ends_at_place(line)) || line.starts_with("❯ ") ||
         (line.starts_with("File \"") && line.find(", line ") != std::string_view::npos) ||
         line.starts_with("Traceback (most recent");
}

/// The line that stands for what was too long to be kept (cell/record.cpp).
bool is_left_out(std::string_view line) {
  return line.starts_with("[... ") && line.ends_with(" ...]");
}

/// Whether only the lines marked `E` say something: those of pytest, which shows sources and places besides.
bool is_pytest(const std::vector<std::string>& lines) {
  bool marked = false;
  bool others = false;
  bool places = false;
  for (const std::string& line : lines) {
    const bool is_marked = line.starts_with("E  ");
    marked = marked || is_marked;
    others = others || !(is_marked || trim(line).empty());
    places = places || line.starts_with(">  ") || line.find(".py:") != std::string::npos;
  }
  return marked && (places || !others);
}

} // namespace

std::string one_space(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t';
    if (!space || (!out.empty() && out.back() != ' ')) {
      out += space ? ' ' : c;
    }
  }
  return std::string(trim(out));
}

std::vector<TellingLine> telling_lines(std::string_view message) {
  const std::vector<std::string> lines = split_lines(printable(strip_ansi(message)));
  const bool pytest = is_pytest(lines);
  std::vector<TellingLine> telling;
  bool code_follows = false;
  bool behind_stack = false;
  for (const std::string& line : lines) {
    const bool marked = line.starts_with("E  ");
    if (pytest && !marked && !is_left_out(line)) {
      continue;
    }
    const std::string_view content = trim(std::string_view(line).substr(pytest && marked ? 1 : 0));
    const bool frame = is_frame(content);
    const bool code = code_follows && line.starts_with("    ");
    code_follows = frame && content.starts_with("File ");
    if (!content.empty() && !frame && !code) {
      telling.push_back({one_space(content), behind_stack});
    }
    behind_stack = frame || (behind_stack && (content.empty() || code));
  }
  return telling;
}

} // namespace ctest_matrix
