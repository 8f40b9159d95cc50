#include "runners/go_output.hpp"

#include "base/text.hpp"
#include "runners/source_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_go_heading = "Failed"; // gotestsum's own word for every failure
constexpr std::string_view k_go_panic = "panic: ";
constexpr std::string_view k_go_indent = "    ";

/// What a call of t.Log, t.Error, t.Skip printed.
struct GoEntry {
  std::string file; ///< without its directory
  int line = 0;
  std::vector<std::string> text;
};

struct GoOutput {
  std::vector<std::string> lines; ///< all that the test said, without the marks of `go test`
  std::vector<GoEntry> entries;
  std::vector<std::string> panic; ///< from its first line on
};

bool is_go_mark(std::string_view line) {
  constexpr std::array<std::string_view, 7> k_marks{"=== RUN ",   "=== PAUSE ", "=== CONT ", "=== NAME ",
                                                    "--- FAIL: ", "--- SKIP: ", "--- PASS: "};
  const std::string_view text = trim(line);
  return text == k_go_heading ||
         std::ranges::any_of(k_marks, [&](std::string_view mark) { return text.starts_with(mark); });
}

/// `a_test.go:6: text`; nothing for another line.
GoEntry entry_of(std::string_view line) {
  constexpr std::string_view k_ending = ".go:";
  const std::size_t end = line.find(k_ending);
  if (end == std::string_view::npos || line.substr(0, end).find_first_of(" \t") != std::string_view::npos) {
    return {};
  }
  const std::size_t number = end + k_ending.size();
  const std::size_t colon = line.find(": ", number);
  const std::size_t digits = std::min(line.find_first_not_of("0123456789", number), line.size());
  if (digits == number || (colon != digits && line.substr(digits) != ":")) {
    return {};
  }
  return {.file = std::string(line.substr(0, number - 1)),
          .line = leading_number(line.substr(number)),
          .text = {std::string(trim(line.substr(digits + 1)))}};
}

GoOutput read_go_output(std::string_view output) {
  GoOutput read;
  for (const std::string& raw : split_lines(output)) {
    if (is_go_mark(raw)) {
      continue;
    }
    // The first line of a report's message has lost its indentation.
    const bool is_indented = raw.starts_with(k_go_indent) || read.lines.empty();
    std::string line = raw.starts_with(k_go_indent) ? raw.substr(k_go_indent.size()) : raw;
    GoEntry entry = is_indented ? entry_of(line) : GoEntry();
    if (!read.panic.empty() || line.starts_with(k_go_panic)) {
      read.panic.push_back(line);
    } else if (entry.line > 0) {
      read.entries.push_back(std::move(entry));
    } else if (is_indented && !read.entries.empty()) {
      read.entries.back().text.push_back(line);
    }
    read.lines.push_back(std::move(line));
  }
  return read;
}

/// The error of testify's block: what stands behind `Error:`, and the lines below it.
std::vector<std::string> without_testifys_heading(const std::vector<std::string>& text) {
  constexpr std::string_view k_label = "Error:";
  const auto is_label = [&](const std::string& line) { return trim(line).starts_with(k_label); };
  const auto has_trace = [](const std::string& line) { return trim(line).starts_with("Error Trace:"); };
  const auto begin = std::ranges::find_if(text, is_label);
  if (begin == text.end() || std::ranges::none_of(text, has_trace)) {
    return text;
  }
  std::vector<std::string> kept{std::string(trim(trim(*begin).substr(k_label.size())))};
  for (auto line = begin + 1; line != text.end(); ++line) {
    if (!trim(*line).starts_with("Test:")) {
      kept.emplace_back(trim(*line));
    }
  }
  return kept;
}

/// The place of a panic: the innermost frame in a test file, `<tab>/shop/a_test.go:9 +0x2e`.
SourcePlace place_in_panic(const std::vector<std::string>& lines) {
  constexpr std::string_view k_test_file = "_test.go:";
  for (const std::string& line : lines) {
    const std::size_t end = line.find(k_test_file);
    const std::string_view text = trim(line);
    if (end != std::string::npos && text.starts_with('/')) {
      const std::size_t number = text.find(k_test_file) + k_test_file.size();
      return {std::string(text.substr(0, number - 1)), leading_number(text.substr(number))};
    }
  }
  return {};
}

} // namespace

std::string go_test_message(std::string_view output) {
  const GoOutput read = read_go_output(output);
  if (!read.panic.empty()) {
    return join(read.panic, "\n");
  }
  if (read.entries.empty()) {
    const std::string text(trim(join(read.lines, "\n")));
    return text.empty() ? std::string(k_go_heading) : text;
  }
  std::vector<std::string> text = without_testifys_heading(read.entries.back().text);
  while (!text.empty() && trim(text.front()).empty()) {
    text.erase(text.begin());
  }
  if (read.entries.size() > 1) {
    text.emplace_back("before it, the test said:");
  }
  for (std::size_t i = 0; i + 1 < read.entries.size(); ++i) {
    const GoEntry& entry = read.entries[i];
    text.push_back(fmt::format("{}:{}: {}", entry.file, entry.line, join(entry.text, "\n")));
  }
  return join(text, "\n");
}

void place_go_failure(std::string_view output, std::string_view package, TestCase& test) {
  const GoOutput read = read_go_output(output);
  if (!read.panic.empty()) {
    SourcePlace place = place_in_panic(read.panic);
    test.source_file = std::move(place.file);
    test.source_line = place.line;
  } else if (!read.entries.empty()) {
    test.source_file = fmt::format("{}/{}", package, read.entries.back().file);
    test.source_line = read.entries.back().line;
  }
}

} // namespace ctest_matrix
