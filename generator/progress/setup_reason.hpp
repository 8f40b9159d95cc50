// Why a cell was not run, from CTest's results of the fixtures that it needs. Pure.
#pragma once

#include "ctest/results.hpp"
#include "plan/plan.hpp"

#include <string>
#include <string_view>

namespace ctest_matrix {

/// What a set-up says of its failure, in a line: its first line, and what its program said last; where that
/// was silent, how it ended. Empty where it says nothing.
std::string problem_in_a_line(std::string_view output);

/// `the artifact napi could not be built: error: expected one of x`, from the first fixture of the cell that
/// failed in this run; empty where none did, or CTest does not tell.
std::string setup_reason(const CommonPlan& common, const Cell& cell, const CtestRun& run);

} // namespace ctest_matrix
