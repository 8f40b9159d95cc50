#include "runners/stack_frames.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace ctest_matrix {

namespace {

enum class Line {
  text,
  frame,    ///< of the suite
  library,  ///< a frame of something else
  in_python ///< what stands below a frame of Python: the source
};

bool has_any(std::string_view text, const auto& parts) {
  return std::ranges::any_of(
      parts, [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

/// `at name (place)`, `at place`, and Node's own without `at`: `Test.run (node:internal/…:12:3)`.
Line javascript_line(std::string_view line) {
  constexpr std::array<std::string_view, 5> k_library{"node_modules/", "node:", "(native", "(<anonymous>)",
                                                      "(index "};
  const std::string_view text = trim(line);
  const bool at = text.starts_with("at ") || text.starts_with("❯ ");
  const bool bare = text.ends_with(')') &&
                    (text.find(" (node:") != std::string_view::npos || text.starts_with("async Promise."));
  if (!at && !bare) {
    return Line::text;
  }
  return bare || has_any(text, k_library) || text == "at native" ||
                 text.find("(index ") != std::string_view::npos
             ? Line::library
             : Line::frame;
}

/// `File "/usr/lib/python3.11/unittest/case.py", line 57, in run`
Line python_line(std::string_view line) {
  constexpr std::array<std::string_view, 3> k_library{"/site-packages/", "/dist-packages/", "/lib/python3"};
  const std::string_view text = trim(line);
  if (!text.starts_with("File \"") || text.find("\", line ") == std::string_view::npos) {
    return Line::text;
  }
  return has_any(text, k_library) || text.starts_with("File \"<frozen ") ? Line::library : Line::frame;
}

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

std::vector<Line> kinds_of(const std::vector<std::string>& lines) {
  std::vector<Line> kinds;
  bool below_library = false; // of Python
  std::size_t indent = 0;
  for (const std::string& line : lines) {
    const Line python = python_line(line);
    if (python != Line::text) {
      below_library = python == Line::library;
      indent = indent_of(line);
      kinds.push_back(python);
    } else if (below_library && indent_of(line) > indent) {
      kinds.push_back(Line::in_python);
    } else {
      below_library = false;
      kinds.push_back(javascript_line(line));
    }
  }
  return kinds;
}

} // namespace

std::string fold_frames(std::string_view message) {
  const std::vector<std::string> lines = split_lines(message);
  const std::vector<Line> kinds = kinds_of(lines);
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < lines.size();) {
    if (kinds[i] != Line::library) {
      shown.push_back(lines[i++]);
      continue;
    }
    const std::string indent = lines[i].substr(0, indent_of(lines[i]));
    std::size_t frames = 0;
    for (; i < lines.size() && (kinds[i] == Line::library || kinds[i] == Line::in_python); ++i) {
      frames += kinds[i] == Line::library ? 1 : 0;
    }
    shown.push_back(fmt::format("{}… {} of libraries", indent, plural(frames, "frame")));
  }
  return join(shown, "\n");
}

} // namespace ctest_matrix
