#include "process/parent.hpp"
#include "process/process_testing.hpp"
#include "process/tag.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;

class TagTest : public ProcessTest {
protected:
  std::string marker() const { return "CTEST_MATRIX_RUN=" + m_directory.filename().string(); }

  static bool has(const std::vector<ProcessEntry>& processes, pid_t pid) {
    return std::any_of(processes.begin(), processes.end(),
                       [&](const ProcessEntry& entry) { return entry.pid == pid; });
  }

  enum class User { same, another };

  /// A process with the tag and without an environment, in a session of its own.
  pid_t start_tagged(User user) {
    const pid_t pid = fork();
    if (pid == 0) {
      bear_tag(tag_of(marker()));
      setsid();
      if (user == User::another && geteuid() == 0 && setuid(65534) != 0) {
        _exit(126);
      }
      execl("/usr/bin/env", "env", "-i", "/bin/sleep", "1000", nullptr);
      _exit(127);
    }
    EXPECT_TRUE(becomes_true([&] { return command_line(pid) == "/bin/sleep 1000"; }));
    return pid;
  }
};

TEST_F(TagTest, IsOfItsMarkerAlone) {
  EXPECT_EQ(tag_of(""), 0U);
  EXPECT_EQ(tag_of("A=1"), tag_of("A=1"));
  EXPECT_NE(tag_of("A=1"), tag_of("A=2"));
}

TEST_F(TagTest, IsPassedOnWhateverBecomesOfEnvironmentSessionAndUser) {
  const pid_t pid = start_tagged(User::another);
  EXPECT_TRUE(has(processes_with_tag(tag_of(marker())), pid));
  const std::vector<ProcessEntry> run = processes_of_run(marker());
  EXPECT_TRUE(has(run, pid));
  kill_run(marker(), run);
  int status = 0;
  EXPECT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_EQ(status, SIGKILL);
  EXPECT_TRUE(processes_of_run(marker()).empty()) << "a process that has ended is none";
}

TEST_F(TagTest, OfARunIsAlsoWhatIsBelowAProcessOfIt) {
  const fs::path up = m_directory / "up";
  start({"/usr/bin/env", marker(), "/bin/sh", "-c",
         fmt::format("env -i {} touch {} sleep; :", child_program(), up.string())});
  ASSERT_TRUE(becomes_true([&] { return fs::exists(up); }));
  const std::vector<ProcessEntry> run = processes_of_run(marker());
  EXPECT_EQ(std::count_if(run.begin(), run.end(),
                          [](const ProcessEntry& entry) {
                            return command_line(entry.pid).starts_with(child_program());
                          }),
            1);
  kill_run(marker(), run);
}

TEST_F(TagTest, AProcessOfTheRunFindsNothingToEnd) {
  const pid_t pid = fork();
  if (pid == 0) {
    bear_tag(tag_of(marker()));
    _exit(processes_of_run(marker()).empty() ? 0 : 1);
  }
  int status = -1;
  waitpid(pid, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(TagTest, IsFoundWithoutAProcessTable) {
  const pid_t tagged = start_tagged(User::same);
  const pid_t pid = fork();
  if (pid == 0) {
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("none", "/proc", "tmpfs", 0, nullptr) != 0 || has_process_table()) {
      _exit(77);
    }
    _exit(has(processes_of_run(marker()), tagged) ? 0 : 1);
  }
  int status = -1;
  waitpid(pid, &status, 0);
  kill(tagged, SIGKILL);
  waitpid(tagged, nullptr, 0);
  if (status == W_EXITCODE(77, 0)) {
    GTEST_SKIP() << "a place without /proc cannot be made here";
  }
  EXPECT_EQ(status, 0);
}

TEST_F(TagTest, WithoutAProcessTableTheDeadlineStillHolds) {
  const pid_t pid = fork();
  if (pid == 0) {
    note_parent(); // an earlier run of this process has noted another one
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("none", "/proc", "tmpfs", 0, nullptr) != 0) {
      _exit(77);
    }
    ProcessSpec spec = child({"ignore-term", "daemon", "fork", "sleep"});
    spec.deadline = Milliseconds(500);
    spec.grace = Milliseconds(100);
    const Outcome outcome = supervise(spec);
    _exit(outcome.end == Outcome::End::deadline && outcome.error.empty() ? 0 : 1);
  }
  int status = -1;
  waitpid(pid, &status, 0);
  if (status == W_EXITCODE(77, 0)) {
    GTEST_SKIP() << "a place without /proc cannot be made here";
  }
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(marked().empty());
}

} // namespace
} // namespace ctest_matrix
