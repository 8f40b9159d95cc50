#include "cell/read_runner_report.hpp"

#include "base/files.hpp"
#include "base/input_text.hpp"
#include "runners/report_formats.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds k_clock_slack{2}; // by which clocks of one machine may differ

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

std::string why_stale(const fs::path& path, const Result<RunnerReport>& report, const RunBegin& begin) {
  std::error_code error;
  const auto written = fs::last_write_time(path, error);
  if (!error && written + k_clock_slack < begin.by_files) {
    return "the report was written before this run began";
  }
  if (report && report->start && *report->start + k_clock_slack < begin.by_clock) {
    return fmt::format("the report is of a run that began at {}, before this one",
                       format_timestamp(*report->start));
  }
  return "";
}

} // namespace

ReportOfRun read_runner_report(ReportFormat format, const fs::path& report, const fs::path& log,
                               const RunBegin& begin, CountCheck counts) {
  const bool from_log = may_stand_in_output(format) && !is_there(report);
  const fs::path& path = from_log ? log : report;
  if (format == ReportFormat::exit_code || !is_there(path)) {
    return {};
  }
  const auto text = read_regular_file(path, k_max_result_bytes);
  const auto content = !text      ? Result<RunnerReport>(text.error())
                       : from_log ? parse_report_in_output(format, *text)
                                  : parse_report(format, *text, counts);
  return {.content = content, .stale = why_stale(path, content, begin)};
}

} // namespace ctest_matrix
