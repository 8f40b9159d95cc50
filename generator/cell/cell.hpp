// Runs one cell: prepare, run, judge, record, tell, each a step in a file of its own.
#pragma once

#include "base/result.hpp"
#include "cell/record.hpp"
#include "cell/task.hpp"
#include "plan/plan.hpp"

#include <filesystem>
#include <string>

namespace ctest_matrix {

/// Runs the cell, prints its output and its verdict line, records it and updates the progress file. The exit
/// code follows the verdict: ok, skipped, failed, setup or interrupted; setup also when the record could not
/// be kept. The runner is handed what the environment says (plan/handed_on.hpp): where arguments are, nothing
/// but a note is recorded of a run that was not one of every listed test.
ExitCode run_cell(const Plan& plan, const BoundCell& cell, Reader reader = Reader::ctest);

/// Reruns one test of a cell, or the first that failed last when `test` is empty. The log is kept apart,
/// journal and progress file are not touched; the record goes into the file `result`, where one is named.
/// Error (usage): nothing to narrow to.
Result<ExitCode> narrow_cell(const Plan& plan, const BoundCell& cell, const std::string& test,
                             const std::filesystem::path& result, const HandedOn& handed);

} // namespace ctest_matrix
