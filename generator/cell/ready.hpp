// What can be known before any cell runs.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"

namespace ctest_matrix {

/// Whether the runner's directory is there and the state can be written; ends what killed runs left. Error
/// (setup).
Result<void> check_ready(const CommonPlan& common);

} // namespace ctest_matrix
