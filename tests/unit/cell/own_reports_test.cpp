#include "cell/cell_testing.hpp"
#include "cell/own_reports.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;

class OwnReportsTest : public CellStepTest {
protected:
  static std::string suite(const std::string& test, const std::string& more = "") {
    return "<testsuite name=\"s\" tests=\"1\"" + more + "><testcase classname=\"c\" name=\"" + test +
           "\"/></testsuite>";
  }

  OwnReports now() const { return OwnReports(m_root, {"out/**/*.xml"}); }

  ReportOfRun read(const OwnReports& reports) const {
    return reports.read(ReportFormat::junit, m_begin, CountCheck::losses);
  }

  static std::vector<std::string> titles(const ReportOfRun& report) {
    std::vector<std::string> all;
    for (const TestCase& test : (**report.content).tests) {
      all.push_back(test.titles.back());
    }
    return all;
  }

  RunBegin m_begin{.by_files = fs::file_time_type::clock::now(), .by_clock = system_clock().now()};
};

TEST_F(OwnReportsTest, AreThoseThatWereWrittenSince) {
  write("out/old.xml", suite("old"));
  write("out/again.xml", suite("before"));
  const OwnReports reports = now();
  EXPECT_FALSE(read(reports).content);
  write("out/again.xml", suite("again"));
  write("out/deep/new.xml", suite("new"));
  write("out/other.txt", "");
  const ReportOfRun report = read(reports);
  ASSERT_TRUE(report.content && *report.content);
  EXPECT_THAT(titles(report), ::testing::ElementsAre("again", "new"));
  EXPECT_EQ(report.stale, "");
}

TEST_F(OwnReportsTest, AreAllToBeReadAndOfThisRun) {
  const OwnReports reports = now();
  write("out/a.xml", suite("a"));
  write("out/b.xml", suite("b", " timestamp=\"2020-01-01T00:00:00Z\""));
  EXPECT_EQ(read(reports).stale.substr(0, 40), "out/b.xml: the report is of a run that b");
  write("out/b.xml", "<testsuite");
  const ReportOfRun cut = read(reports);
  ASSERT_TRUE(cut.content && !*cut.content);
  EXPECT_EQ(cut.content->error().message.substr(0, 11), "out/b.xml: ");
}

TEST_F(OwnReportsTest, FailTogether) {
  const OwnReports reports = now();
  write("out/a.xml", suite("a"));
  write("out/b.xml", suite("b", " failures=\"1\""));
  const ReportOfRun report = read(reports);
  EXPECT_FALSE((**report.content).says_success);
  EXPECT_EQ((**report.content).notes.size(), 1U);
}

} // namespace
} // namespace ctest_matrix
