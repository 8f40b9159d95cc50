// JUnit XML as test runners write it: pytest, jest-junit, vitest, Playwright, cargo nextest, GoogleTest,
// Catch2, go-junit-report and whoever else keeps to `testsuites`, `testsuite`, `testcase`.
#pragma once

#include "base/result.hpp"
#include "runners/runner_report.hpp"

#include <string_view>

namespace ctest_matrix {

/// Reads a runner's JUnit report. The titles of a test are the names of its suites, then its class name where
/// that says more than the suites do, then its own name. By writer, recognised from the root:
/// - vitest: the suite is the file, no title; the test's name is split at ` > `.
/// - Playwright: the suite is the file, no title; the test's name is split at ` › `.
/// - cargo nextest: the test's name is split at `::`.
/// - pytest: the suite `pytest` is no title; the file is known with `-o junit_family=xunit1` only.
/// - Catch2: class names end in `.global`, which is no title; `tests` counts assertions and is not checked.
/// - jest-junit: the name is all titles joined, under the outermost one. It writes todo tests as passed but
/// does
///   not count them, so such a report contradicts itself; without `reportTestSuiteErrors` it leaves out files
///   that do not load.
///
/// `failure`, `error` and `rerunFailure` fail a test, `flakyFailure` counts as a retry, `skipped` skips it,
/// as do GoogleTest's `notrun`, `skipped` and `suppressed`. A suite's own failure, pytest's and vitest's
/// files that do not load are file failures. Counts that differ from the tests listed make `says_success`
/// false, with a note. Error (input): what `parse_xml` refuses, another root, an element or a status of a
/// test that is not known.
Result<RunnerReport> parse_junit(std::string_view text);

} // namespace ctest_matrix
