#include "base/files.hpp"
#include "base/text.hpp"
#include "process/process.hpp"
#include "process/process_testing.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <set>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using End = Outcome::End;

class Process : public ProcessTest {
protected:
  std::vector<std::string> commands(const std::vector<ProcessInfo>& processes) const {
    std::vector<std::string> all;
    for (const ProcessInfo& process : processes) {
      all.push_back(process.command);
    }
    return all;
  }

  /// Calls `action` once, when the output first holds `word`.
  void when_it_says(ProcessSpec& spec, const std::string& word, std::function<void()> action) {
    spec.on_output = [this, word, action, done = false](std::string_view text) mutable {
      m_output += text;
      if (!done && m_output.find(word) != std::string::npos) {
        done = true;
        action();
      }
    };
  }
};

TEST(ProcessOutcome, SaysNothingGoodByDefault) {
  const Outcome outcome;
  EXPECT_EQ(outcome.end, End::not_started);
  EXPECT_EQ(outcome.exit_code, -1);
}

TEST_F(Process, ReportsTheExitCodeAndTheOutput) {
  for (const int code : {0, 3, 127, 255}) {
    m_output.clear();
    const Outcome outcome = supervise(child({"say", "hello", "exit", std::to_string(code)}));
    EXPECT_EQ(outcome.end, End::exited);
    EXPECT_EQ(outcome.exit_code, code);
    EXPECT_EQ(outcome.signal, 0);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.interrupted_by, 0);
    EXPECT_THAT(outcome.leaked, IsEmpty());
    EXPECT_THAT(outcome.running, IsEmpty());
    EXPECT_EQ(m_output, "hello\n");
  }
}

TEST_F(Process, LeavesNoChildAndNoHandlerBehind) {
  struct sigaction before {};

  struct sigaction after {};

  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGPIPE}) {
    sigaction(signal, nullptr, &before);
    EXPECT_EQ(supervise(child({"exit", "0"})).end, End::exited);
    sigaction(signal, nullptr, &after);
    EXPECT_EQ(before.sa_handler, after.sa_handler) << signal;
  }
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
}

TEST_F(Process, ReportsTheSignal) {
  for (const int signal : {SIGSEGV, SIGKILL, SIGTERM}) {
    const Outcome outcome = supervise(child({"signal", std::to_string(signal)}));
    EXPECT_EQ(outcome.end, End::signalled);
    EXPECT_EQ(outcome.signal, signal);
    EXPECT_EQ(outcome.exit_code, -1);
    EXPECT_EQ(outcome.error, "");
  }
}

TEST_F(Process, GivesTheRunnerACleanStart) {
  ProcessSpec spec = child({"show"});
  spec.environment = {"A=1", "CTEST_MATRIX_RUN=outer", m_mark};
  const int extra = open("/dev/null", O_RDONLY);
  std::signal(SIGUSR1, SIG_IGN);
  sigset_t blocked;
  sigset_t mask;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR2);
  pthread_sigmask(SIG_BLOCK, &blocked, &mask);
  const Outcome outcome = supervise(spec);
  pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  std::signal(SIGUSR1, SIG_DFL);
  close(extra);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(m_output, fmt::format("directory {}\n"
                                  "environment A=1\n"
                                  "environment {}\n"
                                  "environment {}\n"
                                  "descriptors 0 1 2\n"
                                  "signals default\n"
                                  "group own\n"
                                  "stdin empty\n"
                                  "this is stderr\n",
                                  m_directory.string(), m_mark, spec.marker));
}

TEST_F(Process, FindsTheProgramInThePathOfItsOwnEnvironment) {
  fs::create_directory(m_directory / "bin");
  fs::create_symlink(child_program(), m_directory / "bin" / "only-here");
  ProcessSpec spec = child({"exit", "7"});
  spec.argv.front() = "only-here";
  spec.environment = {m_mark, "PATH=/nowhere:" + (m_directory / "bin").string()};
  EXPECT_EQ(supervise(spec).exit_code, 7);
  spec.environment = {m_mark, "PATH=bin"};
  EXPECT_EQ(supervise(spec).exit_code, 7);
  spec.argv.front() = "bin/only-here";
  EXPECT_EQ(supervise(spec).exit_code, 7);
}

