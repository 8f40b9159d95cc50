// What CTest alone knows of the last run in a build directory, taken in by whoever comes next: a load of the
// tests, `run`.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "plan/plan.hpp"
#include "plan/project.hpp"
#include "progress/intake.hpp"

namespace ctest_matrix {

/// What becomes of failed tests of which nobody noted the profile and the settings that they were loaded
/// with, because no load has succeeded so far.
enum class UnknownLoad {
  leave,
  take_as_current ///< as results of the plan
};

/// Takes in the ends that killed launchers owe, and what CTest has named as failed since the last call into
/// the build directory that holds the plan's state, for the profile and settings that its tests were loaded
/// with then; `project` is what the plan came from. Sees, too, which boxes people have changed in the
/// progress file. Errors: as `take_in_untold`; unless that one was busy, the same results are not tried
/// again.
Result<IntakeOutcome> take_in_last_run(const Plan& plan, const ProjectOptions& project, Milliseconds patience,
                                       UnknownLoad unknown = UnknownLoad::leave);

/// Whether the last load was asked for this profile and these settings, as far as that was noted in the
/// state.
bool was_loaded_as(const std::filesystem::path& state, const std::string& profile,
                   const Assignment& settings);

} // namespace ctest_matrix
