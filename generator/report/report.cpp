#include "report/report.hpp"

#include "base/text.hpp"
#include "progress/new_document.hpp"
#include "report/grid.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_shown_gaps = 20; ///< of one row, in text

/// `fails on wasm, passes on native`
std::string gap_words(const TestGap& gap) {
  std::vector<std::string> words;
  const std::pair<const char*, const std::vector<std::string>*> kinds[] = {{"fails on", &gap.failed},
                                                                           {"skipped on", &gap.skipped},
                                                                           {"absent on", &gap.absent},
                                                                           {"passes on", &gap.passed}};
  for (const auto& [verb, labels] : kinds) {
    if (!labels->empty()) {
      words.push_back(fmt::format("{} {}", verb, join(*labels, " and ")));
    }
  }
  return join(words, ", ");
}

std::string parity_text(const TestParity& parity) {
  std::size_t gaps = 0;
  for (const RowParity& row : parity.rows) {
    gaps += row.gaps.size();
  }
  std::string text = fmt::format(
      "Test by test: {} compared, {}\n", plural(static_cast<std::size_t>(parity.compared), "file"),
      gaps == 0 ? "no difference"
                : fmt::format("{} in {}", plural(gaps, "difference"), plural(parity.rows.size(), "file")));
  for (const RowParity& row : parity.rows) {
    text += fmt::format("  {}\n", row.row);
    for (std::size_t i = 0; i < row.gaps.size() && i < k_shown_gaps; ++i) {
      text += fmt::format("    {}: {}\n", gap_words(row.gaps[i]), printable(row.gaps[i].test));
    }
    if (row.gaps.size() > k_shown_gaps) {
      text += fmt::format("    ... and {} more, see report --json\n", row.gaps.size() - k_shown_gaps);
    }
  }
  for (const Uncompared& cell : parity.uncompared) {
    text += fmt::format("  not compared: {} ({})\n", cell.cell, cell.reason);
  }
  return text;
}

/// `actor-conn.wasm: Suite > test`
std::string name_of(const CellFailure& failure) {
  const bool whole = failure.test.empty() && !failure.verdict;
  return whole ? failure.cell : fmt::format("{}: {}", failure.cell, failure_text(failure));
}

std::string baseline_text(const ProgressReport& report) {
  const BaselineComparison& comparison = *report.baseline;
  std::string text = fmt::format("Against the baseline {} ({}):\n", report.baseline_file,
                                 plural(static_cast<std::size_t>(comparison.known), "known failure"));
  std::vector<std::string> never_run;
  for (const Finding& finding : comparison.findings) {
    if (finding.kind == FindingKind::never_run) {
      never_run.push_back(finding.failure.cell);
    } else {
      text += fmt::format("  {}: {}{}\n", finding_name(finding.kind), name_of(finding.failure),
                          finding.detail.empty() ? "" : fmt::format(" - {}", finding.detail));
    }
  }
  if (!never_run.empty()) {
    text += fmt::format("  never run: {} ({})\n", plural(never_run.size(), "cell"), join(never_run, ", "));
  }
  return text;
}

std::size_t count_unknown(const BaselineComparison& comparison, FindingKind kind) {
  return static_cast<std::size_t>(std::ranges::count_if(
      comparison.findings, [&](const Finding& finding) { return finding.kind == kind && !finding.known; }));
}

/// `1 cell has`, `5 cells have`
std::string never_run_phrase(const BaselineComparison& comparison) {
  const auto count = std::ranges::count(comparison.findings, FindingKind::never_run, &Finding::kind);
  return fmt::format("{} {}", plural(static_cast<std::size_t>(count), "cell"), count == 1 ? "has" : "have");
}

} // namespace

ProgressReport make_report(const Plan& plan, const Document& document, std::span<const Record> records,
                           TimePoint now) {
  ProgressReport report;
  report.matrix = plan.common.name;
  report.profile = plan.common.profile;
  report.title = plan.common.title;
  report.config = plan.common.config;
  report.columns = column_names(plan);
  report.summary = summarise(document, records, plan, now);
  report.standings = find_standings(document, records, plan, now);
  report.parity = compare_tests(report.standings);
  return report;
}

std::string render_report_text(const ProgressReport& report, const Terminal& terminal) {
  std::string text = fmt::format("{} (profile {}): {}\n\n", report.title, report.profile, report.config);
  text += render_grid(report.standings, report.columns, terminal) + "\n";
  text += render_summary(report.summary) + render_ages(report.ages) + "\n";
  text += parity_text(report.parity);
  if (report.baseline) {
    text += "\n" + baseline_text(report);
  }
  return text;
}

std::string render_gate(const ProgressReport& report) {
  const BaselineComparison& comparison = *report.baseline;
  std::string text = "Gate: ";
  switch (comparison.gate) {
  case Gate::passed:
    text += "no regression\n";
    break;
  case Gate::regression:
    text += plural(count_unknown(comparison, FindingKind::new_failure), "regression") + "\n";
    break;
  case Gate::blocked:
    text += fmt::format("no regression seen, but {} blocked by a set-up that failed\n",
                        count_unknown(comparison, FindingKind::blocked) == 1
                            ? "1 cell is"
                            : fmt::format("{} cells are", count_unknown(comparison, FindingKind::blocked)));
    break;
  case Gate::never_run:
    text += fmt::format("no regression seen, but {} never run\n", never_run_phrase(comparison));
    break;
  case Gate::nothing_run:
    text += "nothing has been run, so nothing can be said\n";
    break;
  }
  if (comparison.droppable > 0) {
    text += fmt::format("The baseline can be tightened by {}: report --baseline {} --tighten\n",
                        plural(static_cast<std::size_t>(comparison.droppable), "line"),
                        shell_quote(report.baseline_file));
  }
  return text;
}

} // namespace ctest_matrix
