#include "base/files.hpp"
#include "cell/dashboard.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

namespace ctest_matrix {
namespace {

Record record(Verdict verdict, const std::string& brief = "") {
  Record record;
  record.verdict = verdict;
  record.brief = brief;
  record.counts = {25, 1, 3};
  return record;
}

TEST(Dashboard, APassHasItsMeasurements) {
  Record passed = record(Verdict::pass);
  passed.counts.failed = 0;
  EXPECT_EQ(dashboard_lines(passed, {2, {{"engine", Milliseconds(250)}}, "3.2.4", "/no/such.log"}),
            "<CTestMeasurement type=\"numeric/integer\" name=\"tests run\">25</CTestMeasurement>\n"
            "<CTestMeasurement type=\"numeric/integer\" name=\"tests skipped\">3</CTestMeasurement>\n"
            "<CTestMeasurement type=\"numeric/integer\" name=\"retries\">2</CTestMeasurement>\n"
            "<CTestMeasurement type=\"numeric/double\" name=\"engine start time\">0.250</CTestMeasurement>\n"
            "<CTestMeasurement type=\"text/string\" name=\"runner version\">3.2.4</CTestMeasurement>\n"
            "<CTestDetails>PASS</CTestDetails>\n");
}

TEST(Dashboard, AFailureHasItsLogAndItsReason) {
  const std::string log = ::testing::TempDir() + "dashboard." + std::to_string(getpid()) + ".log";
  ASSERT_TRUE(write_file_atomic(log, "output\n"));
  Record failed = record(Verdict::fail, "a <b> &\nc");
  failed.counted = false;
  EXPECT_EQ(dashboard_lines(failed, {0, {}, "", log}),
            "<CTestMeasurementFile type=\"file\" name=\"log\">" + log +
                "</CTestMeasurementFile>\n<CTestDetails>FAIL - a \u2039b> & c</CTestDetails>\n");
  unlink(log.c_str());
}

TEST(Dashboard, ASkipKeepsTheWordThatCtestHasForIt) {
  EXPECT_THAT(dashboard_lines(record(Verdict::skip, "no such protocol"), {}),
              ::testing::Not(::testing::HasSubstr("CTestDetails")));
}

} // namespace
} // namespace ctest_matrix
