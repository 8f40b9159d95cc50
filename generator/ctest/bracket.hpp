// Any text as an argument of the CMake language, in which CTest's files are written.
#pragma once

#include <string>
#include <string_view>

namespace ctest_matrix {

/// A bracket argument, `[=[text]=]`: nothing in it is special. It has at least these equals signs.
std::string bracket(std::string_view text, std::string equals = "=");

void append_bracket(std::string& out, std::string_view text, std::string equals = "=");

} // namespace ctest_matrix
