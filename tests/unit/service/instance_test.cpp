// Services of a real plan, run by real supervisors: what is shared, borrowed, refused and ended.
#include "base/files.hpp"
#include "base/text.hpp"
#include "matrix/sample_matrix.hpp"
#include "process/process_testing.hpp"
#include "service/health.hpp"
#include "service/instance.hpp"
#include "service/ports.hpp"
#include "service/service.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class Instance : public ProcessTest {
protected:
  void SetUp() override {
    ProcessTest::SetUp();
    setenv("XDG_RUNTIME_DIR", m_directory.c_str(), 1);
    setenv("CTEST_MATRIX_TEST", m_mark.substr(m_mark.find('=') + 1).c_str(), 1); // of whatever is started
  }

  void TearDown() override {
    if (m_plan && !m_plan->common.services.empty()) {
      const ServiceInstance instance = engine();
      for (const ProcessIdentity& holder : instance.files().leases()) {
        instance.files().remove_lease(holder);
      }
      static_cast<void>(instance.down(ProcessIdentity::of(getpid()), Ending::now));
      EXPECT_TRUE(becomes_true([&] { return !service_runs(); }));
    }
    unsetenv("CTEST_MATRIX_TEST");
    unsetenv("XDG_RUNTIME_DIR");
    ProcessTest::TearDown();
  }

  /// A plan with a service `engine` of these lines of YAML.
  void make_service(const std::vector<std::string>& lines) {
    std::string text = "version: 1\n"
                       "name: demo\n"
                       "axes: {runtime: [native]}\n"
                       "columns: {native: {runtime: native}}\n"
                       "runner: {command: [run], report: exit-code}\n"
                       "rows: {fast: {alpha: Alpha}}\n"
                       "services:\n"
                       "  engine:\n"
                       "    grace: 10s\n";
    for (const std::string& line : lines) {
      text += fmt::format("    {}\n", line);
    }
    const Matrix matrix = sample_matrix(text);
    m_plan =
        make_plan(matrix, sample_expansion(matrix),
                  {m_directory / "matrix.yaml", m_directory, m_directory / "build/ctest-matrix/demo", ""});
  }

  /// One that answers on a port of its own.
  void make_healthy_service(const std::string& more = "linger: 0") {
    make_service(
        {fmt::format("command: [\"{}\", health, \"{{engine.port.main}}\"]", child_program()), "ports: [main]",
         "health: {url: \"http://127.0.0.1:{engine.port.main}/health\", interval: 100ms, timeout: 60s}",
         more});
  }

  ServiceInstance engine() const {
    return instances_of(m_plan->common, m_plan->common.services.front())->front();
  }

  /// Whether a process of this test bears the mark of a service.
  bool service_runs() const {
    const std::vector<pid_t> all = marked();
    return std::any_of(all.begin(), all.end(), [](pid_t pid) {
      const auto environment = read_file(fmt::format("/proc/{}/environ", pid));
      return environment && environment->find("CTEST_MATRIX_SERVICE=") != std::string::npos;
    });
  }

  std::string describe() const { return *describe_service(m_plan->common, m_plan->common.services.front()); }

  static ProcessIdentity self() { return ProcessIdentity::of(getpid()); }

  /// Another holder: a process of the test that only sleeps.
  ProcessIdentity somebody() { return ProcessIdentity::of(start({child_program(), "sleep"})); }

  std::string error_of(const Result<ServiceState>& state) const {
    EXPECT_FALSE(state);
    return state ? "" : state.error().message;
  }

  std::optional<Plan> m_plan;
};

TEST_F(Instance, IsStartedSharedAndEndsWithItsLastLease) {
  make_healthy_service();
  const ProcessIdentity other = somebody();
  const auto first = engine().up(self());
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->phase, ServicePhase::healthy);
  EXPECT_TRUE(first->supervisor.alive());
  const auto second = engine().up(other);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->instance, first->instance);
  ASSERT_TRUE(engine().down(self(), Ending::linger));
  EXPECT_THAT(describe(), StartsWith(fmt::format("engine: healthy, owned by supervisor {}, http://127.0.0.1:",
                                                 first->supervisor.pid)));
  EXPECT_EQ(engine().problem_since({.state = *first, .note = "", .listening = {}}), "");
  ASSERT_TRUE(engine().down(other, Ending::linger));
  EXPECT_EQ(describe(), "engine: stopped\n");
  EXPECT_TRUE(becomes_true([&] { return !first->supervisor.alive(); }));
}

