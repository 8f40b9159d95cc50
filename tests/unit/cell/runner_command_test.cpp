#include "cell/runner_command.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> full(ReportFormat report, const std::vector<std::string>& command) {
  SuitePlan suite;
  suite.report = report;
  CellPlan cell;
  TextTemplate::Problem problem;
  for (const std::string& argument : command) {
    cell.command.push_back(*TextTemplate::parse(argument, problem));
  }
  std::vector<std::string> all;
  for (const TextTemplate& argument : full_command(suite, cell)) {
    all.push_back(argument.source());
  }
  return all;
}

constexpr const char* k_only = "--allowOnly=false";
constexpr const char* k_errors = "--dangerouslyIgnoreUnhandledErrors=false";

TEST(RunnerCommand, GetsTheFlagsOfVitestsReport) {
  EXPECT_THAT(full(ReportFormat::vitest_json, {"pnpm", "test"}),
              ElementsAre("pnpm", "test", "--reporter=default", "--reporter=json",
                          "--outputFile.json={report}", k_only, k_errors));
}

TEST(RunnerCommand, OfAnotherRunnerIsTakenAsItIs) {
  EXPECT_THAT(full(ReportFormat::vitest_json, {"jest", "--outputFile={report}"}),
              ElementsAre("jest", "--outputFile={report}"));
  EXPECT_THAT(full(ReportFormat::junit, {"pytest", "tests/vitest/test_a.py", "{report}"}),
              ElementsAre("pytest", "tests/vitest/test_a.py", "{report}"));
}

TEST(RunnerCommand, VitestIsGuardedWhateverReportItWrites) {
  EXPECT_THAT(full(ReportFormat::junit, {"node_modules/.bin/vitest", "run", "{report}"}),
              ElementsAre("node_modules/.bin/vitest", "run", "{report}", k_only, k_errors));
  EXPECT_THAT(full(ReportFormat::tap, {"node", "x/vitest.mjs", "--reporter=tap"}),
              ElementsAre("node", "x/vitest.mjs", "--reporter=tap", k_only, k_errors));
  EXPECT_THAT(full(ReportFormat::exit_code, {"vitest"}), ElementsAre("vitest", k_only, k_errors));
}

TEST(RunnerCommand, AFlagOfTheMatrixStays) {
  EXPECT_THAT(full(ReportFormat::junit, {"vitest", "--allowOnly", "{report}"}),
              ElementsAre("vitest", "--allowOnly", "{report}", k_errors));
}

} // namespace
} // namespace ctest_matrix
