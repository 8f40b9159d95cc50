#include "process/process_testing.hpp"
#include "process/table.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class ProcessTable : public ProcessTest {
protected:
  pid_t start_child(std::vector<std::string> words) {
    words.insert(words.begin(), {child_program(), "touch", (m_directory / "up").string()});
    const pid_t pid = start(words);
    EXPECT_TRUE(becomes_true([this] { return fs::exists(m_directory / "up"); }));
    return pid;
  }
};

TEST_F(ProcessTable, DescribesAProcess) {
  const pid_t pid = start_child({"sleep"});
  EXPECT_EQ(command_line(pid),
            fmt::format("{} touch {} sleep", child_program(), (m_directory / "up").string()));
  EXPECT_EQ(executable(pid), fs::canonical(child_program()));
  EXPECT_EQ(start_time(pid), start_time(pid));
  EXPECT_GE(start_time(pid), start_time(getpid()));
  EXPECT_NE(start_time(pid), std::nullopt);
  EXPECT_FALSE(is_being_killed(pid));
}

TEST_F(ProcessTable, KnowsNothingOfAProcessThatIsGone) {
  const pid_t pid = start_child({"exit", "0"});
  wait_for(pid);
  EXPECT_EQ(command_line(pid), "");
  EXPECT_EQ(executable(pid), std::nullopt);
  EXPECT_EQ(start_time(pid), std::nullopt);
  EXPECT_THAT(descendants(pid), IsEmpty());
}

TEST_F(ProcessTable, KeepsALongCommandShortAndOnOneLine) {
  const pid_t pid = start_child({"say", "two\nlines" + std::string(1000, 'x'), "sleep"});
  const std::string line = command_line(pid);
  EXPECT_LE(line.size(), 400u);
  EXPECT_THAT(line, Not(::testing::HasSubstr("\n")));
}

TEST_F(ProcessTable, FindsTheTreeBelowAProcess) {
  const pid_t pid = start_child({"fork", "fork", "touch", (m_directory / "forked").string(), "sleep"});
  ASSERT_TRUE(becomes_true([this] { return fs::exists(m_directory / "forked"); }));
  EXPECT_EQ(descendants(pid).size(), 2u);
  std::vector<pid_t> own;
  for (const ProcessEntry& entry : descendants(getpid())) {
    own.push_back(entry.pid);
  }
  EXPECT_EQ(own.size(), 3u);
  EXPECT_EQ(own.front(), pid) << "parents come first";
}

TEST_F(ProcessTable, AZombieIsNotAlive) {
  const pid_t pid = fork();
  if (pid == 0) {
    _exit(0);
  }
  siginfo_t info;
  waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
  EXPECT_THAT(descendants(getpid()), IsEmpty());
  EXPECT_THAT(all_processes(), Contains(::testing::Field(&ProcessEntry::pid, pid)));
  waitpid(pid, nullptr, 0);
}

TEST_F(ProcessTable, FindsAMarkOnlyAsAWholeEntry) {
  const pid_t pid = start_child({"sleep"});
  EXPECT_THAT(processes_with_environment(m_mark), ElementsAre(pid));
  EXPECT_THAT(processes_with_environment(m_mark.substr(0, m_mark.size() - 1)), IsEmpty());
  EXPECT_THAT(processes_with_environment(m_mark.substr(1)), IsEmpty());
  EXPECT_THAT(processes_with_environment(m_mark + "x"), IsEmpty());
  EXPECT_THAT(processes_with_environment(""), IsEmpty());
  EXPECT_FALSE(own_environment_has(m_mark));
  EXPECT_TRUE(own_environment_has(fmt::format("PATH={}", getenv("PATH"))));
}

TEST_F(ProcessTable, KnowsForHowLongAProcessOfANameHasRun) {
  EXPECT_EQ(longest_running("no such name"), Milliseconds(0));
  start_child({"sleep"});
  EXPECT_TRUE(becomes_true([] { return longest_running("child") > Milliseconds(0); }));
  EXPECT_GE(longest_running(""), longest_running("child"));
}

TEST_F(ProcessTable, SignalsEachProcessOnceAndSparesOthers) {
  const pid_t pid = start_child({"sleep"});
  const pid_t other = start_child({"sleep"});
  for (const ProcessEntry& entry : descendants(getpid())) {
    if (entry.pid == pid) {
      send_signal({entry}, SIGTERM);
    }
  }
  EXPECT_EQ(wait_for(pid), SIGTERM);
  EXPECT_EQ(waitpid(other, nullptr, WNOHANG), 0);
}

} // namespace
} // namespace ctest_matrix
