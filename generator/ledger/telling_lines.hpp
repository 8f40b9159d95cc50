// The lines of a failure's message that say what failed: no frames of a stack, and of pytest's text only
// those marked `E`. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

struct TellingLine {
  std::string text;          ///< without what is around it, one space for several
  bool behind_stack = false; ///< the line before it is a frame
};

/// The lines of a message, without ANSI sequences and empty ones.
std::vector<TellingLine> telling_lines(std::string_view message);

/// A text in which one space stands for several and for tabs, and none at its ends.
std::string one_space(std::string_view text);

} // namespace ctest_matrix
