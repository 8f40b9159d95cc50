// The command of a cell's runner, with what its report and an honest verdict need.
#pragma once

#include "plan/plan.hpp"

#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The matrix's command, and behind it the flags of vitest that the matrix did not write itself: those of its
/// JSON report, where there is no {report}, and those that keep its configuration from hiding failures. A
/// command with {report} may be another runner's that writes the same format, as jest does.
std::vector<TextTemplate> full_command(const SuitePlan& suite, const CellPlan& cell);

} // namespace ctest_matrix
