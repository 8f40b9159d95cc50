#include "runners/report_formats.hpp"

#include "runners/junit.hpp"
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
  case ReportFormat::exit_code:
    break;
  }
  return Error{ExitCode::internal, "the format exit-code has no report to read"};
}

Result<RunnerReport> parse_tap_in_output(std::string_view text) {
  return parse_tap(text, TapStream::with_output);
}

} // namespace ctest_matrix
