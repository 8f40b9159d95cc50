// What can be learned from what a runner prints for people, besides its report.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The version that a runner states in the first 8,000 bytes of its output (vitest, pytest); empty when it
/// does not.
std::string stated_version(std::string_view output);

/// The test that the last of these lines with `scope` in it names, without the scope; empty when none does,
/// or the scope is empty.
std::string last_test_named(const std::vector<std::string>& lines, std::string_view scope);

/// The test that the output was in when it ended, as titles joined by ` > `: GoogleTest's last `[ RUN ]` that
/// has no end (`Suite > Name`), or the function of pytest's that was on the stack of a `Fatal Python error`
/// (`test_file > test_name`, whatever class it is in). Empty: none, or not known.
std::string running_test(const std::vector<std::string>& lines);

/// The line that says best why a run that left no failed test went wrong: a sanitizer's, the first panic,
/// exception or failed assertion, the first error of a tool, the test that GoogleTest was in last; empty
/// where none of them is there.
std::string telling_line(const std::vector<std::string>& lines);

/// The last lines, at most `count`; where a sanitizer reported among them, its report from the beginning and
/// its summary instead: behind that it explains its shadow bytes.
std::vector<std::string> lines_to_show(std::vector<std::string> lines, std::size_t count);

/// What a runner's last lines say of the run as a whole that its exit status and its report may not: vitest's
/// summary of errors outside of every test (`Errors  1 error`), pytest's line about a run that was stopped
/// (`!!! _pytest.outcomes.Exit: … !!!`), GoogleTest's suite whose
/// set-up failed, Python's about a test that is a coroutine and was never awaited, cargo's, prove's and
/// Test::More's about a program that failed, Node's about what went wrong behind a test's end. Empty where
/// they say nothing.
std::string errors_stated(const std::vector<std::string>& lines);

/// Who says that it told the results of an earlier run, and what makes it run them; empty: nobody does. Go of
/// a package (`ok  \texample.org/x\t(cached)`, gotestsum's `✓  x (cached)`), turbo, nx, Gradle and Bazel of
/// all their tasks (of some it may be a build's). Restored files are as new as those of a run.
std::string_view told_from_cache(const std::vector<std::string>& lines);

/// What pytest tells as warnings alone of tests that it did not run as they stand, or of errors outside of
/// them: a class that it cannot collect, an exception in a thread or in `__del__`, a test that returns what
/// it compared.
std::vector<std::string> pytest_warnings(const std::vector<std::string>& lines);

/// How many tests pytest's last line calls deselected (`1 passed, 2 deselected in 0.05s`).
int deselected_stated(const std::vector<std::string>& lines);

} // namespace ctest_matrix
