// What a JUnit report says of failures: their text, their place, and the tests that writers make up for what
// failed outside of every test.
#pragma once

#include "base/xml.hpp"
#include "runners/dialects.hpp"
#include "runners/runner_report.hpp"

#include <optional>
#include <string>

namespace ctest_matrix {

/// The element's text, with its `message` in front where the text does not begin with it.
std::string failure_text(const XmlElement& element);

/// Finds where a failed test failed, and takes that place out of its messages.
void place_failure(TestCase& test);

/// Whether a suite is no suite of tests: vitest's errors that nobody caught.
bool is_made_up_suite(const Dialect& dialect, const XmlElement& suite);

/// What failed outside of every test, where the writer makes up a test for that: a file that does not load,
/// an internal error, an error that nobody caught.
std::optional<FileFailure> made_up_failure(const Dialect& dialect, const XmlElement& element,
                                           const TestCase& test);

/// vitest names a failed hook like the `describe` that it is of: such tests become file failures.
void take_out_hooks(const Dialect& dialect, RunnerReport& report);

} // namespace ctest_matrix
