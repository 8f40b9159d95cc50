// What `report` reads and writes: the journal, the progress file, the baseline.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "progress/last_run.hpp"
#include "report/report.hpp"

#include <filesystem>
#include <string>

namespace ctest_matrix {

/// What is asked of the ledger.
struct BaselineRequest {
  enum class Write { nothing, accept, tighten };

  std::filesystem::path file; ///< empty: that of the matrix, if it has one
  Write write = Write::nothing;
  bool gate = false; ///< without a file, nothing is known to fail
};

/// What becomes of the results that only CTest has.
enum class LastRun {
  taken_in,
  left, ///< CTest may still be writing them
};

/// The report of a plan that came from `project`, once everything that CTest left behind is
/// taken in; the baseline, where one is asked for, is compared and then written. Error (input): a bad or
/// missing baseline (unless it is to be written), and as `take_in`.
Result<ProgressReport> load_report(const Plan& plan, const ProjectOptions& project,
                                   const BaselineRequest& baseline, LastRun last_run = LastRun::taken_in);

} // namespace ctest_matrix
