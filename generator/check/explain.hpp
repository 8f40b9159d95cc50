// Why a cell is as it is, why a cell is not there, and what a matrix leaves out. Pure.
#pragma once

#include "plan/project.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// What is known of a cell beyond the matrix.
struct CellFacts {
  std::string progress_label; ///< todo or done; empty: not known
  std::string command;        ///< one line, from `cd` on
  std::vector<std::pair<std::string, std::string>> environment;
  std::filesystem::path program; ///< ctest-matrix, for the line that runs the cell without CTest
  std::vector<std::string>
      artifacts{}; ///< how those of the cell stand, in their order; empty texts say nothing
};

/// Every rule behind a cell of the project's profile, with its place in the matrix.
std::string explain_cell(const Project& project, const BoundCell& cell, const CellFacts& facts);

/// What a rule of the matrix looks at, with its place; nothing where there is no such rule. `name` is its own
/// or that of its test.
std::optional<std::string> explain_rule(const Project& project, const std::string& name);

/// Why the profile has no cell of this name: the rule that keeps it out, or the nearest names.
std::string explain_absent(const Project& project, const std::string& name);

/// Every combination of axis values that the profile does not run, counted by the rule that leaves it out,
/// and the rows that do not run or may be skipped.
std::string explain_missing(const Project& project);

} // namespace ctest_matrix
