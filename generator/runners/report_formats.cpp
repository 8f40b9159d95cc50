#include "runners/report_formats.hpp"

#include "runners/junit.hpp"
#include "runners/libtest.hpp"
#include "runners/tap.hpp"
#include "runners/vitest_json.hpp"

namespace ctest_matrix {

Result<RunnerReport> parse_report(ReportFormat format, std::string_view text, CountCheck counts) {
  switch (format) {
  case ReportFormat::vitest_json:
    return parse_vitest_json(text, counts);
  case ReportFormat::junit:
    return parse_junit(text, counts);
  case ReportFormat::tap:
    return parse_tap(text);
  case ReportFormat::libtest:
    return parse_libtest(text);
  case ReportFormat::exit_code:
    break;
  }
  return Error{ExitCode::internal, "the format exit-code has no report to read"};
}

bool may_stand_in_output(ReportFormat format) {
  return format == ReportFormat::tap || format == ReportFormat::libtest;
}

Result<RunnerReport> parse_report_in_output(ReportFormat format, std::string_view text) {
  return format == ReportFormat::tap ? parse_tap(text, TapStream::with_output) : parse_report(format, text);
}

} // namespace ctest_matrix
