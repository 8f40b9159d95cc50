// What CTest alone knows of its last run: tests that failed or did not run, and of which no launcher said so.
// Pure.
#pragma once

#include "ctest/result_files.hpp"
#include "plan/plan.hpp"
#include "progress/journal.hpp"

#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

/// The records that the names of failed tests add to those that are known. `since` is before the run began. A
/// cell without any result since then was not run (SETUP, with what the set-ups of the run say); one whose
/// last result is a pass has failed all the same, after it had said so.
std::vector<Record> never_said(const Plan& plan, const FailedTests& failed, std::span<const Record> known,
                               TimePoint since);

/// The same of cells that a run was to go through and that CTest does not even name, as it stopped before
/// them: SETUP for those without a result since then of which a set-up has failed. The others were not
/// reached.
std::vector<Record> kept_back(const Plan& plan, std::span<const Cell* const> cells,
                              std::span<const Record> known, TimePoint since, TimePoint now);

} // namespace ctest_matrix
