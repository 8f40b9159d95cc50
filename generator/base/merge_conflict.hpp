// Where a merge that git could not do begins in a text, and nobody has done it since.
#pragma once

#include <optional>
#include <string_view>

namespace ctest_matrix {

/// Told of the lines of a text, but not of those in code.
class MergeConflict {
public:
  void read(std::string_view line, int number) {
    if (line.starts_with("<<<<<<< ")) {
      m_open = number;
    } else if (line.starts_with(">>>>>>> ") && m_open && !m_first) {
      m_first = m_open;
    }
  }

  /// The line (from 1) of the first one; nothing: there is none.
  std::optional<int> line() const { return m_first; }

private:
  std::optional<int> m_open;
  std::optional<int> m_first;
};

} // namespace ctest_matrix
