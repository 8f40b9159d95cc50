// What CTest loads of a matrix, with all that the script depends on besides the matrix: the progress file,
// what the last run left, the listings, the environment of the load.
#pragma once

#include "base/result.hpp"
#include "base/terminal.hpp"
#include "plan/plan.hpp"
#include "plan/project.hpp"

#include <filesystem>
#include <set>
#include <string>

namespace ctest_matrix {

/// A load of the tests: who asks, and with what.
struct LoadRequest {
  ProjectOptions project;
  std::string ctest_version;
  std::filesystem::path program; ///< ctest-matrix itself: another one may generate something else
};

/// The excluded rows that CTEST_MATRIX_INCLUDE asks for: names, or `k_all_rows`. Error (usage): no matrix of
/// the build directory has such a row.
Result<std::set<std::string>> included_by(const Variable& variable, const Plan& plan);

/// The script for a CTest that is loading the tests; takes in what the last run left. Where nothing has
/// changed since the last load, that one's script. `variable` is the environment: CTEST_MATRIX_PROFILE, _SET,
/// _INCLUDE, _SELECT, _SHARD, _SHARD_BY and _DURATIONS. Errors (usage, input): a bad setting, a file of names
/// or durations that cannot be read, the matrix's. Error (setup): the share has no cell.
Result<std::string> load_script(LoadRequest request, const Variable& variable);

/// Makes `project.build_dir` one that ctest runs the matrix from, by a script that calls `program` at each
/// load; returns the plan. Error (input): the matrix's, or the directory belongs to somebody else.
Result<Plan> make_build_dir(const ProjectOptions& project, const std::filesystem::path& program,
                            const Variable& variable);

} // namespace ctest_matrix
