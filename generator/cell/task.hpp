// One run of one cell, as it was asked for.
#pragma once

#include "plan/handed_on.hpp"
#include "plan/plan.hpp"

#include <filesystem>
#include <string>

namespace ctest_matrix {

/// What a cell is run for.
enum class Purpose {
  record, ///< its result counts
  narrow, ///< one test is looked at: journal, progress file and the cell's own log stay as they are
};

/// Who reads the output of a cell.
enum class Reader { ctest, person };

/// Both plans outlive it.
struct CellTask {
  const CommonPlan& common;
  const BoundCell& cell;
  Purpose purpose = Purpose::record;
  std::string filter;                ///< the value of {filter}
  std::string id;                    ///< of the run, and of its record
  std::filesystem::path result = {}; ///< where the record goes besides; empty: nowhere
  HandedOn handed = {};              ///< to the runner
  Reader reader = Reader::ctest;
};

} // namespace ctest_matrix
