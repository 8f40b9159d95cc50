#include "base/files.hpp"
#include "service/state.hpp"

#include <gmock/gmock.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

class ServiceStateTest : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "service_state_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_directory = pattern;
  }

  void TearDown() override { fs::remove_all(m_directory); }

  fs::path m_directory;
};

TEST_F(ServiceStateTest, OfVersion01SaysNoVersionAndIsRead) {
  ASSERT_TRUE(write_file_atomic(m_directory / "state.json", R"({
 "definition": "0123456789abcdef", "detail": "", "instance": "17-4", "linger": 500, "log": "/tmp/x.log",
 "phase": "healthy", "start_time": 120, "supervisor": 17, "supervisor_start": 99,
 "target": "http://127.0.0.1:6420/health", "values": {"engine.port.guard": "6420"}
}
)"));
  const ServiceFiles files(m_directory);
  EXPECT_TRUE(files.check_format());
  const auto state = files.read();
  ASSERT_TRUE(state);
  EXPECT_EQ(state->program, "");
  EXPECT_EQ(state->supervisor.pid, 17);
}

TEST_F(ServiceStateTest, OfALaterProgramIsRefused) {
  ASSERT_TRUE(
      write_file_atomic(m_directory / "state.json", "{\n \"version\": 2,\n \"phase\": \"healthy\"}\n"));
  const ServiceFiles files(m_directory);
  EXPECT_FALSE(files.read());
  const auto refused = files.check_format();
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("expected format 1 or an earlier one, got 2"), std::string::npos);
}

TEST_F(ServiceStateTest, ReadsBackWhatItWrote) {
  const ServiceFiles files(m_directory);
  EXPECT_FALSE(files.read());
  ServiceState state;
  state.phase = ServicePhase::died;
  state.instance = "17-4";
  state.supervisor = {17, 99};
  state.values = {{"engine.port.guard", "6420"}};
  state.target = "http://127.0.0.1:6420/health";
  state.definition = "0123456789abcdef";
  state.log = "/tmp/x.log";
  state.detail = "it exited 1";
  state.start_time = Milliseconds(250);
  state.linger = Milliseconds(30'000);
  ASSERT_TRUE(files.write(state));
  const auto read = files.read();
  ASSERT_TRUE(read);
  EXPECT_EQ(read->phase, ServicePhase::died);
  EXPECT_EQ(read->instance, "17-4");
  EXPECT_EQ(read->supervisor, (ProcessIdentity{17, 99}));
  EXPECT_EQ(read->values.at("engine.port.guard"), "6420");
  EXPECT_EQ(read->target, "http://127.0.0.1:6420/health");
  EXPECT_EQ(read->definition, "0123456789abcdef");
  EXPECT_EQ(read->detail, "it exited 1");
  EXPECT_EQ(read->start_time, Milliseconds(250));
  EXPECT_EQ(read->linger, Milliseconds(30'000));
}

TEST_F(ServiceStateTest, AStateThatIsTornIsNone) {
  ASSERT_TRUE(write_file_atomic(m_directory / "state.json", "{\"phase\": \"heal"));
  EXPECT_FALSE(ServiceFiles(m_directory).read());
}

TEST_F(ServiceStateTest, ALeaseLivesAsLongAsItsProcess) {
  const ServiceFiles files(m_directory);
  const pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  const ProcessIdentity holder = ProcessIdentity::of(child);
  ASSERT_TRUE(files.add_lease(holder));
  ASSERT_TRUE(files.add_lease({child, holder.start_time + 1})); // an earlier process of the same number
  EXPECT_THAT(files.leases(), ElementsAre(holder));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_THAT(files.leases(), ElementsAre());
  EXPECT_TRUE(fs::is_empty(m_directory / "leases"));
}

TEST_F(ServiceStateTest, ALeaseCanBeGivenBack) {
  const ServiceFiles files(m_directory);
  const ProcessIdentity self = ProcessIdentity::of(getpid());
  ASSERT_TRUE(files.add_lease(self));
  EXPECT_THAT(files.leases(), ElementsAre(self));
  files.remove_lease(self);
  EXPECT_THAT(files.leases(), ElementsAre());
}

} // namespace
} // namespace ctest_matrix
