// The turn of a process where the runs of a checkout exclude each other. Its lock is held by every guardian
// of this process as well, until the last process of that one's run is gone, and the lock's file names the
// run: where launcher and guardian were both killed, whoever comes next ends what they left first.
#pragma once

#include "base/clock.hpp"
#include "base/file_lock.hpp"
#include "base/result.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

class Turn {
public:
  /// Waits up to `patience`. A guardian whose launcher is gone is given the time that it may take, and then
  /// ended with its run. Error (setup): as of FileLock::acquire.
  static Result<Turn> take(const std::filesystem::path& lock, Milliseconds patience);

  Turn(Turn&&) noexcept = default;

  Turn& operator=(Turn&& other) noexcept {
    std::swap(m_lock, other.m_lock);
    return *this;
  }

  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn();

private:
  explicit Turn(FileLock lock);

  std::unique_ptr<FileLock> m_lock; ///< null after a move
};

/// The descriptors of all turns that this process has.
std::vector<int> turn_descriptors();

/// Lets the files of all turns of this process name the run that begins: what its processes bear, and how
/// long its guardian may take to end it once the launcher is gone.
void name_run_in_turns(const std::string& marker, Milliseconds patience);

/// In a forked process that has closed the descriptors of its parent's turns.
void forget_turns();

} // namespace ctest_matrix
