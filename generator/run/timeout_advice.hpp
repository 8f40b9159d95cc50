// Advice where one column runs into its time-outs again and again and the others do not. Pure.
#pragma once

#include "plan/plan.hpp"
#include "progress/journal.hpp"

#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

/// One sentence for each column with two or more time-outs in the journal while no other column has one:
/// which cells, and the scale to write into the matrix.
std::vector<std::string> timeout_advice(const Plan& plan, std::span<const Record> journal);

} // namespace ctest_matrix
