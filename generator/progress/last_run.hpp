// What CTest alone knows of the last run in a build directory, taken in by whoever comes next: a load of the
// tests, `run`.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "matrix/plan.hpp"
#include "matrix/project.hpp"
#include "progress/intake.hpp"

#include <functional>
#include <string>

namespace ctest_matrix {

/// What a load of the tests was asked for.
struct LoadedAs {
  std::string profile;
  Assignment settings; ///< over the profile's

  bool operator==(const LoadedAs&) const = default;
};

/// The same matrix, loaded as asked.
using PlanAs = std::function<Result<Plan>(const LoadedAs&)>;

/// The matrix of these options, whatever profile and settings they name.
PlanAs plans_of(const ProjectOptions& project);

/// Takes in what CTest has written since the last call into the build directory that holds the plan's state,
/// for the profile and settings that its tests were loaded with then; `settings` are those of the plan.
/// Sees, too, which boxes people have changed in the progress file. Nothing where there is nothing new, which
/// costs a few calls of stat; the first call takes no results in. Errors: as `take_in`; unless that one was
/// busy, the same results are not tried again.
Result<IntakeOutcome> take_in_last_run(const Plan& plan, const Assignment& settings, const PlanAs& plan_as,
                                       Milliseconds patience);

} // namespace ctest_matrix
