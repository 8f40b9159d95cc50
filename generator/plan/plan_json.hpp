// The parts of a plan as JSON, each on one line.
#pragma once

#include "plan/plan.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

std::string common_to_json(const CommonPlan& common);

/// Throws std::exception for what is no such text, or one of another version of the program.
CommonPlan common_from_json(std::string_view text);

/// All but the name.
std::string row_to_json(const Row& row);

/// Throws as above.
Row row_from_json(std::string_view name, std::string_view text);

/// All but the name, and of its row only that one's name.
std::string cell_to_json(const Cell& cell);

/// Throws as above, also when its row is not among `rows`.
Cell cell_from_json(std::string_view name, const std::vector<Row>& rows, std::string_view text);

} // namespace ctest_matrix
