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
  EXPECT_EQ(health_endpoint(HealthKind::http, "http://127.0.0.1:6420/health")->port, 6420);
  EXPECT_EQ(health_endpoint(HealthKind::http, "http://host/a:99")->port, 80);
  EXPECT_EQ(health_endpoint(HealthKind::http, "http://[::1]:81/")->port, 81);
  EXPECT_EQ(health_endpoint(HealthKind::http, "http://[::1]")->port, 80);
  EXPECT_EQ(health_endpoint(HealthKind::tcp, "localhost:5432")->port, 5432);
  EXPECT_EQ(health_endpoint(HealthKind::tcp, "[::1]:5432")->port, 5432);
  EXPECT_FALSE(health_endpoint(HealthKind::tcp, "localhost"));
  EXPECT_FALSE(health_endpoint(HealthKind::tcp, "localhost:http"));
  EXPECT_FALSE(health_endpoint(HealthKind::tcp, "localhost:70000"));
  EXPECT_FALSE(health_endpoint(HealthKind::log, "listening on localhost:80"));
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

TEST(ServiceHealth, JudgesStatusAndFieldsOfAnAnswer) {
  Health health = of_kind(HealthKind::http);
  const auto problem = [&](int status, const std::string& body) {
    return judge_answer(health, {.reachable = true, .status = status, .body = body, .error = ""}).problem;
  };
  EXPECT_EQ(problem(200, "whatever"), "");
  EXPECT_EQ(problem(503, "whatever"), "expected status 200, got 503");
  health.fields = {{"runtime", "engine"}, {"port", "80"}};
  EXPECT_EQ(problem(200, R"({"runtime": "engine", "port": 80})"), "");
  EXPECT_EQ(problem(200, R"({"runtime": "other", "port": 80})"), R"(expected runtime "engine", got "other")");
  EXPECT_EQ(problem(200, R"({"runtime": "engine"})"),
            R"(expected a field "port" in its answer, got {"runtime": "engine"})");
  EXPECT_EQ(problem(200, "no JSON"), R"(expected a field "runtime" in its answer, got no JSON)");
}

std::vector<int> pauses(ProbePauses schedule, const std::vector<bool>& reachable) {
  std::vector<int> all;
  for (const bool reached : reachable) {
    all.push_back(static_cast<int>(schedule.after({reached, "not yet"}).count()));
  }
  return all;
}

TEST(ServiceHealth, AStartIsAskedForSoonAndOften) {
  const ProbePauses schedule(Milliseconds(100));
  EXPECT_EQ(pauses(schedule, {false, false, false, false, false}), (std::vector{10, 20, 20, 20, 20}));
  EXPECT_EQ(pauses(schedule, {false, false, false, true, true, false}),
            (std::vector{10, 20, 20, 10, 10, 10}));
  std::vector<int> all = pauses(schedule, std::vector<bool>(200, true));
  EXPECT_EQ(all.front(), 10);
  EXPECT_EQ(all.back(), 100) << "never longer than the interval";
  EXPECT_EQ(pauses(ProbePauses(Milliseconds(5)), {false, true}), (std::vector{5, 5}));
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
