// Places that must hold the same value: compares what the files of a checkout say.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"

#include <string>

namespace ctest_matrix {

/// The value that all places of an agreement hold. Error (setup): they differ, or one has no such line; one
/// line `<file>:<line>: error: …` for each place. Error (input): no such agreement.
Result<std::string> check_agreement(const CommonPlan& common, const std::string& name);

} // namespace ctest_matrix
