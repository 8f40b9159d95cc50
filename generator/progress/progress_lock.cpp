#include "progress/progress_lock.hpp"

#include "base/files.hpp"
#include "plan/places.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr Milliseconds k_lock_patience = std::chrono::seconds(30);

} // namespace

Result<LockedProgress> lock_progress(const fs::path& progress) {
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(target_of(fs::absolute(progress)), error);
  fs::create_directories(canonical.parent_path(), error);
  if (error) {
    return Error{ExitCode::input, fmt::format("cannot make the directory {}: {}",
                                              canonical.parent_path().string(), error.message())};
  }
  TRY_ASSIGN(const fs::path file, checkout_lock(canonical.parent_path(), "progress"));
  TRY_ASSIGN(FileLock lock, FileLock::acquire(file, k_lock_patience));
  return LockedProgress{std::move(lock), canonical.string()};
}

} // namespace ctest_matrix
