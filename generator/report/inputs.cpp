#include "report/inputs.hpp"

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "progress/document.hpp"
#include "progress/store.hpp"
#include "shard/coverage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr Milliseconds k_patience = std::chrono::seconds(30);
constexpr std::uintmax_t k_baseline_limit = std::uintmax_t{64} * 1024 * 1024; // bytes

Result<Baseline> baseline_of(const BaselineRequest& request) {
  std::error_code ignored;
  if (request.write == BaselineRequest::Write::accept && !fs::exists(request.file, ignored)) {
    return Baseline{
        {"# Known failures, compared by `ctest-matrix report --baseline`: <cell>: <test>, or",
         "# <cell>: (<verdict>) where no single test is to blame. Comments stay above their line.", ""},
        {},
        {}};
  }
  return read_baseline(request.file);
}

/// Says of each cell that the matrix does not have which one may be meant.
void suggest_cells(const Plan& plan, BaselineComparison& comparison) {
  std::vector<std::string> names;
  std::ranges::transform(plan.cells, std::back_inserter(names), &Cell::name);
  for (Finding& finding : comparison.findings) {
    if (finding.kind == FindingKind::gone && find_cell(plan, finding.failure.cell) == nullptr) {
      const std::string near = nearest(finding.failure.cell, names);
      finding.detail += near.empty() ? "" : fmt::format(", did you mean '{}'?", near);
    }
  }
}

void mark_ages(const TickAges& ages, std::vector<CellStanding>& standings) {
  std::map<std::string_view, CellStanding*> by_cell;
  for (CellStanding& standing : standings) {
    by_cell.emplace(standing.cell, &standing);
  }
  const auto mark = [&](const std::string& cell, const auto& set) {
    if (const auto found = by_cell.find(cell); found != by_cell.end()) {
      set(*found->second);
    }
  };
  for (const StaleTick& tick : ages.stale) {
    mark(tick.cell, [&](CellStanding& standing) { standing.stale = tick.changed; });
  }
  for (const StaleTick& result : ages.outdated) {
    mark(result.cell, [&](CellStanding& standing) { standing.outdated = result.changed; });
  }
  for (const auto* cells : {&ages.unrecorded, &ages.untold}) {
    for (const std::string& cell : *cells) {
      mark(cell, [](CellStanding& standing) { standing.unrecorded = true; });
    }
  }
  for (const std::string& cell : ages.reopened) {
    mark(cell, [](CellStanding& standing) { standing.reopened = true; });
  }
}

} // namespace

Result<Baseline> read_baseline(const fs::path& file) {
  const auto text = read_regular_file(file, k_baseline_limit);
  if (!text) {
    return Error{ExitCode::input,
                 text.error().message + "; expected a baseline, as `report --write-baseline` writes it"};
  }
  Diagnostics diagnostics;
  auto baseline = parse_baseline(file.string(), *text, diagnostics);
  if (!baseline) {
    return Error{ExitCode::input, fmt::format("{}{} error{} in the baseline", diagnostics.render(),
                                              diagnostics.errors(), diagnostics.errors() == 1 ? "" : "s")};
  }
  return *std::move(baseline);
}

Result<ProgressReport> load_report(const Plan& plan, const ProjectOptions& project,
                                   const BaselineRequest& request, LastRun last_run) {
  std::optional<Baseline> baseline;
  if (!request.file.empty()) {
    TRY_ASSIGN(auto read, baseline_of(request));
    baseline = std::move(read);
  }
  const StorePaths paths = store_paths(plan.common);
  if (last_run == LastRun::taken_in) {
    TRY(take_in_last_run(plan, project, k_patience, UnknownLoad::take_as_current));
  }
  std::error_code ignored;
  if (fs::exists(paths.journal, ignored)) {
    TRY(apply_journal(paths, plan, system_clock()));
  }
  TRY_ASSIGN(auto journal, read_journal(paths.journal));
  const TimePoint now = system_clock().now();
  std::string text = render_document(plan, now);
  if (fs::exists(paths.progress, ignored)) {
    TRY_ASSIGN(auto read, read_file(paths.progress));
    text = std::move(read);
  }
  ProgressReport report = make_report(plan, Document::parse(text), journal.records, now);
  report.ages = tick_ages(plan, journal.records);
  mark_ages(report.ages, report.standings);
  report.shares = share_findings(plan, journal.records, [](const char* name) { return std::getenv(name); });
  report.journal = std::move(journal);
  if (!baseline && request.gate) {
    report.baseline = compare_with_baseline({}, report.standings);
  }
  if (baseline) {
    report.baseline_file = request.file.string();
    report.baseline = compare_with_baseline(*baseline, report.standings);
    suggest_cells(plan, *report.baseline);
    if (request.write != BaselineRequest::Write::nothing) {
      const bool tighten = request.write == BaselineRequest::Write::tighten;
      const Baseline updated = update_baseline(*std::move(baseline), *report.baseline,
                                               tighten ? BaselineUpdate::tighten : BaselineUpdate::accept);
      TRY(write_file_if_changed(request.file, render_baseline(updated)));
    }
  }
  return report;
}

} // namespace ctest_matrix
