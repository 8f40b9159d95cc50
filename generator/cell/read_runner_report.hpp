// The report that a run left behind, and whether it is of that run.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "runners/runner_report.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace ctest_matrix {

struct ReportOfRun {
  std::optional<Result<RunnerReport>> content; ///< nothing: the runner wrote none, or its format has none
  std::string stale;                           ///< why the report is not of this run; empty: it is
};

/// When a run began.
struct RunBegin {
  std::filesystem::file_time_type by_files; ///< by the clock of the file system that the report is on
  TimePoint by_clock{};
};

/// Reads the report of a run that is over. TAP is read from the log where the runner wrote no file. A report
/// that was written, or says that its run began, before `begin` is stale, but for what clocks of one machine
/// may differ by.
ReportOfRun read_runner_report(ReportFormat format, const std::filesystem::path& report,
                               const std::filesystem::path& log, const RunBegin& begin,
                               CountCheck counts = CountCheck::losses);

} // namespace ctest_matrix
