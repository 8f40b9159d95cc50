#include "process/leftovers.hpp"

#include "process/guardian.hpp"
#include "process/table.hpp"

#include <fmt/format.h>

#include <csignal>
#include <thread>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr Milliseconds k_look{20};

/// Where the marks are: a file for each run, locked by its launcher.
fs::path marks_directory(const fs::path& state) {
  return state / "runs";
}

} // namespace

Result<RunMark> RunMark::set(const fs::path& state, const std::string& id) {
  const fs::path path = marks_directory(state) / id;
  TRY_ASSIGN(FileLock lock, FileLock::acquire(path, Milliseconds(0)));
  return RunMark(path, std::move(lock));
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

fs::path run_directory(const fs::path& state, const std::string& id) {
  return state / "tmp" / id;
}

fs::path run_report(const fs::path& state, const std::string& id) {
  return state / "reports" / (id + ".report");
}

void end_bearers(const std::string& marker, Milliseconds patience) {
  if (own_environment_has(marker)) {
    return;
  }
  const Milliseconds begin = system_clock().monotonic();
  for (;;) {
    const std::vector<pid_t> bearers = processes_with_environment(marker);
    const Milliseconds waited = system_clock().monotonic() - begin;
    if (bearers.empty() || waited > patience + k_kill_patience) {
      return;
    }
    if (waited > patience) {
      for (const pid_t bearer : bearers) {
        kill(bearer, SIGKILL);
      }
    }
    std::this_thread::sleep_for(k_look);
  }
}

void sweep_leftovers(const fs::path& state, Milliseconds patience) {
  std::vector<fs::path> marks;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(marks_directory(state), error)) {
    marks.push_back(entry.path());
  }
  for (const fs::path& mark : marks) {
    if (const auto abandoned = FileLock::acquire(mark, Milliseconds(0))) {
      const std::string id = mark.filename().string();
      end_bearers(run_marker(id), patience);
      fs::remove_all(run_directory(state, id), error);
      fs::remove(run_report(state, id), error);
      fs::remove(mark, error);
    }
  }
}

} // namespace ctest_matrix
