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
  /// Absolute; the journal and what is known of the progress files, for all build directories of the
  /// checkout. Empty: in the state.
  std::filesystem::path evidence = {};
  std::string prefix{}; ///< in front of every test name

  /// Where the journal lies.
  const std::filesystem::path& evidence_or_state() const { return evidence.empty() ? state : evidence; }

  /// The build directory, which holds the states of all its matrices.
  std::filesystem::path build_dir() const { return state.parent_path().parent_path(); }
};

/// What the checkout that holds the matrix keeps of it, whatever its build directories: a directory below its
/// git directory, of a linked worktree below that one's own. Empty where there is no git, or nothing can be
/// written to it. Another matrix of the name that was there first, and still exists, has a directory of its
/// own.
std::filesystem::path evidence_of_checkout(const Places& places, const std::string& name);

/// Notes there whose it is. A note that cannot be written decides nothing.
void claim_evidence(const Places& places);

/// The directory above `path` that holds `.git`, or nothing.
std::filesystem::path find_checkout(const std::filesystem::path& path);

/// Where a checkout keeps what is its own, and neither of a build directory nor of a user: `ctest-matrix` in
/// the directory of git (of a linked worktree its own one), or below the root where there is no git.
std::filesystem::path checkout_directory(const std::filesystem::path& root);

/// A lock file for one purpose of one checkout, the same from every build directory of it and for every user
/// who may write there; for one who may not, a file of that user's own. Error (setup): there can be none; a
/// link or a directory is in its place.
Result<std::filesystem::path> checkout_lock(const std::filesystem::path& root, std::string_view purpose);

/// What this user keeps of one checkout, for one purpose, from every build directory of it. Error: as of
/// `user_directory`.
Result<std::filesystem::path> user_state(const std::filesystem::path& root, std::string_view purpose);

} // namespace ctest_matrix
