// From a matrix file on disk to its plan: finds the root and the state directory, loads, checks and expands.
#pragma once

#include "base/result.hpp"
#include "matrix/plan.hpp"

#include <filesystem>
#include <string>

namespace ctest_matrix {

/// What a command line says about a matrix; empty means the default.
struct ProjectOptions {
  std::filesystem::path matrix = "matrix.yaml";
  std::filesystem::path root; ///< default: the git checkout that holds the matrix, else its directory
  std::filesystem::path build_dir = "build";
  std::filesystem::path state; ///< default: <build_dir>/ctest-matrix/<prefix><name>
  std::string profile;         ///< default: $CTEST_MATRIX_PROFILE, else `default`
  std::string prefix;
  Assignment overrides;
};

/// The whole way. Error (input): every diagnostic of the matrix.
Result<Plan> load_plan(const ProjectOptions& options);

/// The directory above `path` that holds `.git`, or nothing.
std::filesystem::path find_checkout(const std::filesystem::path& path);

/// What this user keeps of one checkout outside of all build directories, for one purpose.
std::filesystem::path checkout_state(const std::filesystem::path& root, std::string_view purpose);

/// A lock file of this user for one purpose of one checkout, the same from every build directory of it.
std::filesystem::path checkout_lock(const std::filesystem::path& root, std::string_view purpose);

} // namespace ctest_matrix
