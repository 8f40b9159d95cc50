// What `report --watch` shows: what has changed, a line each, and on a terminal the grid as it stands.
// Returns text, prints nothing.
#pragma once

#include "base/terminal.hpp"
#include "report/report.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

/// One cell, or several at once, that do not stand as before.
struct WatchedChange {
  std::string row; ///< empty: of no single one
  std::string text;

  bool operator==(const WatchedChange&) const = default;
};

/// In the order of the results, then of the matrix.
std::vector<WatchedChange> changes_between(const ProgressReport& before, const ProgressReport& after);

/// `Driver Tests: 12 of 82 cells passed, 1 failed, 69 never run`
std::string standing_line(const ProgressReport& report);

/// A screen of `height` lines at most: how the suite stands, the grid (where it is too long, the part with
/// the newest change), the newest changes. The last line has no newline.
std::string render_watch_screen(const ProgressReport& report, std::span<const WatchedChange> changes,
                                const Terminal& terminal, std::size_t height);

} // namespace ctest_matrix
