// Whether a service has said that it is ready, in its output. Pure.
#pragma once

#include <string>
#include <string_view>

namespace ctest_matrix {

/// Looks for a text in the lines of an output that comes in pieces, whatever colours are between its letters.
class ReadyLine {
public:
  explicit ReadyLine(std::string text) : m_text(std::move(text)) {}

  void add(std::string_view chunk);

  /// True once a line held the text.
  bool seen() const { return m_seen; }

private:
  std::string m_text;
  std::string m_line; ///< the end of the output that is not a whole line yet
  bool m_seen = false;
};

} // namespace ctest_matrix