TEST_F(Instance, LingersUntilItIsToldToEnd) {
  make_healthy_service("linger: 1000s");
  ASSERT_TRUE(engine().up(self()));
  ASSERT_TRUE(engine().down(self(), Ending::linger));
  EXPECT_THAT(describe(), HasSubstr("held by nobody, stays 16m 40s after the last one"));
  ASSERT_TRUE(engine().down(self(), Ending::now));
  EXPECT_EQ(describe(), "engine: stopped\n");
}

TEST_F(Instance, OfAnotherDefinitionIsReplacedUnlessSomebodyHoldsIt) {
  make_healthy_service("linger: 1000s");
  const auto first = engine().up(self());
  ASSERT_TRUE(first);
  make_healthy_service("environment: {MODE: other}");
  const auto replaced = engine().up(self());
  ASSERT_TRUE(replaced) << replaced.error().message;
  EXPECT_NE(replaced->instance, first->instance);
  EXPECT_TRUE(becomes_true([&] { return !first->supervisor.alive(); }));
  const ProcessIdentity other = somebody();
  make_healthy_service("environment: {MODE: third}");
  EXPECT_THAT(error_of(engine().up(other)),
              StartsWith(fmt::format("the service engine runs (supervisor {}), held by {} (",
                                     replaced->supervisor.pid, getpid())));
  EXPECT_THAT(engine().files().leases(), ::testing::ElementsAre(self()));
}

TEST_F(Instance, ThatEndsAtTheStartSaysHow) {
  make_service({fmt::format("command: [\"{}\", say, no database, exit, \"3\"]", child_program()),
                "health: {log: ready, timeout: 60s}"});
  EXPECT_THAT(error_of(engine().up(self())),
              ::testing::AllOf(StartsWith("the service engine could not be started: it exited 3 after "),
                               HasSubstr("\n  end of its log "), ::testing::EndsWith(":\n    no database")));
  EXPECT_THAT(engine().files().leases(), IsEmpty());
}

TEST_F(Instance, ThatDoesNotBecomeHealthyInTimeIsEnded) {
  make_service(
      {fmt::format("command: [\"{}\", sleep]", child_program()), "health: {log: is ready, timeout: 200ms}"});
  EXPECT_THAT(
      error_of(engine().up(self())),
      StartsWith("the service engine could not be started: not ready after 200ms: no line of its output "
                 "holds 'is ready'"));
  EXPECT_TRUE(becomes_true([&] { return !service_runs(); }));
}

TEST_F(Instance, IsHealthyWhenItsLineIsThere) {
  make_service({fmt::format("command: [\"{}\", say, the engine is ready, sleep]", child_program()),
                "health: {log: is ready, timeout: 60s}"});
  const auto state = engine().up(self());
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(state->phase, ServicePhase::healthy);
}

