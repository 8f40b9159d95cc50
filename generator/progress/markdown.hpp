// The little markdown that a progress file is read with: lines, headings, code blocks, comments, tick boxes.
// After CommonMark 0.31 where that says something.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The lines of a text, each with its own `\n` or `\r\n` (the last one perhaps without): joined again they
/// are the text.
std::vector<std::string> split_keeping_ends(std::string_view text);

/// `\r\n`, `\n` or nothing.
std::string_view line_ending(std::string_view line);

/// Tells the lines of fenced code blocks and HTML comments from the rest.
class BlockScanner {
public:
  /// True when this line, the next one of the text, belongs to a code block or a comment.
  bool is_opaque(std::string_view line);

  /// True while a block waits for its end.
  bool inside() const { return m_fence_length > 0 || m_in_comment; }

private:
  char m_fence = '\0';
  std::size_t m_fence_length = 0;
  bool m_in_comment = false;
};

/// `## Fast Tests`
struct HeadingText {
  int level = 0;
  std::string title;
};

std::optional<HeadingText> parse_heading(std::string_view line);

/// `- [ ] [x] actor-conn | Actor Connection Tests`
struct RowText {
  std::vector<std::size_t> boxes; ///< where in the line each box has its mark
  std::string file; ///< the first word behind the boxes, without the markup of code, bold or strike-through
  bool has_bar = false;
};

/// Reads a list item that begins with tick boxes. A box holds a space, `x`, `X`, or a sign that people use
/// for their own purposes, as `-`, `!` or `✓`.
std::optional<RowText> parse_row(std::string_view line);

bool is_blank(std::string_view line);

} // namespace ctest_matrix
