// The message of a failed test as one line. Pure.
#pragma once

#include <string>
#include <string_view>

namespace ctest_matrix {

/// The first line of a failure's message, with the values that stand below it: those of GoogleTest behind a
/// colon, those of jest in lines of their own. Empty where the message is blank.
std::string failure_line(std::string_view message);

} // namespace ctest_matrix