TEST_F(Process, SaysWhyItCannotStart) {
  const auto error_of = [](const ProcessSpec& spec) {
    const Outcome outcome = supervise(spec);
    EXPECT_EQ(outcome.end, End::not_started);
    EXPECT_EQ(outcome.exit_code, -1);
    return outcome.error;
  };
  ProcessSpec spec = child({});
  spec.environment = {m_mark, "PATH=/nowhere:/bin"};
  spec.argv = {"no-such-program"};
  EXPECT_EQ(error_of(spec), "cannot run no-such-program: No such file or directory (PATH=/nowhere:/bin)");
  spec.argv = {"./no-such-program"};
  EXPECT_EQ(error_of(spec),
            "cannot run ./no-such-program: No such file or directory (in " + m_directory.string() + ")");
  ASSERT_TRUE(write_file_atomic(m_directory / "script", "#!/no/such/interpreter\n"));
  spec.argv = {"./script"};
  EXPECT_EQ(error_of(spec), "cannot run ./script: Permission denied (in " + m_directory.string() + ")");
  fs::permissions(m_directory / "script", fs::perms::owner_all);
  EXPECT_EQ(error_of(spec),
            "cannot run ./script: No such file or directory (the file is there; its interpreter is not)");
  spec.argv = {std::string("a\0b", 3)};
  EXPECT_EQ(error_of(spec), "cannot run ab: 'ab' holds a NUL character");
  spec.argv = {};
  EXPECT_EQ(error_of(spec), "cannot run an empty command");
  spec.argv = {child_program(), "exit", "0"};
  spec.directory = m_directory / "none";
  EXPECT_EQ(error_of(spec),
            "cannot enter the directory " + (m_directory / "none").string() + ": No such file or directory");
}

TEST_F(Process, NamesAndEndsWhatIsLeftAfterThePass) {
  const Outcome outcome = supervise(child({"fork", "exit", "0"}));
  EXPECT_EQ(outcome.end, End::exited);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(commands(outcome.leaked), ElementsAre(child_program() + " fork exit 0"));
  EXPECT_THAT(marked(), IsEmpty());
}

