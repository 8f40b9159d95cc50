// Which cells a run goes through, in the order of the matrix. Pure.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "progress/journal.hpp"
#include "run/request.hpp"

#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// What the request's axes mean for a matrix.
struct AxisChoice {
  Assignment overrides; ///< of axes that are the same in every cell: another encoding is another plan
  Assignment selected;  ///< of axes that differ between cells: only cells with these values run
};

/// Sorts the axes of a request by what they do to a plan that was made without them. Errors (usage): no axis
/// is called so; an axis that tells cells apart has no such value.
Result<AxisChoice> choose_axes(const Plan& plan, const RunRequest& request);

/// Error (usage): a row that the request names, and that the matrix does not have.
Result<void> check_rows(const Plan& plan, const RunRequest& request);

struct Selection {
  std::vector<const Cell*> cells;
  int ticked = 0;                     ///< cells left out because their box is ticked
  int skipped = 0;                    ///< cells left out because the user said so
  std::vector<std::string> missing{}; ///< cells that are asked for, and not in the matrix
  std::vector<std::string> remarks{}; ///< what people should know of what is asked for, a line each
};

/// Selects from the plan (whose overrides are applied). `ticked` holds row and column of every ticked box,
/// `stale` the cells whose tick does not count. Error (usage): a row that the matrix does not have.
Result<Selection> select_cells(const Plan& plan, const RunRequest& request, const Assignment& selected,
                               const std::set<std::pair<std::string, std::string>>& ticked,
                               const std::set<std::string>& stale, std::span<const Record> journal);

} // namespace ctest_matrix
