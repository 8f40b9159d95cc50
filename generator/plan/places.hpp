// Where a matrix is at home, and where the locks and the shared state of a checkout lie.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// Where a matrix is at home.
struct Places {
  std::filesystem::path matrix; ///< absolute
  std::filesystem::path root;   ///< absolute
  std::filesystem::path state;  ///< absolute; what we keep in the build directory for this matrix
  std::string prefix;           ///< in front of every test name

  /// The build directory, which holds the states of all its matrices.
  std::filesystem::path build_dir() const { return state.parent_path().parent_path(); }
};

/// The directory above `path` that holds `.git`, or nothing.
std::filesystem::path find_checkout(const std::filesystem::path& path);

/// Where a checkout keeps what is its own, and neither of a build directory nor of a user: `ctest-matrix` in
/// the directory of git (of a linked worktree its own one), or below the root where there is no git.
std::filesystem::path checkout_directory(const std::filesystem::path& root);

/// A lock file for one purpose of one checkout, the same from every build directory of it and for every user
/// who may write there; for one who may not, a file of that user's own. Error (setup): there can be none.
Result<std::filesystem::path> checkout_lock(const std::filesystem::path& root, std::string_view purpose);

/// A directory that nobody but this user can enter, for what is of living processes of this machine: below
/// `$XDG_RUNTIME_DIR`, `~/.cache` or `/tmp`, the first that is this user's own. Error (setup): none is; the
/// message says why the last one is not.
Result<std::filesystem::path> user_directory();

/// What this user keeps of one checkout, for one purpose, from every build directory of it. Error: as above.
Result<std::filesystem::path> user_state(const std::filesystem::path& root, std::string_view purpose);

} // namespace ctest_matrix
