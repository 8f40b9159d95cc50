// What fails, as job summaries, annotations and code quality reports tell it: one form for all of them.
#pragma once

#include "plan/plan.hpp"
#include "report/report.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace ctest_matrix {

/// A test that fails, or a cell where no single test is to blame.
struct ToldFailure {
  std::string cell;
  std::string test{};    ///< empty: the cell
  std::string title{};   ///< for people: `actor-conn.wasm: Suite > test`
  std::string message{}; ///< of several lines
  std::string file{};    ///< relative to the root, else as it was said; empty: not known
  int line = 0;
  bool known = false;     ///< to the baseline
  std::string issue{};    ///< of its entry in the ledger
  std::string link{};     ///< where that is on the web
  std::string narrowed{}; ///< the command; empty: none
};

/// The new ones first, then those of set-ups, then the known ones, each in matrix order.
std::vector<ToldFailure> list_failures(const Plan& plan, const ProgressReport& report);

} // namespace ctest_matrix
