// The second step of a cell: runs its runner, and gathers what was seen of that. Judges nothing.
#pragma once

#include "cell/judge.hpp"
#include "cell/prepare.hpp"
#include "cell/read_runner_report.hpp"
#include "cell/task.hpp"
#include "process/leftovers.hpp"
#include "process/process.hpp"
#include "progress/basis.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// What was seen of a runner's run. Says nothing good by default.
struct RunnerRun {
  std::string problem;         ///< why the runner was not started; empty: it was, or was not to be
  std::string service_problem; ///< what happened to a service while the runner ran; empty: nothing
  Outcome process;
  ReportOfRun report;
  std::vector<std::string> argv;       ///< of the runner
  std::vector<std::string> wrap;       ///< what runs it; empty: nothing
  std::vector<std::string> left_out;   ///< of this process's environment: what would select tests unseen
  std::string command;                 ///< what ran, as one line to paste
  TickBasis basis;                     ///< what the cell rests on, as it was before the runner started
  std::filesystem::path log;           ///< empty: none was begun
  std::string link_problem;            ///< why `logs: current` does not lead to the log; empty: it does
  std::string log_error;               ///< why the log could not be written; empty: it could
  std::vector<std::string> last_lines; ///< of the output, or of a sanitizer's report in it; at most 20
  std::string last_output;             ///< the last line of the output that is not blank, shortened
  std::string last_test;               ///< the last test that the output names; empty: not known
  std::string running;                 ///< the test that the output was in when it ended; empty: not known
  std::string telling_line;            ///< that says best what went wrong; empty: none does
  std::string errors;                  ///< outside of every test, as the last lines tell of them; empty: none
  std::vector<std::string>
      pytest_warnings;           ///< that tests did not run as they stand, or of errors outside of them
  int deselected = 0;            ///< tests that the runner says it left out
  bool passes_over_only = false; ///< Node was asked, and its version hears no `.only` here
  std::string told_again;        ///< why what it reports may not have run now; empty: nothing says so
  std::string runner_version;    ///< empty: the runner does not say it
  std::optional<RunMark> mark;   ///< says that the run goes on, as long as its files are there
};

/// Runs the runner, where `prepared` lets it start, and lets go of the services.
RunnerRun run_runner(const CellTask& task, Preparation& prepared);

/// Removes the files of the run that nobody reads after the verdict.
void remove_run_files(const CellTask& task, RunnerRun& run);

/// What the judge is shown; the report is handed over.
Evidence evidence_of(const CellTask& task, const Preparation& prepared, RunnerRun& run);

/// Puts what the cell has to report into what the judge is shown.
void expect(const ExpectedTests& expected, Evidence& evidence);

} // namespace ctest_matrix
