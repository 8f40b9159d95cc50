// The results that another progress file tells of: what its log says, where nobody has kept more. Pure.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "progress/journal.hpp"

#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The newest result of each cell in the log of a progress file, since its `Started:`. They do not say what
/// they rest on: a tick by one of them alone is no record for the gate. A pass whose box somebody has opened
/// since is left out. Error (input): it is no progress file, or one of another configuration, with both.
Result<std::vector<Record>> told_results(const Plan& plan, std::string_view text);

} // namespace ctest_matrix
