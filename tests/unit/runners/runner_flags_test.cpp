#include "runners/runner_flags.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

constexpr const char* k_only = "--allowOnly=false";
constexpr const char* k_errors = "--dangerouslyIgnoreUnhandledErrors=false";

TEST(RunnerFlags, MakeVitestWriteItsReport) {
  EXPECT_THAT(
      missing_flags(ReportFormat::vitest_json, {"pnpm", "test"}),
      ElementsAre("--reporter=default", "--reporter=json", "--outputFile.json={report}", k_only, k_errors));
}

TEST(RunnerFlags, AreNotForAnotherRunner) {
  EXPECT_THAT(missing_flags(ReportFormat::vitest_json, {"jest", "--outputFile={report}"}), ElementsAre());
  EXPECT_THAT(missing_flags(ReportFormat::junit, {"pytest", "tests/vitest/test_a.py", "{report}"}),
              ElementsAre());
}

TEST(RunnerFlags, GuardVitestWhateverReportItWrites) {
  EXPECT_THAT(missing_flags(ReportFormat::junit, {"node_modules/.bin/vitest", "run", "{report}"}),
              ElementsAre(k_only, k_errors));
  EXPECT_THAT(missing_flags(ReportFormat::tap, {"node", "x/vitest.mjs", "--reporter=tap"}),
              ElementsAre(k_only, k_errors));
  EXPECT_THAT(missing_flags(ReportFormat::exit_code, {"vitest"}), ElementsAre(k_only, k_errors));
}

TEST(RunnerFlags, LeaveAFlagOfTheMatrixAlone) {
  EXPECT_THAT(missing_flags(ReportFormat::junit, {"vitest", "--allowOnly", "{report}"}),
              ElementsAre(k_errors));
}

} // namespace
} // namespace ctest_matrix
