#include "service/health.hpp"
#include "service/ports.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

Health of_kind(HealthKind kind) {
  Health health;
  health.kind = kind;
  return health;
}

TEST(ServiceHealth, FindsThePortOfATarget) {
  EXPECT_EQ(health_port(HealthKind::http, "http://127.0.0.1:6420/health"), 6420);
  EXPECT_EQ(health_port(HealthKind::http, "http://host/a:99"), 80);
  EXPECT_EQ(health_port(HealthKind::http, "http://[::1]:81/"), 81);
  EXPECT_EQ(health_port(HealthKind::http, "http://[::1]"), 80);
  EXPECT_EQ(health_port(HealthKind::tcp, "localhost:5432"), 5432);
  EXPECT_EQ(health_port(HealthKind::tcp, "[::1]:5432"), 5432);
  EXPECT_EQ(health_port(HealthKind::tcp, "localhost"), std::nullopt);
  EXPECT_EQ(health_port(HealthKind::tcp, "localhost:http"), std::nullopt);
  EXPECT_EQ(health_port(HealthKind::tcp, "localhost:70000"), std::nullopt);
  EXPECT_EQ(health_port(HealthKind::log, "listening on localhost:80"), std::nullopt);
}

TEST(ServiceHealth, AnAddressThatIsNoneIsAProblemThatNamesIt) {
  for (const char* bad : {"localhost", ":80", "localhost:0", "localhost:eighty"}) {
    const ServiceProbe probe = probe_service(of_kind(HealthKind::tcp), bad, Milliseconds(1000));
    EXPECT_FALSE(probe.reachable);
    EXPECT_EQ(probe.problem, "bad address '" + std::string(bad) + "'; expected HOST:PORT");
  }
  const ServiceProbe probe = probe_service(of_kind(HealthKind::http), "https://x", Milliseconds(1000));
  EXPECT_FALSE(probe.reachable);
  EXPECT_EQ(probe.problem, "bad health URL 'https://x': it does not begin with http://; expected "
                           "http://HOST[:PORT][/PATH]");
}

TEST(ServiceHealth, NobodyThereIsAProblem) {
  const auto port = free_port();
  ASSERT_TRUE(port);
  const std::string address = "127.0.0.1:" + std::to_string(*port);
  const ServiceProbe tcp = probe_service(of_kind(HealthKind::tcp), address, Milliseconds(5000));
  EXPECT_FALSE(tcp.reachable);
  EXPECT_EQ(tcp.problem, "no connection to " + address + ": Connection refused");
  EXPECT_FALSE(probe_service(of_kind(HealthKind::http), "http://" + address, Milliseconds(5000)).reachable);
  EXPECT_FALSE(probe_service(of_kind(HealthKind::log), "ready", Milliseconds(5000)).reachable);
}

} // namespace
} // namespace ctest_matrix
