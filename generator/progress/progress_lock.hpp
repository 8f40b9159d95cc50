// Who changes a progress file holds its lock.
#pragma once

#include "base/file_lock.hpp"
#include "base/result.hpp"

#include <filesystem>
#include <string>

namespace ctest_matrix {

/// The lock on a progress file, and its canonical path.
struct LockedProgress {
  FileLock lock;
  std::string canonical;
};

/// Waits for another process up to 30 s. Errors (input): the file's directory cannot be made; (setup):
/// somebody else holds the lock.
Result<LockedProgress> lock_progress(const std::filesystem::path& progress);

} // namespace ctest_matrix
