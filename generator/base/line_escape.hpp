// Any text as a part of one line.
#pragma once

#include <string>
#include <string_view>

namespace ctest_matrix {

/// The text with `\\` for a backslash and `\n` for a newline.
std::string escape_line(std::string_view text);

/// Undoes `escape_line`.
std::string unescape_line(std::string_view line);

} // namespace ctest_matrix
