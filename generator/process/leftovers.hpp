// What stays of a run when its launcher and its guardian are both killed, and how the next run gets rid of
// it.
#pragma once

#include "base/clock.hpp"
#include "base/file_lock.hpp"
#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace ctest_matrix {

/// Says in the state directory that a run is going on, for as long as this object, or its process, lives.
class RunMark {
public:
  /// Error: its file cannot be made.
  static Result<RunMark> set(const std::filesystem::path& state, const std::string& id);

  RunMark(RunMark&& other) noexcept
      : m_path(std::exchange(other.m_path, {})), m_lock(std::move(other.m_lock)) {}

  RunMark(const RunMark&) = delete;
  RunMark& operator=(const RunMark&) = delete;
  ~RunMark();

private:
  RunMark(std::filesystem::path path, FileLock lock) : m_path(std::move(path)), m_lock(std::move(lock)) {}

  std::filesystem::path m_path; ///< empty after a move
  FileLock m_lock;
};

/// KEY=VALUE, the entry that every process of a run has in its environment.
std::string run_marker(const std::string& id);

/// The same for a helper of this process, of which it runs one at a time: no other process has it, be it in
/// another container.
std::string helper_marker(std::string_view helper);

/// The directory of a run's own and the file of its report.
std::filesystem::path run_directory(const std::filesystem::path& state, const std::string& id);
std::filesystem::path run_report(const std::filesystem::path& state, const std::string& id);

/// Returns when no process with this entry in its environment is left: waits up to `patience` for a guardian
/// to end them, then kills them.
void end_bearers(const std::string& marker, Milliseconds patience);

/// How long the guardian of a run with this grace may take to end it.
constexpr Milliseconds leftover_patience(Milliseconds grace) {
  return grace + Milliseconds(1'000);
}

/// Ends the processes and removes the files of the runs in this state directory whose launcher is gone.
void sweep_leftovers(const std::filesystem::path& state, Milliseconds patience);

} // namespace ctest_matrix
