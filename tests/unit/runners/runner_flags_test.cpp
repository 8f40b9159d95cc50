#include "runners/runner_flags.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

constexpr const char* k_only = "--allowOnly=false";
constexpr const char* k_errors = "--dangerouslyIgnoreUnhandledErrors=false";
constexpr const char* k_all = "--testNamePattern=^";

TEST(RunnerFlags, MakeVitestWriteItsReport) {
  EXPECT_THAT(
      missing_flags(ReportFormat::vitest_json, {"pnpm", "test"}),
      ElementsAre("--reporter=default", "--reporter=json", "--outputFile={report}", k_only, k_errors, k_all));
}

TEST(RunnerFlags, LeaveAloneWhatIsSaidOfReports) {
  EXPECT_THAT(missing_flags(ReportFormat::vitest_json, {"vitest", "--outputFile.junit=x.xml"}),
              ElementsAre("--reporter=default", "--reporter=json", "--outputFile.json={report}", k_only,
                          k_errors, k_all));
  EXPECT_THAT(missing_flags(ReportFormat::vitest_json, {"pnpm", "test"},
                            "vitest run --reporter=junit --allowOnly -t x"),
              ElementsAre("--reporter=default", "--reporter=json", "--outputFile.json={report}", k_errors));
}

TEST(RunnerFlags, AreNotForAnotherRunner) {
  EXPECT_THAT(missing_flags(ReportFormat::vitest_json, {"jest", "--outputFile={report}"}),
              ElementsAre("--testNamePattern=^"));
  EXPECT_THAT(missing_flags(ReportFormat::junit, {"runner", "tests/vitest/test_a.py", "{report}"}),
              ElementsAre());
}

TEST(RunnerFlags, GuardVitestWhateverReportItWrites) {
  EXPECT_THAT(missing_flags(ReportFormat::junit, {"node_modules/.bin/vitest", "run", "{report}"}),
              ElementsAre(k_only, k_errors, k_all));
  EXPECT_THAT(missing_flags(ReportFormat::tap, {"node", "x/vitest.mjs", "run"}),
              ElementsAre(k_only, k_errors, k_all));
  EXPECT_THAT(missing_flags(ReportFormat::exit_code, {"vitest"}), ElementsAre(k_only, k_errors, k_all));
}

TEST(RunnerFlags, LeaveAFlagOfTheMatrixAlone) {
  EXPECT_THAT(missing_flags(ReportFormat::junit, {"vitest", "--allowOnly", "-t", "x", "{report}"}),
              ElementsAre(k_errors));
  EXPECT_THAT(missing_flags(ReportFormat::junit, {"vitest", "--testNamePattern=x", "{report}"}),
              ElementsAre(k_only, k_errors));
}

TEST(RunnerFlags, OfAnotherCommandAreNoneOfTheRunners) {
  const char* const k_reports[] = {"--reporter=default", "--reporter=json", "--outputFile={report}"};
  const auto all = ElementsAre(k_reports[0], k_reports[1], k_reports[2], k_only, k_errors, k_all);
  EXPECT_THAT(missing_flags(ReportFormat::vitest_json, {"pnpm", "test"}, "tsc -t esnext && vitest run"), all);
  EXPECT_THAT(missing_flags(ReportFormat::vitest_json, {"pnpm", "test"}, "cross-env -t x vitest run"), all);
  EXPECT_THAT(missing_flags(ReportFormat::vitest_json, {"docker", "run", "-t", "image", "vitest", "run"}),
              all);
  EXPECT_THAT(missing_flags(ReportFormat::vitest_json, {"pnpm", "test"}, "tsc -b && vitest run -t x"),
              ElementsAre(k_reports[0], k_reports[1], k_reports[2], k_only, k_errors));
  EXPECT_THAT(missing_flags(ReportFormat::junit, {"sh", "-c", "tsc -t x; vitest -t y \"$@\"", "vitest"}),
              ElementsAre(k_only, k_errors));
}

TEST(RunnerFlags, PutVitestsDefaultReporterBesideOneThatLosesErrors) {
  EXPECT_THAT(missing_flags(ReportFormat::junit, {"vitest", "run", "--reporter=junit", "{report}"}),
              ElementsAre(k_only, k_errors, k_all, "--reporter=default"));
  EXPECT_THAT(missing_flags(ReportFormat::tap, {"vitest", "run", "--reporter", "tap"}),
              ElementsAre(k_only, k_errors, k_all, "--reporter=default"));
  EXPECT_THAT(missing_flags(ReportFormat::junit,
                            {"vitest", "run", "--reporter=verbose", "--reporter=junit", "{report}"}),
              ElementsAre(k_only, k_errors, k_all));
}

