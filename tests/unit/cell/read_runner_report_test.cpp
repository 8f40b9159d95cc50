#include "cell/cell_testing.hpp"
#include "cell/read_runner_report.hpp"

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::seconds;

constexpr std::string_view k_tap = "TAP version 13\n1..1\nok 1 - works\n";

class ReadRunnerReport : public CellStepTest {
protected:
  ReportOfRun read(ReportFormat format) const {
    return read_runner_report(format, m_root / "report", m_root / "log", m_begin);
  }

  RunBegin m_begin{.by_files = fs::file_time_type::clock::now(), .by_clock = system_clock().now()};
};

TEST_F(ReadRunnerReport, IsNothingWhereNoneWasWritten) {
  write("log", k_tap);
  EXPECT_FALSE(read(ReportFormat::junit).content);
  EXPECT_FALSE(read(ReportFormat::exit_code).content);
}

TEST_F(ReadRunnerReport, IsTheLogForTapWithoutAFile) {
  write("log", k_tap);
  EXPECT_EQ((*read(ReportFormat::tap).content)->tests.size(), 1U);
  write("report", "1..0\n");
  EXPECT_TRUE((*read(ReportFormat::tap).content)->tests.empty());
}

TEST_F(ReadRunnerReport, MayBeUnreadable) {
  write("report", "<testsuite");
  const ReportOfRun report = read(ReportFormat::junit);
  EXPECT_FALSE(*report.content);
  EXPECT_EQ(report.stale, "");
  fs::remove(m_root / "report");
  fs::create_directory(m_root / "report");
  EXPECT_FALSE(*read(ReportFormat::junit).content);
}

TEST_F(ReadRunnerReport, IsStaleWhereItWasWrittenBefore) {
  write("report", k_tap);
  EXPECT_EQ(read(ReportFormat::tap).stale, "");
  m_begin.by_files = fs::last_write_time(m_root / "report") + seconds(1); // two clocks may differ by that
  EXPECT_EQ(read(ReportFormat::tap).stale, "");
  m_begin.by_files += hours(1);
  EXPECT_EQ(read(ReportFormat::tap).stale, "the report was written before this run began");
}

TEST_F(ReadRunnerReport, IsStaleWhereItSaysSo) {
  write("report", R"({"success": true, "startTime": 1000, "testResults": []})");
  EXPECT_EQ(read(ReportFormat::vitest_json).stale, "the report is of a run that began at " +
                                                       format_timestamp(TimePoint(Milliseconds(1000))) +
                                                       ", before this one");
}

} // namespace
} // namespace ctest_matrix
