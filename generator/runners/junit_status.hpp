// What a test case of a JUnit report says of its end that only its writer's habits explain.
#pragma once

#include "base/xml.hpp"
#include "runners/dialects.hpp"

#include <string>

namespace ctest_matrix {

/// Whether a test case with a failure was allowed, or asked, to fail: Node's todo tests and Catch2's
/// `[!mayfail]` and `[!shouldfail]` are written as failed and as skipped at once, Boost.Test's
/// `expected_failures` as failed, and not told of again; QtTest has words of its own. What PHPUnit calls
/// risky (a test without an assertion) is written as an error, and fails nothing.
bool is_expected_failure(const Dialect& dialect, const XmlElement& test);

/// What pytest says of a function that it found and could not run, and wrote as a skipped or an expected
/// failure: a coroutine without a plugin that awaits it (an error from pytest 8.4 on), a generator. Empty:
/// nothing such.
std::string why_pytest_could_not_run(const Dialect& dialect, const XmlElement& test);

/// Whether a test case stands there although nobody ran it: what `--gtest_list_tests` lists has neither a
/// status nor a time, and what GoogleTest counts as completed after a `GTEST_SKIP` of the whole program began
/// at the beginning of 1970 (in any time zone). Of a skipped test QtTest 5 says nothing but its name, and
/// PHPUnit makes a test with a warning of a class without tests.
bool never_ran(const Dialect& dialect, const XmlElement& test);

/// Why a test case that failed nothing proves nothing either, as PHPUnit says it; empty: it does, or nothing
/// is said.
std::string why_nothing_was_tested(const Dialect& dialect, const XmlElement& test);

/// Whether a test case is none of the project's: QtTest lists what it calls at the begin and at the end, also
/// where the class has no such function, or where every test is skipped.
bool is_made_up_function(const Dialect& dialect, const XmlElement& test);

} // namespace ctest_matrix
