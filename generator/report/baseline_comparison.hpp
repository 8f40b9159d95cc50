// What fails now against what is known to fail: regressions, and what the ledger could drop. Pure.
#pragma once

#include "ledger/entry_history.hpp"
#include "ledger/known.hpp"
#include "report/standing.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

enum class FindingKind {
  new_failure,   ///< fails, and the ledger does not know: a regression
  changed,       ///< fails with another message than the one that is known: a regression
  came_back,     ///< was closed, and fails again: a regression
  overdue,       ///< known, but the day of its review is past: a regression until somebody says more
  blocked,       ///< the set-up of the cell failed
  still_failing, ///< fails, as the baseline says
  flaky,         ///< passes now, but not each time
  fixed,         ///< the baseline says that it fails, and it passes
  gone,          ///< in the baseline, but the test or the cell is not there any more
  untold,        ///< in the baseline, but the newest result does not tell of it
  outdated,      ///< what the newest result rests on has changed since
  unrecorded,    ///< ticked, but no pass here says on what that rests
  reopened,      ///< passed, and its box was opened since
  never_run,
  seen_once, ///< failed once, is in no entry, and passes with nothing changed
};

/// The words for people: `new failure`, `still failing`, `never run`, …
std::string_view finding_name(FindingKind kind);

/// Whether it is for `report --gate` what nobody knows of.
bool is_regression(FindingKind kind);

struct Finding {
  FindingKind kind = FindingKind::new_failure;
  CellFailure failure; ///< no test and no verdict: the cell
  std::string detail;  ///< the message, the set-up that is to blame; may be empty
  bool known = false;  ///< the ledger excuses it, or has it where it does not fail
  int line = 0;        ///< of its entry; 0: none
  bool droppable = false;
  bool never_known = false;     ///< lost tests: no entry excuses these
  std::string issue{};          ///< of its entry
  std::string issue_link{};     ///< where that is on the web; empty: nowhere that is known
  std::string friction{};       ///< likewise: the day of the friction log's entry
  std::string infrastructure{}; ///< what makes it one of the surroundings; empty: nothing does
  std::string message{};        ///< normalised, of a failure
  std::string seen_before{};    ///< `2026-02-12, line 12 of known.txt`; empty: nowhere

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
  int known = 0;     ///< entries that are not closed
  int droppable = 0; ///< of these, fixed and gone
};

/// What is known, and what it is measured by.
struct KnownInput {
  const KnownFailures& known;
  const ResultsOfCells& results;
  LogOf log_of{};
};

BaselineComparison compare_with_baseline(const KnownInput& input, std::span<const CellStanding> standings);

/// The same where nothing is known.
BaselineComparison compare_with_nothing(const Plan& plan, std::span<const CellStanding> standings);

enum class BaselineUpdate {
  accept,  ///< drops what is fixed or gone, and takes in every new failure
  tighten, ///< drops what is fixed or gone
};

/// The text of the ledger for what the comparison found; closed entries and all comments of others stay. A
/// set-up that failed, and lost tests, are never taken in; neither is what has an entry.
std::string update_baseline(const Ledger& ledger, const BaselineComparison& comparison,
                            BaselineUpdate update);

} // namespace ctest_matrix
