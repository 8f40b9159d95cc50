#include "base/input_text.hpp"
#include "runners/report_formats.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace ctest_matrix {
namespace {

TEST(Report, EachFormatHasOneName) {
  for (const ReportFormat format :
       {ReportFormat::vitest_json, ReportFormat::junit, ReportFormat::tap, ReportFormat::exit_code}) {
    EXPECT_EQ(std::ranges::count(k_report_formats, format, [](const auto& entry) { return entry.second; }),
              1);
  }
  EXPECT_EQ(k_report_formats.back(),
            (std::pair<std::string_view, ReportFormat>("exit-code", ReportFormat::exit_code)));
}

TEST(Report, EachFormatHasItsReader) {
  EXPECT_EQ(parse_report(ReportFormat::vitest_json, "").error().message, "vitest-json report: empty");
  EXPECT_EQ(parse_report(ReportFormat::junit, "").error().message, "junit report: empty");
  EXPECT_EQ(parse_report(ReportFormat::tap, "").error().message, "tap report: empty");
  EXPECT_EQ(parse_report(ReportFormat::tap, "").error().code, ExitCode::input);
  EXPECT_EQ(parse_report(ReportFormat::exit_code, "1..1\nok\n").error().message,
            "the format exit-code has no report to read");
}

TEST(InputText, RefusesWhatIsTooLarge) {
  EXPECT_TRUE(checked_text("1234", "x", 4));
  EXPECT_EQ(checked_text("12345", "x", 4).error().message, "x: larger than 4 bytes");
}

} // namespace
} // namespace ctest_matrix
