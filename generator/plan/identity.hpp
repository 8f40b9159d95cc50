// Which matrix, and which cell of it, something speaks of: the same on every machine and in every profile.
#pragma once

#include "plan/plan.hpp"

#include <string>
#include <string_view>

namespace ctest_matrix {

/// Of the matrix: its name, without the prefix, and its place below the root.
std::string matrix_identity(const CommonPlan& common);

/// Of a cell: its matrix, its row and its axes, whatever their order.
std::string cell_identity(const CommonPlan& common, std::string_view row, const Assignment& axes);

/// Whether a cell with this identity is one of the matrix, in whatever profile and configuration.
bool is_cell_of_matrix(const CommonPlan& common, std::string_view identity);

} // namespace ctest_matrix
