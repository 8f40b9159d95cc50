#include "base/files.hpp"
#include "process/leftovers.hpp"
#include "process/process_testing.hpp"
#include "process/tag.hpp"
#include "process/turn.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr Milliseconds k_long{60'000};

class TurnTest : public ProcessTest {
protected:
  fs::path lock() const { return m_directory / "cells.lock"; }

  std::string marker() const { return run_marker(m_directory.filename().string() + "-turn"); }

  /// A process that bears the marker, not below this one.
  pid_t start_bearer() {
    const fs::path up = m_directory / "up";
    const pid_t pid =
        start({"/usr/bin/env", marker(), child_program(), "ignore-term", "touch", up.string(), "sleep"});
    EXPECT_TRUE(becomes_true([&] { return fs::exists(up); }));
    return pid;
  }
};

TEST_F(TurnTest, IsOfOneAtATimeAndNamesItsHolder) {
  const auto turn = Turn::take(lock(), Milliseconds(0));
  ASSERT_TRUE(turn);
  const auto second = Turn::take(lock(), Milliseconds(0));
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr(fmt::format("held by process {}", getpid())));
}

TEST_F(TurnTest, WhoeverComesNextEndsWhatAKilledLauncherAndItsGuardianLeft) {
  const pid_t launcher = fork();
  if (launcher == 0) {
    const auto turn = Turn::take(lock(), Milliseconds(0));
    name_run_in_turns(marker(), k_long);
    kill(getpid(), SIGKILL);
  }
  waitpid(launcher, nullptr, 0);
  const pid_t left = start_bearer();
  EXPECT_TRUE(Turn::take(lock(), k_long));
  EXPECT_EQ(wait_for(left), SIGKILL);
}

TEST_F(TurnTest, AForeignFileEndsNobody) {
  const pid_t other = start_bearer();
  const std::string note = "1 somewhere 1 0 PATH=" + std::string(getenv("PATH"));
  ASSERT_TRUE(write_file_quickly(lock(), note));
  EXPECT_TRUE(Turn::take(lock(), k_long));
  EXPECT_EQ(kill(other, 0), 0);
  kill(other, SIGKILL);
  EXPECT_EQ(wait_for(other), SIGKILL);
}

TEST_F(TurnTest, AGuardianThatDoesNotEndItsRunInTimeIsEndedWithIt) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t launcher = fork();
  if (launcher == 0) {
    const auto turn = Turn::take(lock(), Milliseconds(0));
    name_run_in_turns(marker(), Milliseconds(200));
    if (fork() == 0) { // as the guardian does
      bear_tag(tag_of(marker()));
      kill(getpid(), SIGSTOP);
      _exit(0);
    }
    [[maybe_unused]] const ssize_t told = write(ready[1], "y", 1);
    _exit(0);
  }
  char answer = 0;
  ASSERT_EQ(read(ready[0], &answer, 1), 1);
  waitpid(launcher, nullptr, 0);
  EXPECT_FALSE(Turn::take(lock(), Milliseconds(50))) << "it has its time";
  EXPECT_TRUE(Turn::take(lock(), k_long));
  close(ready[0]);
  close(ready[1]);
}

TEST_F(TurnTest, NothingIsEndedWhileItsLauncherLives) {
  const auto turn = Turn::take(lock(), Milliseconds(0));
  ASSERT_TRUE(turn);
  name_run_in_turns(marker(), Milliseconds(0));
  const pid_t runner = start_bearer();
  EXPECT_FALSE(Turn::take(lock(), Milliseconds(100)));
  EXPECT_EQ(kill(runner, 0), 0);
}

} // namespace
} // namespace ctest_matrix
