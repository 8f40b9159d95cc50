// What stood in the way of cells that did not run.
#pragma once

#include "ctest/results.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// The set-ups among the results that failed, each with the end of its output, as lines; where none did, the
/// end of what ctest said. `is_cell` tells the tests that are no set-ups.
std::string blocked_by(std::span<const CtestResult> results, std::string_view ctest_output,
                       const std::function<bool(const std::string& test)>& is_cell);

} // namespace ctest_matrix
