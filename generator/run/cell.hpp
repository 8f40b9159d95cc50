// Runs one cell: its services, its runner, the verdict, the record, the progress file.
#pragma once

#include "base/result.hpp"
#include "matrix/plan.hpp"

#include <string>
#include <vector>

namespace ctest_matrix {

/// The command of a cell as one line to paste, with what is only known while it runs left as {placeholders}.
std::string cell_command_line(const SuitePlan& suite, const CellPlan& cell);

/// Runs the cell, prints its output and its verdict line, records it and updates the progress file. The exit
/// code follows the verdict: ok, skipped, failed, setup or interrupted; setup also when the record could not
/// be kept.
ExitCode run_cell(const SuitePlan& suite, const DocumentPlan& document, const CellPlan& cell);

/// What can be known before any cell runs: the runner's directory is there, the state can be written. Error
/// (setup).
Result<void> check_ready(const SuitePlan& suite);

} // namespace ctest_matrix
