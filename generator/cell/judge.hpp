// The judge: from what was seen of a run to its verdict. Pure.
//
// PASS is what remains when nothing speaks against it: every way known to us in which a run looks passed and
// is not has its own check, in the order in which the reasons help a reader most.
#pragma once

#include "plan/plan.hpp"
#include "plan/verdict.hpp"
#include "process/process.hpp"
#include "runners/focus.hpp"
#include "runners/runner_report.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// How a cell's file is proven where the report does not name it.
enum class FileProof {
  none,
  command,   ///< the command names this one file, by its whole path
  not_asked, ///< the matrix says that the scope will do
};

/// Everything that was seen of one run of a cell.
struct Evidence {
  Outcome process;
  std::optional<Result<RunnerReport>> report; ///< nothing: the runner wrote none, or its format has none
  std::string stale_report;                   ///< why the report is not of this run; empty: it is
  std::string setup_problem;                  ///< why the runner was not even started; empty otherwise
  std::string service_problem;     ///< what happened to a service while the runner ran; empty: nothing
  std::vector<std::string> listed; ///< the tests that the cell must report, titles joined by ` > `
  std::string last_output;  ///< the runner's last line that is not blank, for failures without a report
  std::string telling_line; ///< of the output, that says best what went wrong; empty: none does
  FileProof file_proof = FileProof::none;
  std::string focused; ///< `<file>:<line>` of a `.only` that the runner was not guarded against; empty: none
  Unfocused unfocused = Unfocused::skipped; ///< what the runner makes of the tests that a `.only` leaves out
  std::vector<std::string> left_out;        ///< remarks on a pass: what of the file may not have run
  std::string errors; ///< what the runner's last lines say of errors outside of every test; empty: nothing
  /// Whether a path of the report is the cell's own test file.
  std::function<bool(const std::string&)> is_own_file;
};

struct Judgement {
  Verdict verdict = Verdict::bad_report;
  std::string brief = {}; ///< one line, empty for a plain PASS
  Counts counts = {};     ///< of the cell's own tests
  std::vector<Failure> failures = {};
  std::vector<TestOutcome> tests = {}; ///< the cell's own: passed, failed, skipped
  bool flaky = false;
  int retries = 0; ///< failed attempts of tests that passed in the end
  int leaked = 0;
  int lost = 0; ///< tests of the last pass that are gone or skipped, where something has changed since
  std::vector<std::string> remarks = {}; ///< worth a line although the verdict stands
  std::string uncounted = {};            ///< why the verdict says nothing of the whole cell; empty: it does
};

Judgement judge(const BoundCell& cell, ReportFormat format, LeakPolicy leaks, const Evidence& evidence);

} // namespace ctest_matrix
