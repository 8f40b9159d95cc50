// Numbers that no machine word holds: a report with them is read with bounds, or refused, and never passes by
// them.
#include "runners/report_formats.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace ctest_matrix {
namespace {

constexpr const char* k_numbers[] = {
    "1e300",
    "-1e300",
    "1e400",
    "-1e400",
    "nan",
    "-nan",
    "inf",
    "-inf",
    "-0",
    "0",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "99999999999999999999999999",
    "1e-400",
    "0x10",
    "",
};

void expect_bounded(const Result<RunnerReport>& report, const std::string& what) {
  if (!report) {
    EXPECT_EQ(report.error().code, ExitCode::input) << what;
    return;
  }
  for (const TestCase& test : report->tests) {
    EXPECT_GE(test.duration, Milliseconds(0)) << what;
    EXPECT_LE(test.duration, Milliseconds(1'000'000'000'000)) << what;
    EXPECT_GE(test.retries, 0) << what;
  }
}

TEST(ExtremeNumbers, InJunit) {
  for (const std::string number : k_numbers) {
    const std::string time = fmt::format(
        R"(<testsuite name="s" tests="1"><testcase classname="c" name="t" time="{}"/></testsuite>)", number);
    expect_bounded(parse_report(ReportFormat::junit, time), number);
    for (const char* attribute : {"tests", "failures", "errors", "skipped"}) {
      const std::string suite = fmt::format(
          R"(<testsuite name="s" {}="{}"><testcase classname="c" name="t"/></testsuite>)", attribute, number);
      const std::string count = "<testsuites>" + suite + suite + suite + "</testsuites>";
      const auto report = parse_report(ReportFormat::junit, count);
      expect_bounded(report, attribute + ("=" + number));
      const bool lost = number.starts_with('9');
      if (lost && std::string_view(attribute) != "skipped") {
        EXPECT_FALSE(report && report->says_success) << count;
      }
    }
  }
}

TEST(ExtremeNumbers, InTap) {
  for (const std::string number : k_numbers) {
    for (const char* unit : {"ms", "s", "m"}) {
      expect_bounded(
          parse_report(ReportFormat::tap, fmt::format("1..1\nok 1 - a # time={}{}\n", number, unit)), number);
    }
    expect_bounded(parse_report(ReportFormat::tap,
                                fmt::format("1..1\nok 1 - a\n  ---\n  duration_ms: {}\n  ...\n", number)),
                   number);
    expect_bounded(parse_report(ReportFormat::tap, fmt::format("1..1\nok {} - a\n", number)), number);
    for (const char* rest : {"\nok 1 - a\n", " # SKIP none\n", "\n"}) {
      const auto report = parse_report(ReportFormat::tap, fmt::format("1..{}{}", number, rest));
      expect_bounded(report, number + rest);
      if (number.starts_with('9')) {
        EXPECT_FALSE(report && (report->says_success || report->skipped_whole)) << number << rest;
      }
    }
  }
}

TEST(ExtremeNumbers, InJson) {
  const auto json = [](const std::string& member, const std::string& duration,
                       const std::string& invocations) {
    return fmt::format(R"({{"success":true{},"testResults":[{{"name":"/a","status":"passed",)"
                       R"("assertionResults":[{{"ancestorTitles":[],"title":"t","status":"passed",)"
                       R"("duration":{},"invocations":{}}}]}}]}})",
                       member, duration, invocations);
  };
  for (const std::string number : k_numbers) {
    expect_bounded(parse_report(ReportFormat::vitest_json, json("", number, "1")), number);
    expect_bounded(parse_report(ReportFormat::vitest_json, json("", "1", number)), number);
    for (const char* key : {"startTime", "numTotalTests", "numPassedTests", "numFailedTests",
                            "numPendingTests", "numFailedTestSuites"}) {
      const auto report =
          parse_report(ReportFormat::vitest_json, json(fmt::format(R"(,"{}":{})", key, number), "1", "1"));
      expect_bounded(report, key + (":" + number));
      if (number.starts_with('9') && std::string_view(key) != "startTime" &&
          std::string_view(key) != "numPendingTests") {
        EXPECT_FALSE(report && report->says_success) << key << number;
      }
    }
  }
}

} // namespace
} // namespace ctest_matrix
