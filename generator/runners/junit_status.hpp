// What a test case of a JUnit report says of its end that only its writer's habits explain.
#pragma once

#include "base/xml.hpp"
#include "runners/dialects.hpp"

namespace ctest_matrix {

/// Whether a test case with a failure was allowed, or asked, to fail: Node's todo tests and Catch2's
/// `[!mayfail]` and `[!shouldfail]` are written as failed and as skipped at once.
bool is_expected_failure(const Dialect& dialect, const XmlElement& test);

/// Whether a test case stands there although nobody ran it: what `--gtest_list_tests` lists has neither a
/// status nor a time, and what GoogleTest counts as completed after a `GTEST_SKIP` of the whole program began
/// at the beginning of 1970 (in any time zone).
bool never_ran(const Dialect& dialect, const XmlElement& test);

} // namespace ctest_matrix
