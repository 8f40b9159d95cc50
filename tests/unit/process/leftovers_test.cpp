#include "process/leftovers.hpp"
#include "process/process_testing.hpp"
#include "process/table.hpp"
#include "process/tag.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <optional>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;

constexpr Milliseconds k_no_time{0};

class Leftovers : public ProcessTest {
protected:
  /// A process that bears the marker of this run, and is up.
  pid_t start_bearer(const std::string& id, std::vector<std::string> words) {
    const fs::path up = m_directory / ("up." + id);
    std::vector<std::string> argv{"/usr/bin/env", run_marker(id), child_program(), "touch", up.string()};
    argv.insert(argv.end(), words.begin(), words.end());
    const pid_t pid = start(argv);
    EXPECT_TRUE(becomes_true([&] { return fs::exists(up); }));
    return pid;
  }

  void make_files(const std::string& id) const {
    fs::create_directories(run_directory(m_directory, id) / "deep");
    fs::create_directories(run_report(m_directory, id).parent_path());
    std::ofstream(run_report(m_directory, id)) << "half a report";
  }

  bool has_files(const std::string& id) const {
    return fs::exists(run_directory(m_directory, id)) || fs::exists(run_report(m_directory, id));
  }

  /// The id with the name of the test's directory in it: nobody else's.
  std::string id(const std::string& name) const {
    return fmt::format("{}-{}", m_directory.filename().string(), name);
  }

  /// As a launcher that is killed leaves it: a mark that nobody holds.
  void abandon(const std::string& id) const {
    fs::create_directories(m_directory / "runs");
    std::ofstream(m_directory / "runs" / id).put('\n');
    make_files(id);
  }

  std::vector<std::string> marks() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(m_directory / "runs")) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }
};

TEST_F(Leftovers, OfAnAbandonedRunAreEndedAndRemoved) {
  const std::string run = id("run");
  abandon(run);
  const pid_t stubborn = start_bearer(run, {"ignore-term", "sleep"});
  sweep_leftovers(m_directory, k_no_time);
  EXPECT_EQ(wait_for(stubborn), SIGKILL);
  EXPECT_FALSE(has_files(run));
  EXPECT_THAT(marks(), ::testing::IsEmpty());
}

TEST_F(Leftovers, ARunThatGoesOnIsLeftAlone) {
  const std::string run = id("run");
  const auto mark = RunMark::set(m_directory, run);
  ASSERT_TRUE(mark);
  make_files(run);
  const pid_t runner = start_bearer(run, {"sleep"});
  sweep_leftovers(m_directory, k_no_time);
  EXPECT_EQ(kill(runner, 0), 0);
  EXPECT_TRUE(has_files(run));
  EXPECT_THAT(marks(), ::testing::ElementsAre(run));
}

TEST_F(Leftovers, TheGuardianIsGivenItsTime) {
  const std::string run = id("run");
  abandon(run);
  const pid_t runner = start_bearer(run, {"sleep"});
  const pid_t guardian = start({"/bin/sh", "-c", fmt::format("sleep 0.2; kill -TERM {}", runner)});
  sweep_leftovers(m_directory, Milliseconds(60'000));
  EXPECT_EQ(wait_for(runner), SIGTERM);
  EXPECT_EQ(wait_for(guardian), 0);
}

TEST_F(Leftovers, OthersOfAnotherIdAreLeftAlone) {
  abandon(id("run"));
  const pid_t other = start_bearer(id("run2"), {"sleep"});
  sweep_leftovers(m_directory, k_no_time);
  EXPECT_EQ(kill(other, 0), 0);
}

TEST_F(Leftovers, AMarkGoesWithItsRun) {
  {
    const auto mark = RunMark::set(m_directory, id("run"));
    ASSERT_TRUE(mark);
    EXPECT_THAT(marks(), ::testing::ElementsAre(id("run")));
  }
  EXPECT_THAT(marks(), ::testing::IsEmpty());
}

TEST_F(Leftovers, AMarkIsGivenUpWithTheProcessThatSetIt) {
  const std::string run = id("run");
  const pid_t launcher = fork();
  if (launcher == 0) {
    const auto mark = RunMark::set(m_directory, run);
    kill(getpid(), SIGKILL);
  }
  waitpid(launcher, nullptr, 0);
  EXPECT_THAT(marks(), ::testing::ElementsAre(run));
  make_files(run);
  sweep_leftovers(m_directory, k_no_time);
  EXPECT_FALSE(has_files(run));
}

TEST_F(Leftovers, ABearerWithoutAnEnvironmentIsEndedToo) {
  const std::string run = id("run");
  abandon(run);
  const fs::path up = m_directory / "up";
  const pid_t bearer = fork();
  if (bearer == 0) {
    bear_tag(tag_of(run_marker(run)));
    setsid();
    execl("/usr/bin/env", "env", "-i", child_program().c_str(), "ignore-term", "touch", up.c_str(), "sleep",
          nullptr);
    _exit(127);
  }
  ASSERT_TRUE(becomes_true([&] { return fs::exists(up); }));
  sweep_leftovers(m_directory, k_no_time);
  int status = 0;
  EXPECT_EQ(waitpid(bearer, &status, 0), bearer);
  EXPECT_EQ(status, SIGKILL);
}

TEST_F(Leftovers, AMarkIsNotLostToASweepThatFindsItBeforeItIsLocked) {
  const pid_t sweeper = fork();
  if (sweeper == 0) {
    for (;;) {
      sweep_leftovers(m_directory, k_no_time);
    }
  }
  for (int round = 0; round < 300; ++round) {
    const auto mark = RunMark::set(m_directory, id("run"));
    ASSERT_TRUE(mark) << mark.error().message;
    EXPECT_THAT(marks(), ::testing::Contains(id("run"))) << "in round " << round;
  }
  kill(sweeper, SIGKILL);
  waitpid(sweeper, nullptr, 0);
}

TEST_F(Leftovers, NothingToSweepIsFine) {
  sweep_leftovers(m_directory / "no such directory", k_no_time);
}

} // namespace
} // namespace ctest_matrix
