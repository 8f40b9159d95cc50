// Nothing is left of a run when its launcher is killed, in every way that CTest and people do it.
#include "base/files.hpp"
#include "process/process_testing.hpp"
#include "process/table.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Survival : public ProcessTest {
protected:
  /// A runner that ignores TERM, with a daemon and a grandchild, is up: what is hardest to end.
  std::vector<std::string> stubborn() const {
    return {"ignore-term", "daemon", "fork", "touch", (m_directory / "up").string(), "sleep"};
  }

  void wait_until_up() const {
    ASSERT_TRUE(becomes_true([this] { return fs::exists(m_directory / "up"); }));
  }

  /// As CTest's time-out does it: SIGSTOP, then SIGKILL, over the tree of parent ids.
  static void kill_tree(pid_t root) {
    kill(root, SIGSTOP);
    for (const ProcessEntry& entry : all_processes()) {
      if (entry.parent == root) {
        kill_tree(entry.pid);
      }
    }
    kill(root, SIGKILL);
  }

  /// Starts the bare launcher with a shell.
  pid_t launch_shell(const std::string& script) {
    return start({CTEST_MATRIX_LAUNCHER, "CTEST_MATRIX_RUN=" + m_directory.filename().string(), "0", "50",
                  "/bin/sh", "-c", script});
  }

  /// How many processes there are with this program and any arguments, whatever their environment.
  static int count_of(const std::string& program) {
    int count = 0;
    for (const ProcessEntry& entry : all_processes()) {
      const std::vector<std::string> arguments = arguments_of(entry.pid);
      count += entry.alive() && !arguments.empty() && arguments.front() == program ? 1 : 0;
    }
    return count;
  }

  /// The runner's parent.
  pid_t guardian(pid_t launcher) const {
    for (const pid_t pid : marked()) {
      for (const ProcessEntry& entry : all_processes()) {
        if (entry.pid == pid && pid != launcher && entry.session == pid) {
          if (command_line(pid) == fmt::format("matrix-guardian of {}", launcher)) {
            return pid;
          }
        }
      }
    }
    return 0;
  }

  /// Writes a test for CTest that launches the child program.
  void write_ctest_file(const std::vector<std::string>& words, const std::string& properties) {
    std::string command =
        fmt::format("[==[{}]==] CTEST_MATRIX_RUN={} 0 100 [==[{}]==]", CTEST_MATRIX_LAUNCHER,
                    m_directory.filename().string(), child_program());
    for (const std::string& word : words) {
      command += fmt::format(" [==[{}]==]", word);
    }
    ASSERT_TRUE(write_file_atomic(m_directory / "CTestTestfile.cmake",
                                  fmt::format("add_test(case {})\n"
                                              "set_tests_properties(case PROPERTIES {})\n",
                                              command, properties)));
  }

  pid_t start_ctest() { return start({CTEST_MATRIX_CTEST, "--test-dir", m_directory.string()}); }
};

TEST_F(Survival, OfALauncherThatIsInterrupted) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    fs::remove(m_directory / "up");
    fs::remove(m_directory / "log");
    const pid_t launcher = launch(0, 50, stubborn());
    wait_until_up();
    kill(launcher, signal);
    EXPECT_EQ(wait_for(launcher), W_EXITCODE(1, 0));
    EXPECT_EQ(log(), fmt::format("end=4 exit=-1 signal=0 by={} running=3 leaked=0 error=\n", signal));
    EXPECT_TRUE(marked().empty()) << "already when the launcher returns";
  }
}

TEST_F(Survival, OfALauncherThatIsKilled) {
  const pid_t launcher = launch(0, 50, stubborn());
  wait_until_up();
  kill(launcher, SIGKILL);
  EXPECT_EQ(wait_for(launcher), SIGKILL);
  EXPECT_TRUE(all_gone());
}

TEST_F(Survival, OfALauncherThatIsKilledWithItsTree) {
  const pid_t launcher = launch(0, 50, stubborn());
  wait_until_up();
  kill_tree(launcher);
  EXPECT_EQ(wait_for(launcher), SIGKILL);
  EXPECT_TRUE(all_gone());
}