TEST_F(Instance, OnAFixedAddressIsBorrowedWhenItIsThere) {
  const auto port = free_port();
  ASSERT_TRUE(port);
  const std::string health = fmt::format("http://127.0.0.1:{}/health", *port);
  make_service({fmt::format("command: [\"{}\", sleep]", child_program()), "health: " + health});
  const pid_t stranger = start({child_program(), "health", std::to_string(*port)});
  const Health& asked = m_plan->common.services.front().health;
  ASSERT_TRUE(becomes_true([&] { return probe_service(asked, health, Milliseconds(60'000)).reachable; }));
  const auto state = engine().up(self());
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(state->phase, ServicePhase::borrowed);
  EXPECT_EQ(engine().problem_since({.state = *state, .note = "", .listening = {}}), "");
  EXPECT_THAT(describe(),
              StartsWith(fmt::format("engine: borrowed, {}, owned by process {}: ", health, stranger)));
  kill(stranger, SIGKILL);
  wait_for(stranger);
  EXPECT_EQ(engine().problem_since({.state = *state, .note = "", .listening = {}}),
            "the borrowed service engine no longer answers at " + health);
}

TEST_F(Instance, ThatIsBorrowedIsTheSameAsLongAsOneOfItsProcessesOrSocketsIs) {
  const auto port = free_port();
  ASSERT_TRUE(port);
  const std::string health = fmt::format("http://127.0.0.1:{}/health", *port);
  make_service({fmt::format("command: [\"{}\", sleep]", child_program()), "health: " + health});
  const Health& asked = m_plan->common.services.front().health;
  const auto answers = [&] { return probe_service(asked, health, Milliseconds(60'000)).reachable; };
  pid_t stranger = start({child_program(), "health", std::to_string(*port)});
  ASSERT_TRUE(becomes_true(answers));
  auto grant = engine().up_for_cell(self());
  ASSERT_TRUE(grant) << grant.error().message;
  ASSERT_FALSE(grant->listening.sockets.empty());
  grant->state.instance += "-and-a-worker-that-has-ended";
  EXPECT_EQ(engine().problem_since(*grant), "");
  kill(stranger, SIGKILL);
  wait_for(stranger);
  stranger = start({child_program(), "health", std::to_string(*port)});
  ASSERT_TRUE(becomes_true(answers));
  EXPECT_EQ(engine().problem_since(*grant), "the borrowed service engine was replaced by another one");
  kill(stranger, SIGKILL);
  wait_for(stranger);
}

TEST_F(Instance, OfAnotherCtestMatrixIsToldApart) {
  const auto port = free_port();
  ASSERT_TRUE(port);
  const std::string health = fmt::format("http://127.0.0.1:{}/health", *port);
  make_service({fmt::format("command: [\"{}\", sleep]", child_program()), "health: " + health});
  const pid_t other =
      start({"/usr/bin/env", "CTEST_MATRIX_SERVICE=17-4", child_program(), "health", std::to_string(*port)});
  const Health& asked = m_plan->common.services.front().health;
  ASSERT_TRUE(becomes_true([&] { return probe_service(asked, health, Milliseconds(60'000)).reachable; }));
  ASSERT_TRUE(engine().up(self()));
  EXPECT_THAT(describe(),
              HasSubstr(fmt::format("; warning: it is owned by another ctest-matrix, of another version or "
                                    "checkout: process {}: ",
                                    other)));
  kill(other, SIGKILL);
  wait_for(other);
}

TEST_F(Instance, OfAnotherVersionIsSharedAndNamesIt) {
  make_healthy_service();
  auto state = engine().up(self());
  ASSERT_TRUE(state);
  EXPECT_THAT(describe(), HasSubstr(fmt::format("owned by supervisor {}, ", state->supervisor.pid)));
  for (const auto& [version, told] : {std::pair("9.9.9", "9.9.9"), std::pair("", "0.1")}) {
    state->program = version;
    ASSERT_TRUE(engine().files().write(*state));
    EXPECT_THAT(describe(), HasSubstr(fmt::format("owned by supervisor {} of ctest-matrix {}, ",
                                                  state->supervisor.pid, told)));
    const auto again = engine().up(self());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->instance, state->instance);
  }
}

/// A program that does not know how it is kept neither shares it nor starts another one beside it.
TEST_F(Instance, OfALaterFormatIsRefused) {
  make_healthy_service();
  const auto state = engine().up(self());
  ASSERT_TRUE(state);
  const std::filesystem::path file = engine().files().directory() / "state.json";
  const std::string text = *read_file(file);
  ASSERT_TRUE(write_file_atomic(file, replace_all(text, "\"version\": 1", "\"version\": 2")));
  EXPECT_THAT(error_of(engine().up(self())),
              HasSubstr("was written by a later ctest-matrix: expected format 1"));
  EXPECT_FALSE(describe_service(m_plan->common, m_plan->common.services.front()));
  ASSERT_TRUE(write_file_atomic(file, text));
  ASSERT_TRUE(engine().down(self(), Ending::linger));
}

TEST_F(Instance, ThatEndedThoughItWasHeldIsStartedAgainOnlyOnDemand) {
  make_healthy_service();
  const auto state = engine().up(self());
  ASSERT_TRUE(state);
  kill(state->supervisor.pid, SIGKILL);
  ASSERT_TRUE(becomes_true([&] { return !state->supervisor.alive(); }));
  EXPECT_THAT(engine().problem_since({.state = *state, .note = "", .listening = {}}),
              StartsWith("the service engine ended while the cell ran: its supervisor was killed"));
  const auto refused = engine().up_for_cell(self());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, StartsWith("the service engine is gone: its supervisor was killed"));
  make_healthy_service("restart: true");
  const auto again = engine().up_for_cell(self());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->restarted);
  EXPECT_EQ(again->note, "the service engine was gone (its supervisor was killed) and was started again");
  EXPECT_EQ(again->state.phase, ServicePhase::healthy);
}

TEST_F(Instance, OfAPoolIsHeldWithoutBeingStarted) {
  make_healthy_service();
  ASSERT_TRUE(engine().reserve(self()));
  EXPECT_THAT(engine().files().leases(), ::testing::ElementsAre(self()));
  EXPECT_FALSE(engine().files().read());
  EXPECT_EQ(describe(), "engine: stopped\n");
}

} // namespace
} // namespace ctest_matrix
