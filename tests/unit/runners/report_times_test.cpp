#include "runners/report_times.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ctest_matrix {
namespace {

std::string moment(std::string_view stamp) {
  const auto found = latest_moment(stamp);
  if (!found) {
    return "none";
  }
  const auto seconds = std::chrono::floor<std::chrono::seconds>(*found);
  const std::time_t time = std::chrono::system_clock::to_time_t(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%F %T", &parts);
  const auto milliseconds = (*found - seconds).count();
  return milliseconds == 0 ? text : text + (" +" + std::to_string(milliseconds));
}

TEST(ReportTimes, ReadsIso8601InItsSpellings) {
  for (const std::string stamp :
       {"2026-01-31T09:05:07Z", "2026-01-31T09:05:07z", "2026-01-31 09:05:07 UTC", "2026-01-31T10:05:07+01",
        "2026-01-31T10:05:07+01:00", "2026-01-31T10:05:07+0100", "20260131T090507Z", "20260131T040507-0500",
        "2026-01-31T09:05:07-00:00", "2026-01-31T09:05:07,000Z", "2026-01-31T09:05:07.000000000Z",
        "2026-01-31T10:05:07+01:00[Europe/Berlin]", "2026/01/31 09:05:07 GMT", "20260131090507 UTC",
        "2026-01-31 09:05:07 +0000", "2026-01-31T09:05:07 UTC+00:00"}) {
    EXPECT_EQ(moment(stamp), "2026-01-31 09:05:07") << stamp;
  }
}

TEST(ReportTimes, TakesTheLatestThatIsMeant) {
  EXPECT_EQ(moment("2026-01-31T09:05Z"), "2026-01-31 09:05:59 +999");
  EXPECT_EQ(moment("2026-01-31T0905Z"), "2026-01-31 09:05:59 +999");
  EXPECT_EQ(moment("2026-01-31T09Z"), "2026-01-31 09:59:59 +999");
  EXPECT_EQ(moment("2026-01-31"), "2026-02-01 11:59:59 +999");
  EXPECT_EQ(moment("2026-01-31T09:05:07"), "2026-01-31 21:05:07");
  EXPECT_EQ(moment("2026-01-31T09:05:07 NZST"), "2026-01-31 21:05:07") << "a zone that is not known";
  EXPECT_EQ(moment("2026-01-31T09:05:07.1239Z"), "2026-01-31 09:05:07 +123");
}

TEST(ReportTimes, ReadsWhatMailDateAndCPrint) {
  for (const std::string stamp :
       {"Sat, 31 Jan 2026 09:05:07 GMT", "Sat, 31 Jan 2026 10:05:07 +0100", "31 Jan 2026 04:05:07 EST",
        "Sat Jan 31 09:05:07 UTC 2026", "Saturday, 31-January-2026 09:05:07 UTC", "Jan 31, 2026 9:05:07 GMT",
        "1769850307.5", "1769850307000"}) {
    EXPECT_TRUE(moment(stamp).starts_with("2026-01-31 09:05:07")) << stamp << ": " << moment(stamp);
  }
  EXPECT_EQ(moment("Sat Jan 31 09:05:07 2026"), "2026-01-31 21:05:07");
}

TEST(ReportTimes, ReadsNothingIntoAnythingElse) {
  for (const std::string stamp : {"",
                                  "t",
                                  "yesterday",
                                  "01/31/2026 09:05:07",
                                  "2026-02-30T09:05:07Z",
                                  "2026-01-31T25:05:07Z",
                                  "2026-01-31T09:65:07Z",
                                  "2026-01-31T09:05:07Z and",
                                  "2026-01-31 09:05:07 PM",
                                  "12345",
                                  "99999999",
                                  "2026-W05-6",
                                  "2026-031",
                                  "Sat, 31 Jan",
                                  "Jan 2026",
                                  "2026-01-31T09:05:07+99:00",
                                  "2026-01-31 09:05:07 +0000 UTC",
                                  "2026-01-31T09:05:07Z09:05",
                                  "- - -",
                                  "[",
                                  "[]",
                                  "2026-01-31T:::"}) {
    EXPECT_EQ(moment(stamp), "none") << stamp;
  }
}

} // namespace
} // namespace ctest_matrix