TEST_F(Survival, OfALauncherThatIsKilledWithItsGroup) {
  const pid_t launcher = launch(0, 50, stubborn());
  wait_until_up();
  kill(-launcher, SIGKILL);
  EXPECT_EQ(wait_for(launcher), SIGKILL);
  EXPECT_TRUE(all_gone());
}

TEST_F(Survival, OfALauncherThatIsStoppedThenKilledWhileTheRunnerFloods) {
  fs::create_symlink("/dev/null", m_directory / "log");
  std::vector<std::string> words = stubborn();
  words.pop_back();
  words.insert(words.end(), {"flood", std::to_string(1LL << 60)});
  const pid_t launcher = launch(0, 50, words);
  wait_until_up();
  kill_tree(launcher);
  EXPECT_EQ(wait_for(launcher), SIGKILL);
  EXPECT_TRUE(all_gone());
}

TEST_F(Survival, OfAStoppedLauncherTheDeadlineStillHolds) {
  const pid_t launcher = launch(1'000, 50, stubborn());
  wait_until_up();
  kill(launcher, SIGSTOP);
  EXPECT_TRUE(becomes_true([&] { return marked() == std::vector<pid_t>{launcher}; }));
  kill(launcher, SIGCONT);
  EXPECT_EQ(wait_for(launcher), W_EXITCODE(1, 0));
  EXPECT_EQ(log(), "end=3 exit=-1 signal=0 by=0 running=3 leaked=0 error=\n");
}

TEST_F(Survival, OfALauncherWhoseGuardianIsKilled) {
  const pid_t launcher = launch(0, 50, stubborn());
  wait_until_up();
  const pid_t lost = guardian(launcher);
  ASSERT_NE(lost, 0);
  kill(lost, SIGKILL);
  EXPECT_EQ(wait_for(launcher), W_EXITCODE(1, 0));
  EXPECT_THAT(log(),
              StartsWith(fmt::format("end=1 exit=-1 signal=9 by=0 running=0 leaked=0 error=the guardian "
                                     "process {} disappeared during the run; ",
                                     lost)));
  EXPECT_THAT(log(), HasSubstr(" of its processes were killed: "));
  EXPECT_TRUE(marked().empty());
}

TEST_F(Survival, OfALauncherWhoseGuardianIsKilledADaemonWithoutAnEnvironmentDoesNotStay) {
  const std::string daemon = m_directory / "sleep";
  fs::create_symlink("/bin/sleep", daemon);
  const pid_t launcher = launch_shell(
      fmt::format("env -i setsid {} 1000 & touch {}; sleep 1000", daemon, (m_directory / "up").string()));
  wait_until_up();
  ASSERT_TRUE(becomes_true([&] { return count_of(daemon) == 1; }));
  kill(guardian(launcher), SIGKILL);
  EXPECT_EQ(wait_for(launcher), W_EXITCODE(1, 0));
  EXPECT_EQ(count_of(daemon), 0);
}

TEST_F(Survival, OfALauncherWhoseGuardianIsStoppedTheGuardianIsWoken) {
  const pid_t launcher = launch(1'000, 50, stubborn());
  wait_until_up();
  kill(guardian(launcher), SIGSTOP);
  EXPECT_EQ(wait_for(launcher), W_EXITCODE(1, 0));
  EXPECT_EQ(log(), "end=3 exit=-1 signal=0 by=0 running=3 leaked=0 error=\n");
  EXPECT_TRUE(marked().empty());
}

TEST_F(Survival, OfALauncherWhoseGuardianHangsWhileTheRunnerFloods) {
  fs::create_symlink("/dev/null", m_directory / "log");
  std::vector<std::string> words = stubborn();
  words.pop_back();
  words.insert(words.end(), {"flood", std::to_string(1LL << 60)});
  const pid_t launcher = launch(500, 50, words);
  wait_until_up();
  const pid_t hung = guardian(launcher);
  const pid_t stopper = start({"/bin/sh", "-c", fmt::format("while kill -STOP {}; do :; done", hung)});
  EXPECT_EQ(wait_for(launcher), W_EXITCODE(1, 0)) << "it has killed the guardian, whatever else came in";
  wait_for(stopper);
  EXPECT_TRUE(all_gone());
}

TEST_F(Survival, OfALauncherThatIsStoppedTheEndOfItsParentWakesIt) {
  const pid_t parent = start(
      {"/bin/sh", "-c",
       fmt::format("{} CTEST_MATRIX_RUN={} 0 50 {} ignore-term touch {} sleep; :", CTEST_MATRIX_LAUNCHER,
                   m_directory.filename().string(), child_program(), (m_directory / "up").string())});
  wait_until_up();
  for (const ProcessEntry& entry : descendants(parent)) {
    kill(entry.pid, SIGSTOP);
  }
  kill(parent, SIGKILL);
  EXPECT_EQ(wait_for(parent), SIGKILL);
  EXPECT_TRUE(all_gone());
}

TEST_F(Survival, OfALauncherThatIsKilledTogetherWithItsGuardianTheRunnerDoesNotStay) {
  const pid_t launcher = launch(0, 50, {"ignore-term", "touch", (m_directory / "up").string(), "sleep"});
  wait_until_up();
  const pid_t lost = guardian(launcher);
  ASSERT_NE(lost, 0);
  kill(launcher, SIGSTOP);
  kill(lost, SIGKILL);
  kill(launcher, SIGKILL);
  EXPECT_EQ(wait_for(launcher), SIGKILL);
  EXPECT_TRUE(all_gone());
}

TEST_F(Survival, OfALauncherWhoseGuardianIgnoresPoliteSignals) {
  const pid_t launcher = launch(0, 50, stubborn());
  wait_until_up();
  const pid_t addressed = guardian(launcher);
  ASSERT_NE(addressed, 0);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    kill(addressed, signal);
  }
  kill(launcher, SIGTERM);
  EXPECT_EQ(wait_for(launcher), W_EXITCODE(1, 0));
  EXPECT_EQ(log(), fmt::format("end=4 exit=-1 signal=0 by={} running=3 leaked=0 error=\n", SIGTERM));
}

TEST_F(Survival, OfCTestsTimeOut) {
  write_ctest_file(stubborn(), "TIMEOUT 2");
  EXPECT_EQ(wait_for(start_ctest()), W_EXITCODE(8, 0));
  EXPECT_THAT(log(), HasSubstr("***Timeout"));
  EXPECT_TRUE(all_gone());
}

TEST_F(Survival, OfACTestThatIsKilledOrInterrupted) {
  for (const int signal : {SIGKILL, SIGINT, SIGTERM, SIGHUP}) {
    fs::remove(m_directory / "up");
    write_ctest_file(stubborn(), "TIMEOUT 600");
    const pid_t ctest = start_ctest();
    wait_until_up();
    kill(ctest, signal);
    wait_for(ctest);
    EXPECT_TRUE(all_gone()) << "after signal " << signal;
  }
}

TEST_F(Survival, CTestDoesNotWaitForWhatALeakHoldsOpen) {
  write_ctest_file({"ignore-term", "fork", "daemon", "exit", "0"}, "TIMEOUT 600");
  EXPECT_EQ(wait_for(start_ctest()), W_EXITCODE(8, 0)) << "a leak is not a pass";
  EXPECT_TRUE(all_gone());
}

TEST_F(Survival, OfALauncherBelowAnotherLauncher) {
  std::vector<std::string> words{CTEST_MATRIX_LAUNCHER, "CTEST_MATRIX_RUN=outer", "0", "2000",
                                 CTEST_MATRIX_LAUNCHER, "CTEST_MATRIX_RUN=inner", "0", "50",
                                 child_program()};
  for (const std::string& word : stubborn()) {
    words.push_back(word);
  }
  const pid_t launcher = start(words);
  wait_until_up();
  kill_tree(launcher);
  wait_for(launcher);
  EXPECT_TRUE(all_gone());
}

} // namespace
} // namespace ctest_matrix
