// JUnit XML as test runners write it: pytest, jest-junit, vitest, Playwright, cargo nextest, GoogleTest,
// Catch2, go-junit-report and whoever else keeps to `testsuites`, `testsuite`, `testcase`.
#pragma once

#include "base/result.hpp"
#include "runners/runner_report.hpp"

#include <string_view>

namespace ctest_matrix {

/// Reads a runner's JUnit report. The titles of a test are the names of its suites, then its class name where
/// that says more than the suites do, then its own name; what another writer means by them is a row of
/// `runners/dialects.cpp`.
///
/// `failure`, `error` and `rerunFailure` fail a test, `flakyFailure` counts as a retry, `skipped` skips it,
/// as do GoogleTest's `notrun`, `skipped` and `suppressed`. Where a writer lists each attempt, the attempts
/// become one test with its retries. What failed outside of every test (a suite's own failure, and the tests
/// that writers make up for files that do not load, hooks, internal and unhandled errors) is a file failure.
/// Counts that say that something was lost make `says_success` false, with a note, unless `counts` says not
/// to look. jest-junit writes todo tests as passed but does not count them: as many tests without a duration
/// are todo tests here. Error (input): what `parse_xml` refuses, another root, an element or a status of a
/// test that is not known.
Result<RunnerReport> parse_junit(std::string_view text, CountCheck counts = CountCheck::losses);

} // namespace ctest_matrix
