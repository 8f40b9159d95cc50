// One run of Ninja on the artifacts of a build directory.
#pragma once

#include "plan/plan.hpp"
#include "process/process.hpp"

#include <cstdio>
#include <string>
#include <vector>

namespace ctest_matrix {

struct NinjaRun {
  Outcome outcome;
  std::string output; ///< its end
};

/// With these arguments, until the deadline; all of its output goes into the log, too (null: there is none).
NinjaRun run_ninja(const CommonPlan& common, const std::vector<std::string>& arguments, Milliseconds deadline,
                   std::FILE* log);

} // namespace ctest_matrix
