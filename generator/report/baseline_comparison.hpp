// What fails now against what is known to fail: regressions, and what the baseline could drop. Pure.
#pragma once

#include "ledger/baseline.hpp"
#include "report/standing.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

enum class FindingKind {
  new_failure,   ///< fails, and the baseline does not know: a regression
  blocked,       ///< the set-up of the cell failed
  still_failing, ///< fails, as the baseline says
  flaky,         ///< passes now, but not each time
  fixed,         ///< the baseline says that it fails, and it passes
  gone,          ///< in the baseline, but the test or the cell is not there any more
  untold,        ///< in the baseline, but the newest result does not tell of it
  outdated,      ///< what the newest result rests on has changed since
  unrecorded,    ///< ticked, but no pass here says on what that rests
  reopened,      ///< passed, and somebody opened its box since
  never_run,
};

/// The words for people: `new failure`, `still failing`, `never run`, …
std::string_view finding_name(FindingKind kind);

struct Finding {
  FindingKind kind = FindingKind::new_failure;
  CellFailure failure; ///< no test and no verdict: the cell
  std::string detail;  ///< the message, the set-up that is to blame; may be empty
  bool known = false;  ///< the baseline has it

  bool operator==(const Finding&) const = default;
};

enum class Gate {
  passed,
  regression,  ///< a failure that the baseline does not know
  blocked,     ///< no regression, but the set-up of a cell failed, and the baseline does not know
  doubtful,    ///< neither of these, but results are outdated, ticks without a record or boxes reopened
  never_run,   ///< none of these, but there are cells without a result
  nothing_run, ///< no cell has a result
};

struct BaselineComparison {
  std::vector<Finding> findings; ///< by kind, then in matrix order
  Gate gate = Gate::passed;
  int known = 0;     ///< lines of the baseline
  int droppable = 0; ///< of these, fixed and gone
};

BaselineComparison compare_with_baseline(const Baseline& baseline, std::span<const CellStanding> standings);

/// Whether all that fails in a result is known: another test that fails besides is not.
bool is_known(const Baseline& baseline, const Record& record);

enum class BaselineUpdate {
  accept,  ///< drops what is fixed or gone, and takes in every new failure
  tighten, ///< drops what is fixed or gone
};

/// The baseline for what the comparison found. A set-up that failed is never taken in.
Baseline update_baseline(Baseline baseline, const BaselineComparison& comparison, BaselineUpdate update);

} // namespace ctest_matrix
