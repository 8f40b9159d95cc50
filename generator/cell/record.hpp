// The fourth step of a cell: what stays of its run, in the journal and in the progress file.
#pragma once

#include "base/clock.hpp"
#include "cell/judge.hpp"
#include "cell/run_runner.hpp"
#include "progress/journal.hpp"

#include <string>

namespace ctest_matrix {

/// The record of a run that ends now.
Record make_record(const CellTask& task, const Preparation& prepared, const RunnerRun& run,
                   const Judgement& judgement, const Clock& clock);

struct KeptRecord {
  Record record;       ///< with SETUP in place of a pass that could not be kept
  std::string trouble; ///< why log, journal or progress file could not be written; empty: they were
};

/// Writes journal and progress file, unless the task only narrows. A pass that nobody can look up later is
/// not one: neither without its record nor without its log (`log_error`).
KeptRecord keep_record(const CellTask& task, Record record, const std::string& log_error, const Plan& plan,
                       const Clock& clock);

/// What is kept of a run that says nothing of its whole cell: a note for the log, with the reason. The box
/// and what is known of the cell stay as they are.
KeptRecord keep_note(const CellTask& task, Record record, const std::string& uncounted, const Plan& plan,
                     const Clock& clock);

} // namespace ctest_matrix
