// What a JUnit report counts (`tests`, `failures`, `errors`), held against what it lists.
#pragma once

#include "runners/dialects.hpp"
#include "runners/runner_report.hpp"

#include <string_view>

namespace ctest_matrix {

/// Notes in `report` every count that says that something was lost, and that nothing in the report explains:
/// more tests than are listed, or failures where none is listed. What explains them: retries that stand in
/// their test, tests counted as skipped, and what the dialect says about its counts. `says_success` becomes
/// false there and where failures are counted.
void check_junit_counts(const XmlElement& root, const Dialect& dialect, RunnerReport& report);

/// The same for what Node's runner counts in comments at the end (`<!-- tests 2 -->`). A `describe` without
/// a test looks like a test of its own; where no test is counted, none is left in `report`.
void check_nodes_counts(std::string_view text, RunnerReport& report);

/// pytest counts a test when its body has passed: with `--setup-plan` and `--setup-only` it lists all as
/// passed and counts none. Those are taken out of the report, and `skipped_whole` says so.
void check_pytests_counts(const XmlElement& root, RunnerReport& report);

} // namespace ctest_matrix
