// What became of the cells of a run. Pure.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "process/child.hpp"
#include "progress/journal.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace ctest_matrix {

struct RunOutcome {
  std::vector<Record> failed; ///< in the order of the cells
  std::size_t not_run = 0;    ///< cells without a record
  bool interrupted = false;
  bool ctest_failed = false;

  /// No cell failed, and yet not all of them passed.
  bool blocked() const { return failed.empty() && (ctest_failed || not_run > 0); }
};

/// The newest record of a cell, or null.
using RecordOf = std::function<const Record*(const std::string& cell)>;

RunOutcome outcome_of(std::span<const Cell* const> cells, const RecordOf& record_of, const ChildEnd& end);

/// Interrupted before all; setup where no cell failed otherwise; failed; ok.
ExitCode exit_code_of(const RunOutcome& outcome);

} // namespace ctest_matrix
