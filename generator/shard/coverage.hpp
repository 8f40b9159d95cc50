// What came back of the shares, and what did not: the matrix says which cells should be there. Pure but for
// the file of durations.
#pragma once

#include "base/terminal.hpp"
#include "plan/plan.hpp"
#include "progress/journal.hpp"

#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

/// A line for each share that never came back or lacks results of its cells, that is of another commit than
/// the others of this checkout, or that was split otherwise than the others; none where no result is of a
/// share. `variable` is the environment: CTEST_MATRIX_DURATIONS.
std::vector<std::string> share_findings(const Plan& plan, std::span<const Record> journal,
                                        const Variable& variable);

} // namespace ctest_matrix
