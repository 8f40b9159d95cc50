#include "base/files.hpp"
#include "process/process_testing.hpp"
#include "service/ports.hpp"
#include "service/probe.hpp"

#include <fmt/format.h>

#include <poll.h>

namespace ctest_matrix {
namespace {

constexpr Milliseconds k_patience{30'000};

Result<HealthAnswer> probe_http(const std::string& url, Milliseconds timeout) {
  TRY_ASSIGN(Probe probe, Probe::http(url, timeout));
  return answer_of(std::move(probe));
}

class Health : public ProcessTest {
protected:
  void SetUp() override {
    ProcessTest::SetUp();
    const auto port = free_port();
    ASSERT_TRUE(port);
    m_port = *port;
  }

  void serve(const std::string& how) {
    start({child_program(), how, std::to_string(m_port)});
    ASSERT_TRUE(becomes_true([this] { return is_listening(); }));
  }

  HealthAnswer connect() const {
    return answer_of(Probe::tcp({.host = "127.0.0.1", .port = m_port}, k_patience));
  }

  bool is_listening() const { return connect().reachable; }

  std::string url(const std::string& target) const {
    return fmt::format("http://127.0.0.1:{}{}", m_port, target);
  }

  int m_port = 0;
};

TEST_F(Health, TellsStatusAndBody) {
  serve("health");
  const auto answer = probe_http(url("/health"), k_patience);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->reachable);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, R"({"status":"ok"})");
  EXPECT_EQ(answer->error, "");
}

TEST_F(Health, AnotherStatusIsAnAnswerToo) {
  serve("health");
  for (const char* target : {"/", "", "?x", "/health2"}) {
    const auto answer = probe_http(url(target), k_patience);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->reachable);
    EXPECT_EQ(answer->status, 404) << target;
    EXPECT_EQ(answer->body, "no");
  }
}

TEST_F(Health, NobodyThere) {
  const auto answer = probe_http(url("/health"), k_patience);
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->reachable);
  EXPECT_EQ(answer->status, 0);
  EXPECT_EQ(answer->error, "no answer from " + url("/health") + ": connection refused");
  const HealthAnswer tcp = connect();
  EXPECT_FALSE(tcp.reachable);
  EXPECT_EQ(tcp.error, fmt::format("no connection to 127.0.0.1:{}: Connection refused", m_port));
}

TEST_F(Health, AnEndlessAnswerIsBrokenOff) {
  serve("drip");
  const auto answer = probe_http(url("/health"), Milliseconds(200));
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->reachable);
  EXPECT_EQ(answer->status, 0);
  EXPECT_EQ(answer->error, "no answer from " + url("/health") + ": nothing complete within 200ms");
}

TEST_F(Health, NothingIsSaidWithinTheTime) {
  serve("mute");
  const auto answer = probe_http(url("/health"), Milliseconds(200));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error, "no answer from " + url("/health") + ": nothing complete within 200ms");
}

TEST_F(Health, ABodyThatNeverEndsIsCut) {
  serve("gush");
  const auto answer = probe_http(url("/health"), k_patience);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->reachable);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body.size(), std::size_t{1} << 20);
}

TEST_F(Health, AnAnswerInChunksAndOneThatIsNone) {
  const auto file = m_directory / "answer";
  ASSERT_TRUE(
      write_file_atomic(file, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwiki\r\n0\r\n\r\n"));
  start({child_program(), "answer", std::to_string(m_port), file.string()});
  ASSERT_TRUE(becomes_true([this] { return is_listening(); }));
  auto answer = probe_http(url("/"), k_patience);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "wiki");
  ASSERT_TRUE(write_file_atomic(file, "SSH-2.0-OpenSSH_9.2\r\n"));
  answer = probe_http(url("/"), k_patience);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error, "no answer from " + url("/") + ": what answers does not speak HTTP");
  ASSERT_TRUE(write_file_atomic(file, ""));
  answer = probe_http(url("/"), k_patience);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error, "no answer from " + url("/") + ": the connection ended without an HTTP response");
}

TEST_F(Health, ByNameAndByTheOtherAddressOfAName) {
  serve("health"); // listens on 127.0.0.1 only
  const auto answer = probe_http(fmt::format("http://localhost:{}/health", m_port), k_patience);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200) << answer->error;
  EXPECT_TRUE(answer_of(Probe::tcp({.host = "localhost", .port = m_port}, k_patience)).reachable);
}

TEST(Probe, KnowsNoNameServer) {
  const auto answer = probe_http("http://engine.invalid/", k_patience);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error,
            "no answer from http://engine.invalid/: 'engine.invalid' is neither an address nor a name in "
            "/etc/hosts, and no name server is asked");
}

TEST_F(Health, NeverWaitsWhereItIsAskedNotTo) {
  serve("mute");
  auto probe = Probe::http(url("/"), k_patience);
  ASSERT_TRUE(probe);
  EXPECT_TRUE(becomes_true([&] {
    EXPECT_FALSE(probe->advance());
    return probe->awaited().events == POLLIN; // asked, and waiting for the answer
  }));
  EXPECT_GE(probe->awaited().descriptor, 0);
}

} // namespace
} // namespace ctest_matrix
