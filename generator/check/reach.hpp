// Whether the flags that a runner needs, put behind the command of a matrix, reach it.
#pragma once

#include "plan/plan.hpp"
#include "plan/project.hpp"

namespace ctest_matrix {

/// Reports M037 where they would not: behind a shell, or a script that pipes.
void check_reach(const Project& project, const Plan& plan, Diagnostics& diagnostics);

} // namespace ctest_matrix
