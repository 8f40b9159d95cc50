// Every recorded file, cut and damaged in many places: no reader crashes, and nothing cut off reads as all
// passed.
#include "ctest/junit_file.hpp"
#include "ctest/last_test_log.hpp"
#include "ctest/xml_file.hpp"
#include "runners/dump.hpp"
#include "runners/report_formats.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <random>

namespace ctest_matrix {
namespace {

bool all_passed(const Result<RunnerReport>& report) {
  return report && report->says_success && report->notes.empty() && report->file_failures.empty() &&
         !report->tests.empty() &&
         std::all_of(report->tests.begin(), report->tests.end(),
                     [](const TestCase& test) { return test.status != TestStatus::failed; });
}

bool any_passed(const Result<CtestRun>& run) {
  return run && run->complete &&
         std::any_of(run->results.begin(), run->results.end(),
                     [](const CtestResult& result) { return result.status == CtestStatus::passed; });
}

/// Cuts at every length of a small file, at 500 lengths of a large one.
void cut_everywhere(const std::string& text, const std::function<void(const std::string&)>& check) {
  const std::size_t step = std::max<std::size_t>(1, text.size() / 500);
  for (std::size_t length = 0; length < text.find_last_not_of(" \n") + 1; length += step) {
    check(text.substr(0, length));
  }
}

void damage(const std::string& text, const std::function<void(const std::string&)>& read) {
  std::mt19937 random(20260131); // the same bytes in every run
  for (int round = 0; round < 300; ++round) {
    std::string damaged = text;
    for (int i = 0; i <= round % 4; ++i) {
      damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
    }
    read(damaged);
  }
}

TEST(Mutation, RunnerReports) {
  for (const char* const directory : {"vitest", "jest", "pytest", "gtest"}) {
    for (const auto& [extension, format] :
         {std::pair{".json", ReportFormat::vitest_json}, std::pair{".xml", ReportFormat::junit}}) {
      for (const std::string& name : fixtures(directory, extension)) {
        const std::string text = fixture(name);
        cut_everywhere(text, [&, report = format](const std::string& cut) {
          EXPECT_FALSE(all_passed(parse_report(report, cut))) << name << " cut at " << cut.size();
        });
        for (const ReportFormat other : {ReportFormat::vitest_json, ReportFormat::junit, ReportFormat::tap}) {
          damage(text, [&](const std::string& damaged) { (void)parse_report(other, damaged); });
        }
      }
    }
  }
}

TEST(Mutation, Tap) {
  const std::string text = "TAP version 14\n"
                           "    ok 1 - inner\n      ---\n      duration_ms: 1\n      ...\n    1..1\n"
                           "ok 1 - outer\nok 2 - b # SKIP x\nok 3 - c\n1..3\n";
  EXPECT_TRUE(all_passed(parse_report(ReportFormat::tap, text)));
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(all_passed(parse_report(ReportFormat::tap, text.substr(0, length)))) << length;
  }
  damage(text, [](const std::string& damaged) { (void)parse_report(ReportFormat::tap, damaged); });
}

TEST(Mutation, CtestResults) {
  const LastTestNeighbours neighbours{fixture("ctest/3.25.1/LastTestsFailed.log"),
                                      fixture("ctest/3.25.1/LastTestsDisabled.log")};
  const std::pair<const char*, std::function<Result<CtestRun>(std::string_view)>> readers[] = {
      {"ctest/3.25.1/junit.xml", parse_ctest_junit},
      {"ctest/3.25.1/Test.xml", parse_ctest_test_xml},
      {"ctest/3.25.1/Test-plain.xml", parse_ctest_test_xml},
  };
  for (const auto& [name, read] : readers) {
    const std::string text = fixture(name);
    EXPECT_TRUE(any_passed(read(text))) << name;
    cut_everywhere(text, [&, file = name, reader = read](const std::string& cut) {
      EXPECT_FALSE(any_passed(reader(cut))) << file << " cut at " << cut.size();
    });
    damage(text, [&, reader = read](const std::string& damaged) { (void)reader(damaged); });
  }
  const std::string log = fixture("ctest/3.25.1/LastTest.log");
  const std::string whole = log.substr(0, log.find("End testing: "));
  for (std::size_t length = 0; length < whole.size(); length += 31) {
    const Result<CtestRun> run = parse_ctest_last_test_log(whole.substr(0, length), neighbours);
    EXPECT_FALSE(run && (run->complete || any_passed(run))) << length;
  }
  damage(log, [&](const std::string& damaged) { (void)parse_ctest_last_test_log(damaged, neighbours); });
}

} // namespace
} // namespace ctest_matrix
