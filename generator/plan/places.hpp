// Where a matrix is at home, and where the locks and the shared state of a checkout lie.
#pragma once

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

/// What this user keeps of one checkout outside of all build directories, for one purpose.
std::filesystem::path checkout_state(const std::filesystem::path& root, std::string_view purpose);

/// A lock file of this user for one purpose of one checkout, the same from every build directory of it.
std::filesystem::path checkout_lock(const std::filesystem::path& root, std::string_view purpose);

} // namespace ctest_matrix
