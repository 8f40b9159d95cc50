// What CTest alone knows of the last run in a build directory, taken in by whoever comes next: a load of the
// tests, `run`.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "matrix/plan.hpp"
#include "progress/intake.hpp"

#include <functional>
#include <string>

namespace ctest_matrix {

/// The same matrix under another profile.
using PlanOfProfile = std::function<Result<Plan>(const std::string& profile)>;

/// Takes in what CTest has written since the last call into the build directory that holds the plan's state,
/// under the profile that its tests were loaded with then. Nothing where there is nothing new, which costs a
/// few calls of stat, nor at the first call, which only takes note. Errors: as `take_in`; unless that one was
/// busy, the same results are not tried again.
Result<IntakeOutcome> take_in_last_run(const Plan& plan, const PlanOfProfile& plan_of, Milliseconds patience);

} // namespace ctest_matrix
