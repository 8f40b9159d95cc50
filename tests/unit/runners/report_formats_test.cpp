#include "base/input_text.hpp"
#include "runners/report_formats.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::Eq;
using ::testing::Optional;

TEST(Report, FormatsHaveNames) {
  for (const ReportFormat format :
       {ReportFormat::vitest_json, ReportFormat::junit, ReportFormat::tap, ReportFormat::exit_code}) {
    EXPECT_THAT(parse_report_format(report_format_name(format)), Optional(format));
  }
  EXPECT_EQ(report_format_name(ReportFormat::exit_code), "exit-code");
  EXPECT_THAT(parse_report_format("vitest"), Eq(std::nullopt));
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
