// The formats of runners' reports that a matrix can name, and the one function that reads them all.
#pragma once

#include "base/result.hpp"
#include "runners/runner_report.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace ctest_matrix {

/// The formats by their names in a matrix.
inline constexpr std::array<std::pair<std::string_view, ReportFormat>, 5> k_report_formats{{
    {"vitest-json", ReportFormat::vitest_json},
    {"junit", ReportFormat::junit},
    {"tap", ReportFormat::tap},
    {"libtest", ReportFormat::libtest},
    {"exit-code", ReportFormat::exit_code},
}};

/// Reads a runner's report. Error (input): see the format's own reader; (internal): `exit_code`, which has no
/// report, so that nobody takes an empty one for a run without failures.
Result<RunnerReport> parse_report(ReportFormat format, std::string_view text,
                                  CountCheck counts = CountCheck::losses);

/// Whether a report of this format can be told from all else that the runner prints.
bool may_stand_in_output(ReportFormat format);

/// The same for a report that stands there.
Result<RunnerReport> parse_report_in_output(ReportFormat format, std::string_view text);

} // namespace ctest_matrix
