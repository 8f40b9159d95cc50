#include "process/leftovers.hpp"

#include "base/boot.hpp"
#include "base/directory.hpp"
#include "process/guardian.hpp"
#include "process/notes.hpp"
#include "process/tag.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <thread>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr Milliseconds k_look{20};
constexpr Milliseconds k_mark_patience{10'000}; // for somebody who sweeps it up before it is locked

/// Where the marks are: a file for each run, locked by its launcher.
fs::path marks_directory(const fs::path& state) {
  return state / "runs";
}

} // namespace

Result<RunMark> RunMark::set(const fs::path& state, const std::string& id) {
  const fs::path path = marks_directory(state) / id;
  for (;;) {
    TRY_ASSIGN(FileLock lock, FileLock::acquire(path, k_mark_patience));
    if (lock.is_of(path)) {
      return RunMark(path, std::move(lock));
    }
    // Somebody swept it up between its making and its locking: it looked like that of a killed run.
  }
}

RunMark::~RunMark() {
  if (!m_path.empty()) {
    std::error_code ignored;
    fs::remove(m_path, ignored);
  }
}

std::string run_marker(const std::string& id) {
  return fmt::format("CTEST_MATRIX_RUN={}", id);
}

std::string helper_marker(std::string_view helper) {
  return run_marker(fmt::format("{}-{}-{}", helper, getpid(), process_place()));
}

fs::path run_directory(const fs::path& state, const std::string& id) {
  return state / "tmp" / id;
}

fs::path run_report(const fs::path& state, const std::string& id) {
  return state / "reports" / (id + ".report");
}

void end_bearers(const std::string& marker, Milliseconds patience) {
  const Milliseconds begin = system_clock().monotonic();
  for (;;) {
    const std::vector<ProcessEntry> bearers = processes_of_run(marker);
    const Milliseconds waited = system_clock().monotonic() - begin;
    if (bearers.empty()) {
      forget_noted_processes(marker);
      return;
    }
    if (waited > patience + k_kill_patience) {
      return;
    }
    if (waited >= patience) {
      kill_run(marker, bearers);
    }
    std::this_thread::sleep_for(k_look);
  }
}

void sweep_leftovers(const fs::path& state, Milliseconds patience) {
  for (const DirectoryEntry& entry : list_directory(marks_directory(state))) {
    const fs::path mark = marks_directory(state) / entry.name;
    const auto abandoned = FileLock::try_acquire(mark);
    if (!abandoned || !*abandoned || !(*abandoned)->is_of(mark)) {
      continue; // it goes on, or has just ended
    }
    const std::string& id = entry.name;
    end_bearers(run_marker(id), patience);
    std::error_code ignored;
    fs::remove_all(run_directory(state, id), ignored);
    fs::remove(run_report(state, id), ignored);
    fs::remove(mark, ignored);
  }
}

} // namespace ctest_matrix
