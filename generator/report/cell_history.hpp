// What became of each cell over time, as the journal tells. Pure.
#pragma once

#include "progress/boxes.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

struct CellRun {
  TimePoint finished{};
  Milliseconds duration{0};
  Verdict verdict = Verdict::bad_report;
  bool retried = false; ///< a test passed only when it was run again
  std::string commit;

  bool operator==(const CellRun&) const = default;
};

struct CellHistory {
  std::vector<CellRun> runs; ///< the oldest first; across resets, those that were interrupted apart
  int told = 0;              ///< runs that say something of the cell: its set-up did not fail
  int passed = 0;            ///< of these
  /// Of these, the runs that show the cell to be flaky: they passed on a retry, or ended otherwise than the
  /// run before though commit and dependencies were the same. The first such change may be a mend that
  /// nothing declares, and does not count.
  int flaky = 0;
};

/// The histories of the plan's cells, by name.
std::map<std::string, CellHistory> find_histories(std::span<const Record> records, const Plan& plan);

} // namespace ctest_matrix
