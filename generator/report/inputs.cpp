#include "report/inputs.hpp"

#include "base/diagnostics.hpp"
#include "base/edit_file.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "ledger/cell_log.hpp"
#include "ledger/ledger_files.hpp"
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

/// The ledger that is asked for, and its file. Nothing: there is none.
Result<std::optional<Ledger>> ledger_of(const BaselineRequest& request, const fs::path& file,
                                        const CommonPlan& common) {
  std::error_code ignored;
  const bool nothing_there = !fs::exists(file, ignored) && !fs::exists(common.friction, ignored);
  const bool asked =
      !request.file.empty() || request.gate || request.write != BaselineRequest::Write::nothing;
  if (file.empty() || (nothing_there && !asked)) {
    return request.gate ? std::optional(new_ledger(common))
                        : std::optional<Ledger>(); // nothing is known to fail
  }
  if (request.file.empty()) {
    TRY_ASSIGN(Ledger ledger, read_ledger_if_there(file, common));
    return std::optional(std::move(ledger));
  }
  if (request.write == BaselineRequest::Write::accept && !fs::exists(file, ignored)) {
    return std::optional(new_ledger(common));
  }
  TRY_ASSIGN(Ledger ledger, read_ledger(file, common));
  return std::optional(std::move(ledger));
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

/// The failures of now that the friction log tells of.
Result<std::vector<std::pair<CellFailure, std::string>>>
seen_in_log(const CommonPlan& common, const std::vector<CellStanding>& standings) {
  TRY_ASSIGN(const SeenBefore seen, seen_before(common, nullptr, {}));
  std::vector<std::pair<CellFailure, std::string>> failures;
  for (const CellStanding& standing : standings) {
    for (const SeenFailure& failure :
         standing.newest ? failures_of(*standing.newest) : std::vector<SeenFailure>()) {
      const std::string places = seen_words(seen.find(failure.message, 0));
      if (!places.empty()) {
        failures.emplace_back(failure.failure, places);
      }
    }
  }
  return failures;
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

Result<ProgressReport> load_report(const Plan& plan, const ProjectOptions& project,
                                   const BaselineRequest& request, LastRun last_run) {
  const fs::path file = request.file.empty() ? plan.common.known : request.file;
  TRY_ASSIGN(const WatchedFile watched, WatchedFile::read(file));
  TRY_ASSIGN(std::optional<Ledger> ledger, ledger_of(request, file, plan.common));
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
  if (!ledger && !plan.common.friction.empty()) {
    TRY_ASSIGN(report.seen_before, seen_in_log(plan.common, report.standings));
  }
  if (ledger) {
    report.baseline_file =
        file.empty() || !request.file.empty() ? file.string() : shown_path(plan.common, file);
    report.baseline_is_own = request.file.empty();
    TRY_ASSIGN(std::vector<OtherCell> others, other_cells(*ledger, plan, project));
    const KnownFailures known(*std::move(ledger), plan, day_of(now), std::move(others));
    const ResultsOfCells results = all_results(plan, report.journal.records);
    report.baseline = compare_with_baseline({known, results, logs_of(plan.common)}, report.standings);
    suggest_cells(plan, *report.baseline);
    TRY_ASSIGN(const SeenBefore seen, seen_before(plan.common, &known.ledger(), file));
    for (Finding& finding : report.baseline->findings) {
      finding.seen_before = seen_words(seen.find(finding.message, finding.line));
    }
    if (request.write != BaselineRequest::Write::nothing) {
      const bool tighten = request.write == BaselineRequest::Write::tighten;
      TRY_ASSIGN(const Edited edited, watched.replace(update_baseline(known.ledger(), *report.baseline,
                                                                      tighten ? BaselineUpdate::tighten
                                                                              : BaselineUpdate::accept)));
      if (edited == Edited::overtaken) {
        return Error{
            ExitCode::setup,
            fmt::format("{} was changed by somebody else meanwhile: nothing was written, say it again",
                        file.string())};
      }
    }
  }
  return report;
}

} // namespace ctest_matrix
