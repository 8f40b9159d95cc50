#include "process/leftovers.hpp"
#include "process/notes.hpp"
#include "process/process_testing.hpp"
#include "process/tag.hpp"

#include <gmock/gmock.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;

class NotesTest : public ProcessTest {
protected:
  std::string marker() const { return run_marker(m_directory.filename().string() + "-notes"); }

  /// A process below this one that bears neither tag nor marker.
  pid_t start_bare() {
    const fs::path up = m_directory / "up";
    const pid_t pid = fork();
    if (pid == 0) {
      setsid();
      execl("/usr/bin/env", "env", "-i", child_program().c_str(), "ignore-term", "touch", up.c_str(), "sleep",
            nullptr);
      _exit(127);
    }
    EXPECT_TRUE(becomes_true([&] { return fs::exists(up); }));
    return pid;
  }

  bool is_noted(pid_t pid) const {
    const auto noted = noted_processes(marker());
    return std::ranges::find(noted, ProcessIdentity::of(pid)) != noted.end();
  }
};

TEST_F(NotesTest, WhatNothingElseTellsIsKnownByItsNumber) {
  const pid_t bare = start_bare();
  EXPECT_TRUE(processes_of_run(marker()).empty());
  ProcessNotes notes(marker());
  notes.look_when_due();
  EXPECT_TRUE(is_noted(bare));
  EXPECT_EQ(processes_of_run(marker()).size(), 1U);
  end_bearers(marker(), Milliseconds(0));
  int status = 0;
  EXPECT_EQ(waitpid(bare, &status, 0), bare);
  EXPECT_EQ(status, SIGKILL);
  EXPECT_THAT(noted_processes(marker()), ::testing::IsEmpty()) << "nothing is left";
}

TEST_F(NotesTest, WhatBearsTheTagIsNotNoted) {
  const pid_t tagged = fork();
  if (tagged == 0) {
    bear_tag(tag_of(marker()));
    execl("/bin/sleep", "sleep", "1000", nullptr);
    _exit(127);
  }
  ASSERT_TRUE(becomes_true([&] { return bears_tag(tagged, tag_of(marker())); }));
  ProcessNotes notes(marker());
  notes.look_when_due();
  EXPECT_FALSE(is_noted(tagged));
  kill(tagged, SIGKILL);
  waitpid(tagged, nullptr, 0);
}

TEST_F(NotesTest, ANumberThatWasGivenOutAgainIsNotThatProcess) {
  const pid_t bare = start_bare();
  ProcessNotes notes(marker());
  notes.look_when_due();
  kill(bare, SIGKILL);
  waitpid(bare, nullptr, 0);
  EXPECT_THAT(processes_of_run(marker()), ::testing::IsEmpty());
  notes.remove();
  EXPECT_THAT(noted_processes(marker()), ::testing::IsEmpty());
}

TEST_F(NotesTest, LooksSoonAtFirstAndSeldomLater) {
  ProcessNotes notes(marker());
  const Milliseconds first = notes.due();
  notes.look_when_due();
  EXPECT_GE(notes.due(), first + Milliseconds(20));
  const Milliseconds due = notes.due();
  notes.look_when_due();
  EXPECT_EQ(notes.due(), due) << "it was not time yet";
  EXPECT_TRUE(ProcessNotes("").due() <= system_clock().monotonic());
}

} // namespace
} // namespace ctest_matrix