TEST_F(Process, WaitsForWhatEndsByItself) {
  ProcessSpec spec = child({"brief", "50", "exit", "0"});
  spec.settle = Milliseconds(60'000);
  const Outcome outcome = supervise(spec);
  EXPECT_EQ(outcome.end, End::exited);
  EXPECT_THAT(outcome.leaked, IsEmpty());
}

TEST_F(Process, ADaemonIsLeakedToo) {
  const Outcome outcome = supervise(child({"daemon", "exit", "0"}));
  EXPECT_EQ(outcome.end, End::exited);
  EXPECT_THAT(commands(outcome.leaked), ElementsAre(child_program() + " daemon exit 0"));
  EXPECT_THAT(marked(), IsEmpty());
}

TEST_F(Process, WhatIsLeakedAndIgnoresTermIsKilled) {
  ProcessSpec spec = child({"ignore-term", "daemon", "fork", "exit", "4"});
  spec.grace = Milliseconds(10);
  const Outcome outcome = supervise(spec);
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_EQ(outcome.leaked.size(), 2u);
  EXPECT_THAT(marked(), IsEmpty());
}

TEST_F(Process, EndsEverythingAtTheDeadline) {
  ProcessSpec spec = child({"daemon", "fork", "say", "ready", "sleep"});
  spec.deadline = Milliseconds(500);
  const Outcome outcome = supervise(spec);
  EXPECT_EQ(outcome.end, End::deadline);
  EXPECT_EQ(outcome.exit_code, -1);
  EXPECT_EQ(outcome.signal, 0);
  EXPECT_EQ(outcome.interrupted_by, 0);
  EXPECT_GE(outcome.duration, spec.deadline);
  EXPECT_THAT(commands(outcome.running), Contains(child_program() + " daemon fork say ready sleep").Times(3));
  EXPECT_THAT(outcome.leaked, IsEmpty());
  EXPECT_THAT(marked(), IsEmpty());
}

TEST_F(Process, GivesTimeToEndInOrder) {
  ProcessSpec spec = child({"on-term", (m_directory / "told").string()});
  when_it_says(spec, "armed", [] { raise(SIGTERM); });
  const Outcome outcome = supervise(spec);
  EXPECT_EQ(outcome.end, End::interrupted) << "an exit with 0 on TERM is no exit of its own";
  EXPECT_EQ(outcome.exit_code, -1);
  EXPECT_TRUE(fs::exists(m_directory / "told"));
}

TEST_F(Process, KillsWhatIgnoresTermAfterTheGrace) {
  ProcessSpec spec = child({"ignore-term", "daemon", "fork", "say", "ready", "sleep"});
  spec.grace = Milliseconds(50);
  when_it_says(spec, "ready", [] { raise(SIGTERM); });
  const Outcome outcome = supervise(spec);
  EXPECT_EQ(outcome.end, End::interrupted);
  EXPECT_EQ(outcome.running.size(), 3u);
  EXPECT_THAT(marked(), IsEmpty());
}

TEST_F(Process, EndsAtEachOfTheSignals) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    m_output.clear();
    std::signal(signal, SIG_DFL);
    ProcessSpec spec = child({"daemon", "say", "ready", "sleep"});
    when_it_says(spec, "ready", [signal] { raise(signal); });
    int told = 0;
    spec.on_interrupt = [&] { ++told; };
    const Outcome outcome = supervise(spec);
    EXPECT_EQ(told, 1);
    EXPECT_EQ(outcome.end, End::interrupted);
    EXPECT_EQ(outcome.interrupted_by, signal);
    EXPECT_EQ(outcome.running.size(), 2u);
    EXPECT_THAT(marked(), IsEmpty());
  }
}

TEST_F(Process, AnExitBeforeTheInterruptionWins) {
  ProcessSpec spec = child({"fork", "say", "ready", "exit", "0"});
  spec.settle = Milliseconds(60'000);
  when_it_says(spec, "ready", [this] {
    EXPECT_TRUE(becomes_true([this] { return marked().size() == 1; })) << "only the grandchild is left";
    raise(SIGTERM);
    kill(marked().front(), SIGKILL);
  });
  const Outcome outcome = supervise(spec);
  EXPECT_EQ(outcome.end, End::exited);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.interrupted_by, SIGTERM);
  EXPECT_THAT(outcome.leaked, IsEmpty());
}

