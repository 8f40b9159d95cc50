#include "process/process_testing.hpp"
#include "service/ports.hpp"
#include "service/probe.hpp"

#include <fmt/format.h>

namespace ctest_matrix {
namespace {

constexpr Milliseconds k_patience{30'000};

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
    ASSERT_TRUE(becomes_true([this] { return probe_tcp("127.0.0.1", m_port, k_patience).reachable; }));
  }

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
  const HealthAnswer tcp = probe_tcp("127.0.0.1", m_port, k_patience);
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

TEST_F(Health, RefusesWhatIsNoHttpUrl) {
  const auto error_of = [](const std::string& text) {
    const auto answer = probe_http(text, k_patience);
    EXPECT_FALSE(answer) << text;
    return answer ? "" : answer.error().message;
  };
  const auto bad = [](const std::string& text, const std::string& why) {
    return "bad health URL '" + text + "': " + why + "; expected http://HOST[:PORT][/PATH]";
  };
  for (const char* text : {"", "127.0.0.1:6420", "https://127.0.0.1/health"}) {
    EXPECT_EQ(error_of(text), bad(text, "it does not begin with http://"));
  }
  for (const char* text : {"http://", "http:///health", "http://:80/", "http://[]/"}) {
    EXPECT_EQ(error_of(text), bad(text, "it has no host"));
  }
  for (const char* text : {"http://h:/", "http://h:0/", "http://h:65536/", "http://h:8a/", "http://[::1]80/",
                           "http://h:-1/", "http://h:99999999999999999999/"}) {
    EXPECT_EQ(error_of(text), bad(text, "the port is not a number from 1 to 65535"));
  }
  EXPECT_EQ(error_of("http://[::1/"), bad("http://[::1/", "the bracket is not closed"));
  EXPECT_EQ(error_of("http://a@h/"), bad("http://a@h/", "a user name is not supported"));
  EXPECT_EQ(error_of("http://h/a b"),
            bad("http://h/a b", "it holds a space, a control character or one that is not ASCII"));
}

} // namespace
} // namespace ctest_matrix
