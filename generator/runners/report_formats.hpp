// The reports that a matrix can name, by one door.
#pragma once

#include "base/result.hpp"
#include "runners/runner_report.hpp"

#include <optional>
#include <string_view>

namespace ctest_matrix {

/// The name in a matrix: vitest-json, junit, tap, exit-code.
std::string_view report_format_name(ReportFormat format);
std::optional<ReportFormat> parse_report_format(std::string_view name);

/// Reads a runner's report. Error (input): see the format's own reader; (internal): `exit_code`, which has no
/// report, so that nobody takes an empty one for a run without failures.
Result<RunnerReport> parse_report(ReportFormat format, std::string_view text);

} // namespace ctest_matrix
