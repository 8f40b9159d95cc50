// The newest run of shares that the results tell of, and which results are of before it: those of a run
// before do not stand for a share that was lost in this one. Pure.
#pragma once

#include "plan/share_name.hpp"
#include "progress/journal.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ctest_matrix {

/// The results of each cell by its name, the newest last, as `results_by_cell` tells them.
using CellResults = std::map<std::string, std::vector<const Record*>>;

/// The share that a result of a cell is of; nothing where it is of none.
std::optional<ShareName> told_share(const Record& record);

/// A run of shares, as most of them were split.
struct ShareRun {
  std::string id{}; ///< what its CI or cluster calls it; empty: nobody said
  std::size_t count = 0;
  std::string by{};
  std::string split{};               ///< empty: nobody said
  std::set<std::size_t> came_back{}; ///< shares, from 1
  TimePoint begin{};                 ///< of its first cell
  bool by_time = false;              ///< nobody said which one it is, and results of one before are there

  bool is_whole() const { return came_back.size() == count; }
};

/// The run that ended last of those that say which one they are, else all that say nothing: as one, unless a
/// share ran all its cells once more since another one had its last result; then that began a run in which
/// the other one is missing. What is of another commit counts only where all is. Nothing where no result is
/// of a share.
std::optional<ShareRun> newest_share_run(const CellResults& results);

/// Whether a result is of another run of shares than this one, and not newer, or older than a run of which a
/// share is missing.
bool is_before(const Record& result, const ShareRun& run);

} // namespace ctest_matrix
