// A record about a cell, before anything is said of how it went.
#pragma once

#include "plan/plan.hpp"
#include "progress/journal.hpp"

namespace ctest_matrix {

/// What names the cell in a record: its names, its profile, its axes, and whose it is.
Record record_of(const CommonPlan& common, const Cell& cell);

} // namespace ctest_matrix