TEST(RunnerFlags, GuardOtherRunnersWhereTheyCan) {
  EXPECT_THAT(
      missing_flags(ReportFormat::junit, {"npx", "mocha", "{report}"}),
      ElementsAre("--forbid-only", "--forbidOnly", "--no-dry-run", "--no-dryRun", "--no-invert", "--grep=^"));
  EXPECT_THAT(missing_flags(ReportFormat::junit, {"mocha", "-g", "{filter}", "--invert", "{report}"}),
              ElementsAre("--forbid-only", "--forbidOnly", "--no-dry-run", "--no-dryRun"));
  EXPECT_THAT(missing_flags(ReportFormat::junit, {"mocha", "--fgrep=x", "--no-dryRun"}),
              ElementsAre("--forbid-only", "--forbidOnly", "--no-dry-run", "--no-invert"));
  EXPECT_THAT(missing_flags(ReportFormat::junit, {"npx", "playwright", "test", "{report}"}),
              ElementsAre("--forbid-only"));
  EXPECT_THAT(missing_flags(ReportFormat::junit, {"python3", "-m", "pytest", "{report}"}),
              ElementsAre("--override-ini=cache_dir={tmp}/pytest-cache", "--junit-prefix="));
  EXPECT_THAT(missing_flags(ReportFormat::junit, {"pytest", "-p", "no:cacheprovider", "{report}"}),
              ElementsAre("--junit-prefix="));
  EXPECT_THAT(
      missing_flags(ReportFormat::junit, {"pytest", "-o", "cache_dir=x", "--junitprefix", "x", "{report}"}),
      ElementsAre());
  EXPECT_THAT(missing_flags(ReportFormat::vitest_json, {"npx", "jest", "--json", "--outputFile={report}"}),
              ElementsAre("--testNamePattern=^"));
  EXPECT_THAT(missing_flags(ReportFormat::vitest_json,
                            {"node_modules/jest/bin/jest.js", "-t", "{filter}", "{report}"}),
              ElementsAre());
}

TEST(RunnerFlags, OfPytestMaySelect) {
  EXPECT_FALSE(selects_for_pytest({"python3", "-m", "pytest", "tests/test_a.py", "--junit-xml=x"}));
  EXPECT_TRUE(selects_for_pytest({"pytest", "tests/test_a.py", "-k", "x"}));
  EXPECT_TRUE(selects_for_pytest({"pytest", "tests/test_a.py", "-mslow"}));
  EXPECT_TRUE(selects_for_pytest({"pytest", "tests/test_a.py::TestA"}));
  EXPECT_TRUE(selects_for_pytest({"pytest", "--deselect=tests/test_a.py::x"}));
}

TEST(RunnerFlags, GuardAListing) {
  EXPECT_THAT(missing_flags(ListingFormat::pytest, {"pytest", "--collect-only", "-q"}),
              ElementsAre("--override-ini=cache_dir={tmp}/pytest-cache", "--junit-prefix="));
  EXPECT_THAT(missing_flags(ListingFormat::lines, {"pytest", "--collect-only", "-q"}), ElementsAre());
}

TEST(RunnerFlags, KeepGoFromItsCache) {
  const auto flags = [](const std::vector<std::string>& command) {
    return missing_flags(ReportFormat::junit, command);
  };
  EXPECT_THAT(flags({"gotestsum", "--junitfile", "{report}", "--", "./{file}"}), ElementsAre("-count=1"));
  EXPECT_THAT(flags({"/usr/bin/go", "test", "./{file}"}), ElementsAre("-count=1"));
  EXPECT_THAT(flags({"go", "test", "-count=3", "./{file}"}), ElementsAre());
  EXPECT_THAT(flags({"go", "test", "./{file}", "-args", "x"}), ElementsAre());
  EXPECT_THAT(flags({"go", "vet", "./{file}"}), ElementsAre());
  EXPECT_THAT(flags({"gotestsum", "--junitfile", "{report}"}), ElementsAre());
}

TEST(RunnerFlags, NameTheResultsOfEarlierRuns) {
  EXPECT_EQ(file_of_earlier_results({"node", "--test", "--test-rerun-failures=last.json", "a.test.js"}),
            "last.json");
  EXPECT_EQ(file_of_earlier_results({"node", "--test", "--test-rerun-failures", "last.json"}), "last.json");
  EXPECT_EQ(file_of_earlier_results({"node", "--test", "--test-rerun-failures"}), "");
  EXPECT_EQ(file_of_earlier_results({"node", "--test", "a.test.js"}), "");
}

TEST(GoCache, IsForbiddenByTheEnvironment) {
  std::vector<std::string> environment{"PATH=/bin"};
  forbid_gos_cache(environment);
  forbid_gos_cache(environment);
  EXPECT_THAT(environment, ElementsAre("PATH=/bin", "GOFLAGS=-count=1"));
  environment = {"GOFLAGS=-mod=mod"};
  forbid_gos_cache(environment);
  EXPECT_THAT(environment, ElementsAre("GOFLAGS=-mod=mod -count=1"));
  environment = {"GOFLAGS="};
  forbid_gos_cache(environment);
  EXPECT_THAT(environment, ElementsAre("GOFLAGS=-count=1"));
  EXPECT_TRUE(may_run_go({"sh", "-c", "go test -v ./a | go-junit-report >x"}, ""));
  EXPECT_TRUE(may_run_go({"npm", "test"}, "gotestsum"));
  EXPECT_FALSE(may_run_go({"cargo", "test"}, ""));
}

} // namespace
} // namespace ctest_matrix
