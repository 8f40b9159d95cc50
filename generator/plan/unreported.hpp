// How it is said that tests of a cell are not reported although its suite lists them.
#pragma once

#include <string_view>

namespace ctest_matrix {

/// What fails a cell of whose listed tests not all are reported: its name beside tests that fail, and the
/// begin of what is said of it.
inline constexpr std::string_view k_tests_not_run = "tests that do not run";
inline constexpr std::string_view k_unreported_test =
    "the suite lists a test that the report does not have: ";

} // namespace ctest_matrix
