// Which packages bring the programs that a matrix is run with.
#pragma once

#include <string>
#include <string_view>

namespace ctest_matrix {

/// What to install where `ctest` or `ninja` is not there: a line each for Debian, Homebrew and npm, indented.
std::string packages_with(std::string_view program);

} // namespace ctest_matrix
