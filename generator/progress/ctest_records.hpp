// CTest's results of one run as records for the journal: only what they prove, and each once. Pure.
#pragma once

#include "ctest/results.hpp"
#include "plan/plan.hpp"
#include "progress/journal.hpp"

#include <set>
#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

/// What a run says of a matrix.
struct RunRecords {
  std::vector<Record> records; ///< that are not known yet
  int own = 0;                 ///< results of cells of the matrix, in whatever configuration
  int foreign = 0;             ///< results of cells of another matrix, or that do not say whose they are
  std::set<std::string> contradicted{}; ///< ids of known records in whose place a conflict stands
};

/// The records that the results of a run add to those that are known, from whichever of CTest's files either
/// was read. A verdict line of another cell, or a pass that does not say which cell's it is, says nothing
/// here. A cell's own record stays the only one, unless CTest saw the cell fail all the same. What has no
/// time of its own counts from the end of the run at the latest; `written` is when the file was written.
RunRecords new_records(const Plan& plan, const CtestRun& run, std::span<const Record> known,
                       TimePoint written);

} // namespace ctest_matrix
