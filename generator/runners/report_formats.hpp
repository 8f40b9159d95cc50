// The formats of runners' reports that a matrix can name, and the one function that reads them all.
#pragma once

#include "base/result.hpp"
#include "runners/runner_report.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace ctest_matrix {

/// The formats by their names in a matrix.
inline constexpr std::array<std::pair<std::string_view, ReportFormat>, 4> k_report_formats{{
    {"vitest-json", ReportFormat::vitest_json},
    {"junit", ReportFormat::junit},
    {"tap", ReportFormat::tap},
    {"exit-code", ReportFormat::exit_code},
}};

/// Reads a runner's report. Error (input): see the format's own reader; (internal): `exit_code`, which has no
/// report, so that nobody takes an empty one for a run without failures.
Result<RunnerReport> parse_report(ReportFormat format, std::string_view text,
                                  CountCheck counts = CountCheck::losses);

/// The same for a report that stands among all that the runner prints: only TAP can be told from that.
Result<RunnerReport> parse_tap_in_output(std::string_view text);

} // namespace ctest_matrix
