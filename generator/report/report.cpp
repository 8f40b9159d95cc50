#include "report/report.hpp"

#include "base/text.hpp"
#include "progress/log_line.hpp"
#include "progress/new_document.hpp"
#include "report/cell_mark.hpp"
#include "report/grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_shown_gaps = 20;     ///< of one row, in text
constexpr std::size_t k_shown_failures = 10; ///< cells, in text

/// A line for each cell that fails, and the place of its first failure.
std::string failing_text(std::span<const CellStanding> standings) {
  std::string text;
  std::size_t failing = 0;
  for (const CellStanding& standing : standings) {
    const CellMark mark = mark_of(standing);
    if ((mark != CellMark::failed && mark != CellMark::blocked) || ++failing > k_shown_failures) {
      continue;
    }
    const Record& record = *standing.newest;
    text += fmt::format("  {}: {}\n", standing.cell, printable(outcome_text(record)));
    if (!record.failures.empty() && !record.failures.front().file.empty()) {
      text +=
          fmt::format("    {}:{}\n", printable(record.failures.front().file), record.failures.front().line);
    }
  }
  if (failing > k_shown_failures) {
    text += fmt::format("  ... and {} more, see report --json\n", failing - k_shown_failures);
  }
  return failing == 0 ? "" : "Failing:\n" + text + "\n";
}

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
  std::string text = report.baseline_file.empty()
                         ? "Without a baseline:\n"
                         : fmt::format("Against the baseline {} ({}):\n", report.baseline_file,
                                       plural(static_cast<std::size_t>(comparison.known), "known failure"));
  std::vector<std::string> never_run;
  for (const Finding& finding : comparison.findings) {
    if (finding.kind == FindingKind::never_run) {
      never_run.push_back(finding.failure.cell);
    } else {
      text += fmt::format("  {}: {}{}\n", finding_name(finding.kind), name_of(finding.failure),
                          finding.detail.empty() ? "" : fmt::format(" - {}", finding.detail));
      text += finding.infrastructure.empty()
                  ? ""
                  : fmt::format("    infrastructure: {}\n", finding.infrastructure);
      text += finding.seen_before.empty() ? "" : fmt::format("    seen before: {}\n", finding.seen_before);
    }
  }
  if (!never_run.empty()) {
    text += fmt::format("  never run: {} ({})\n", plural(never_run.size(), "cell"), join(never_run, ", "));
  }
  return text;
}

/// `3 regressions, 1 of them by the surroundings (Address in use)`
std::string regressions(const BaselineComparison& comparison) {
  std::size_t count = 0;
  std::size_t outside = 0;
  std::set<std::string> names;
  for (const Finding& finding : comparison.findings) {
    const bool regression = is_regression(finding.kind);
    count += regression ? 1 : 0;
    if (regression && !finding.infrastructure.empty()) {
      ++outside;
      names.insert(finding.infrastructure);
    }
  }
  return plural(count, "regression") +
         (outside == 0 ? ""
                       : fmt::format(", {} of them of the infrastructure ({})", outside,
                                     join(std::vector<std::string>(names.begin(), names.end()), ", ")));
}

std::size_t count_blocked(const BaselineComparison& comparison) {
  return static_cast<std::size_t>(
      std::ranges::count(comparison.findings, FindingKind::blocked, &Finding::kind));
}

/// `1 cell has`, `5 cells have`; empty for none
std::string counted(const BaselineComparison& comparison, FindingKind kind, std::string_view noun,
                    std::string_view one, std::string_view more) {
  const auto count = std::ranges::count(comparison.findings, kind, &Finding::kind);
  return count == 0
             ? ""
             : fmt::format("{} {}", plural(static_cast<std::size_t>(count), noun), count == 1 ? one : more);
}

/// `1 result is older than what it rests on, 2 ticks have no record here`
std::string doubts(const BaselineComparison& comparison) {
  std::vector<std::string> phrases{
      counted(comparison, FindingKind::outdated, "result", "is older than what it rests on",
              "are older than what they rest on"),
      counted(comparison, FindingKind::unrecorded, "tick", "has no record here", "have no record here"),
      counted(comparison, FindingKind::reopened, "box", "was opened since it passed",
              "were opened since they passed")};
  std::erase(phrases, "");
  return join(phrases, ", ");
}

/// The command that runs what the gate misses, also past failures that are known.
std::string run_line(const GateCommands& commands, const BaselineComparison& comparison,
                     std::string_view option) {
  return fmt::format("`{}{}{}`", commands.run, option, comparison.known > 0 ? " --keep-going" : "");
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
  const std::string profile = report.profile == "default" ? "" : fmt::format(" (profile {})", report.profile);
  std::string text = fmt::format("{}{}: {}\n\n", report.title, profile, report.config);
  text += render_grid(report.standings, report.columns, terminal) + "\n" + failing_text(report.standings);
  text += render_summary(report.summary) + render_ages(report.ages);
  for (const std::string& finding : report.shares) {
    text += finding + "\n";
  }
  text += render_rules(report.rules);
  if (report.columns.size() > 1) { // one alone differs from none
    text += "\n" + parity_text(report.parity);
  }
  if (report.baseline) {
    text += "\n" + baseline_text(report);
  }
  text += report.seen_before.empty() ? "" : "\nSeen before:\n";
  for (const auto& [failure, places] : report.seen_before) {
    text += fmt::format("  {}: {}\n", name_of(failure), places);
  }
  return text;
}

std::string render_gate(const ProgressReport& report, const GateCommands& commands) {
  const BaselineComparison& comparison = *report.baseline;
  std::string text = "Gate: ";
  switch (comparison.gate) {
  case Gate::passed:
    text += "no regression\n";
    break;
  case Gate::regression:
    text += regressions(comparison) + "\n";
    break;
  case Gate::blocked:
    text +=
        fmt::format("no regression seen, but {} blocked by a set-up that failed\n",
                    count_blocked(comparison) == 1 ? "1 cell is"
                                                   : fmt::format("{} cells are", count_blocked(comparison)));
    break;
  case Gate::doubtful:
    text += fmt::format("no regression seen, but {}; {} runs these again\n", doubts(comparison),
                        run_line(commands, comparison, " --stale"));
    break;
  case Gate::never_run:
    text += fmt::format("no regression seen, but {} never run; {} runs them, --allow-never-run beside --gate "
                        "is for runs of a part\n",
                        counted(comparison, FindingKind::never_run, "cell", "has", "have"),
                        run_line(commands, comparison, ""));
    break;
  case Gate::nothing_run:
    text += fmt::format("nothing has been run here, so nothing can be said; {} runs what is open{}\n",
                        run_line(commands, comparison, doubts(comparison).empty() ? "" : " --stale"),
                        doubts(comparison).empty() ? "" : ", and " + doubts(comparison));
    break;
  }
  for (const auto& [state, words] :
       {std::pair(RuleState::broken, "is broken"), std::pair(RuleState::unknown, "cannot be checked")}) {
    for (const std::string& rule : rules_that_are(state, report.rules)) {
      text += fmt::format("Gate: the rule {} {}\n", rule, words);
    }
  }
  if (comparison.droppable > 0) {
    text += fmt::format(
        "The baseline can be tightened by {}: {}{} --tighten\n",
        plural(static_cast<std::size_t>(comparison.droppable), "line"), commands.report,
        report.baseline_is_own ? "" : fmt::format(" --baseline {}", shell_quote(report.baseline_file)));
  }
  return text;
}

} // namespace ctest_matrix
