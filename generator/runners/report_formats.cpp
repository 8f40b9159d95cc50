#include "runners/report_formats.hpp"

#include "runners/junit.hpp"
#include "runners/tap.hpp"
#include "runners/vitest_json.hpp"

#include <array>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::array<std::pair<ReportFormat, std::string_view>, 4> k_names{{
    {ReportFormat::vitest_json, "vitest-json"},
    {ReportFormat::junit, "junit"},
    {ReportFormat::tap, "tap"},
    {ReportFormat::exit_code, "exit-code"},
}};

} // namespace

std::string_view report_format_name(ReportFormat format) {
  for (const auto& [value, name] : k_names) {
    if (value == format) {
      return name;
    }
  }
  return "";
}

std::optional<ReportFormat> parse_report_format(std::string_view name) {
  for (const auto& [value, known] : k_names) {
    if (known == name) {
      return value;
    }
  }
  return std::nullopt;
}

Result<RunnerReport> parse_report(ReportFormat format, std::string_view text) {
  switch (format) {
  case ReportFormat::vitest_json:
    return parse_vitest_json(text);
  case ReportFormat::junit:
    return parse_junit(text);
  case ReportFormat::tap:
    return parse_tap(text);
  case ReportFormat::exit_code:
    break;
  }
  return Error{ExitCode::internal, "the format exit-code has no report to read"};
}

} // namespace ctest_matrix
