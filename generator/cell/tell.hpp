// The last step of a cell: tells people, CTest and a dashboard what came of it.
#pragma once

#include "cell/dashboard.hpp"
#include "cell/failure_report.hpp"
#include "cell/record.hpp"
#include "cell/task.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// What there is to tell of a run.
struct CellNews {
  std::vector<std::string> notes; ///< a line each
  KeptRecord kept;
  FailedCell failed; ///< told only where the verdict earns no tick
  DashboardFacts facts;
  std::string uncounted{}; ///< why nothing was recorded; empty: it was, or was not to be
};

/// Gathers it.
CellNews news_of(const CellTask& task, const Preparation& prepared, const RunnerRun& run,
                 const Judgement& judgement, KeptRecord kept);

/// Notes, trouble and the failure report. It quotes the runner, whose words must not be taken for ours.
std::string news_text(const CellNews& news);

/// Prints all of it, at last the verdict line, and keeps the failure report while the latest run is a
/// failure.
void tell(const CellTask& task, const CellNews& news);

/// The failure report of the latest run of a cell, with what the journal knows of the other columns now;
/// empty where that was no failure.
std::string failure_text(const CommonPlan& common, const std::string& cell, std::span<const Record> journal);

/// What that report is made of; nothing where the latest run was no failure.
std::optional<FailedCell> kept_failure(const CommonPlan& common, const std::string& cell,
                                       std::span<const Record> journal);

/// The sources around the places of the first failures of a record, as they were when it failed; none where
/// nothing is kept of it any more.
std::vector<std::string> kept_excerpts(const CommonPlan& common, const Record& record);

/// What became of a run that was not recorded (`Judgement::uncounted`), for the run that asked for it.
struct UncountedResult {
  Record record;
  std::string why;
  std::string text; ///< as `failure_text`
  FailedCell failed{};
};

/// The latest one of a cell; nothing where there is none, or it cannot be read.
std::optional<UncountedResult> uncounted_result(const CommonPlan& common, const std::string& cell);

/// Forgets it.
void forget_uncounted(const CommonPlan& common, const std::string& cell);

/// Where what the failure report of a cell is made of is kept while its latest run is a failure.
std::filesystem::path failure_file(const CommonPlan& common, const std::string& cell);

} // namespace ctest_matrix
