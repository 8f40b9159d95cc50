// `list`: the cells of a plan for people and for programs. Pure.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"

#include <string>

namespace ctest_matrix {

/// One line per cell: name, labels, time-out, place in the matrix, in columns.
std::string list_text(const Plan& plan);

/// An array of objects: name, row, suite, column, axes, labels, timeout, excluded, skip, file, line.
std::string list_json(const Plan& plan);

/// A job of a CI for each cell that is not excluded: for GitHub an object for `strategy: matrix:` on one line
/// (cell, row, column, test: a regular expression for `ctest -R`, minutes), for GitLab a job of a child
/// pipeline. Error (usage): more than such a CI takes.
Result<std::string> list_github(const Plan& plan);
Result<std::string> list_gitlab(const Plan& plan);

} // namespace ctest_matrix
