// Runs one cell: its services, its runner, the verdict, the record, the progress file.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace ctest_matrix {

/// Reads the document that a cell's box is in; called only where more than the box has to be known.
using DocumentSource = std::function<Result<DocumentPlan>()>;

/// Reruns one test of a cell, or the first that failed last when `test` is empty. The log is kept apart,
/// journal and progress file are not touched. Error (usage): nothing to narrow to.
Result<ExitCode> narrow_cell(const SuitePlan& suite, const CellPlan& cell, const std::string& test);

/// Runs the cell, prints its output and its verdict line, records it and updates the progress file. The exit
/// code follows the verdict: ok, skipped, failed, setup or interrupted; setup also when the record could not
/// be kept.
ExitCode run_cell(const SuitePlan& suite, const DocumentSource& document, const CellPlan& cell);

/// Where the failure report of a cell is kept while its latest run is a failure.
std::filesystem::path failure_file(const SuitePlan& suite, const std::string& cell);

/// What can be known before any cell runs: the runner's directory is there, the state can be written. Error
/// (setup).
Result<void> check_ready(const SuitePlan& suite);

} // namespace ctest_matrix