TEST_F(Process, AnIgnoredInterruptStaysIgnored) {
  ProcessSpec spec = child({"say", "ready", "brief", "50", "exit", "0"});
  spec.settle = Milliseconds(60'000);
  std::signal(SIGINT, SIG_IGN);
  when_it_says(spec, "ready", [] { raise(SIGINT); });
  const Outcome outcome = supervise(spec);
  std::signal(SIGINT, SIG_DFL);
  EXPECT_EQ(outcome.end, End::exited);
  EXPECT_EQ(outcome.interrupted_by, 0);
}

TEST_F(Process, CatchesWhatKeepsForking) {
  ProcessSpec spec = child({"say", "ready", "refork", "5"});
  spec.settle = Milliseconds(10);
  spec.grace = Milliseconds(10);
  const Outcome outcome = supervise(spec);
  EXPECT_EQ(outcome.end, End::exited);
  EXPECT_EQ(outcome.error, "");
  EXPECT_THAT(outcome.leaked, Not(IsEmpty()));
  EXPECT_THAT(marked(), IsEmpty());
}

TEST_F(Process, AFloodOfOutputPassesThroughWhole) {
  constexpr long long k_bytes = 200LL << 20;
  ProcessSpec spec = child({"flood", std::to_string(k_bytes)});
  long long received = 0;
  std::size_t largest = 0;
  std::set<const char*> places;
  spec.on_output = [&](std::string_view text) {
    received += static_cast<long long>(text.size());
    largest = std::max(largest, text.size());
    places.insert(text.data());
  };
  EXPECT_EQ(supervise(spec).end, End::exited);
  EXPECT_EQ(received, k_bytes);
  // All of it went through one buffer.
  EXPECT_LE(largest, 65536U);
  EXPECT_EQ(places.size(), 1U);
}

TEST_F(Process, AFloodDoesNotHoldUpTheDeadline) {
  ProcessSpec spec = child({"flood", std::to_string(1LL << 60)});
  spec.deadline = Milliseconds(300);
  spec.on_output = nullptr;
  EXPECT_EQ(supervise(spec).end, End::deadline);
  EXPECT_THAT(marked(), IsEmpty());
}

TEST_F(Process, ALostGuardianIsNoPass) {
  for (const std::string how : {"exit", "sleep"}) {
    m_output.clear();
    ProcessSpec spec = how == "exit" ? child({"parent", "daemon", "fork", "say", "ready", "exit", "0"})
                                     : child({"parent", "daemon", "fork", "say", "ready", "sleep"});
    spec.settle = Milliseconds(60'000);
    std::string guardian;
    when_it_says(spec, "ready", [&] {
      guardian = split(split_lines(m_output).front(), ' ').at(1);
      kill(std::atoi(guardian.c_str()), SIGKILL);
    });
    const Outcome outcome = supervise(spec);
    EXPECT_EQ(outcome.end, End::signalled);
    EXPECT_EQ(outcome.signal, SIGKILL);
    EXPECT_EQ(outcome.exit_code, -1);
    EXPECT_THAT(outcome.error,
                StartsWith("the guardian process " + guardian + " disappeared during the run; "));
    EXPECT_THAT(outcome.error, HasSubstr(" of its processes were killed: "));
    EXPECT_THAT(marked(), IsEmpty());
  }
}

TEST_F(Process, TheGuardianHoldsNothingOfItsLauncher) {
  int held[2];
  ASSERT_EQ(pipe(held), 0);
  std::vector<std::string> targets;
  ProcessSpec spec = child({"parent", "say", "ready", "sleep"});
  when_it_says(spec, "ready", [&] {
    const std::string guardian = split(split_lines(m_output).front(), ' ').at(1);
    for (const auto& fd : fs::directory_iterator("/proc/" + guardian + "/fd")) {
      targets.push_back(fs::read_symlink(fd));
    }
    EXPECT_EQ(fs::read_symlink("/proc/" + guardian + "/cwd"), "/");
    raise(SIGTERM);
  });
  EXPECT_EQ(supervise(spec).end, End::interrupted);
  EXPECT_THAT(targets, Contains("/dev/null").Times(3));
  EXPECT_THAT(targets, Not(Contains(fs::read_symlink(fmt::format("/proc/self/fd/{}", held[0])).string())));
  close(held[0]);
  close(held[1]);
}

TEST_F(Process, ThrowingFromTheOutputEndsTheRun) {
  ProcessSpec spec = child({"daemon", "say", "ready", "sleep"});
  when_it_says(spec, "ready", [] { throw std::runtime_error("enough"); });
  EXPECT_THROW(supervise(spec), std::runtime_error);
  EXPECT_TRUE(all_gone());
}

TEST_F(Process, KillsWhatBearsTheMarkThoughItIsNoDescendant) {
  // Like a process that an older daemon started on behalf of the run.
  const pid_t elsewhere = start({"/usr/bin/env", "CTEST_MATRIX_RUN=" + m_directory.filename().string(),
                                 child_program(), "touch", (m_directory / "there").string(), "sleep"});
  ASSERT_TRUE(becomes_true([&] { return fs::exists(m_directory / "there"); }));
  const Outcome outcome = supervise(child({"exit", "0"}));
  EXPECT_EQ(outcome.end, End::exited);
  EXPECT_THAT(commands(outcome.leaked), ElementsAre(fmt::format("{} touch {} sleep", child_program(),
                                                                (m_directory / "there").string())));
  EXPECT_EQ(wait_for(elsewhere), SIGKILL);
}

} // namespace
} // namespace ctest_matrix
