// `list`: the cells of a plan for people and for programs. Pure.
#pragma once

#include "plan/plan.hpp"

#include <string>

namespace ctest_matrix {

/// One line per cell: name, labels, time-out, place in the matrix, in columns.
std::string list_text(const Plan& plan);

/// An array of objects: name, row, suite, column, axes, labels, timeout, excluded, skip, file, line.
std::string list_json(const Plan& plan);

} // namespace ctest_matrix
