#include "report/baseline_comparison.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_detail = 200; // bytes

std::string first_line(std::string_view text) {
  const std::string clean = printable(strip_ansi(trim(text)));
  return ellipsis(trim(std::string_view(clean).substr(0, clean.find('\n'))), k_detail);
}

/// What fails in a newest result, in its order, each with what is said of it.
std::vector<std::pair<CellFailure, std::string>> failures_of(const Record& record) {
  std::vector<std::pair<CellFailure, std::string>> failures;
  if (earns_tick(record.verdict)) {
    return failures;
  }
  std::set<std::string> tests;
  for (const Failure& failure : record.failures) {
    if (!failure.test.empty() && tests.insert(failure.test).second) {
      failures.emplace_back(CellFailure{record.cell, failure.test, std::nullopt},
                            first_line(failure.message));
    }
  }
  for (const TestOutcome& test : record.tests) {
    if (test.kind == TestOutcome::Kind::failed && tests.insert(test.test).second) {
      failures.emplace_back(CellFailure{record.cell, test.test, std::nullopt}, "");
    }
  }
  if (record.verdict != Verdict::fail || failures.empty()) {
    failures.emplace_back(CellFailure{record.cell, "", record.verdict}, first_line(record.brief));
  }
  return failures;
}

class Comparison {
public:
  Comparison(const Baseline& baseline, std::span<const CellStanding> standings) : m_standings(standings) {
    for (const BaselineEntry& entry : baseline.entries) {
      m_known[entry.failure.cell].insert(entry.failure);
      ++m_result.known;
    }
  }

  BaselineComparison run() {
    std::set<std::string> cells;
    bool any = false;
    for (const CellStanding& standing : m_standings) {
      cells.insert(standing.cell);
      any = any || standing.newest.has_value();
      cell(standing);
    }
    for (const auto& [cell, failures] : m_known) {
      if (!cells.contains(cell)) {
        for (const CellFailure& failure : failures) {
          add(FindingKind::gone, failure, "the matrix has no such cell", true);
        }
      }
    }
    std::ranges::stable_sort(m_result.findings, {}, &Finding::kind);
    const auto unknown = [&](FindingKind kind) {
      return std::ranges::any_of(
          m_result.findings, [&](const Finding& finding) { return finding.kind == kind && !finding.known; });
    };
    const auto has = [&](FindingKind kind) {
      return std::ranges::find(m_result.findings, kind, &Finding::kind) != m_result.findings.end();
    };
    const bool doubtful =
        has(FindingKind::outdated) || has(FindingKind::unrecorded) || has(FindingKind::reopened);
    m_result.gate = !any                                ? Gate::nothing_run
                    : unknown(FindingKind::new_failure) ? Gate::regression
                    : unknown(FindingKind::blocked)     ? Gate::blocked
                    : doubtful                          ? Gate::doubtful
                    : has(FindingKind::never_run)       ? Gate::never_run
                                                        : Gate::passed;
    m_result.droppable =
        static_cast<int>(std::ranges::count_if(m_result.findings, [](const Finding& finding) {
          return finding.kind == FindingKind::fixed || finding.kind == FindingKind::gone;
        }));
    return std::move(m_result);
  }

private:
  void add(FindingKind kind, CellFailure failure, std::string detail, bool known) {
    m_result.findings.push_back({kind, std::move(failure), std::move(detail), known});
  }

  void cell(const CellStanding& standing) {
    const std::set<CellFailure>& known = m_known[standing.cell];
    doubts(standing);
    if (!standing.newest) {
      if (standing.unrecorded) {
        return;
      }
      add(FindingKind::never_run, {standing.cell, "", std::nullopt}, "", !known.empty());
      return;
    }
    const Record& newest = *standing.newest;
    if (newest.verdict == Verdict::setup) {
      const CellFailure failure{standing.cell, "", Verdict::setup};
      add(FindingKind::blocked, failure, first_line(newest.brief), known.contains(failure));
      return;
    }
    std::set<CellFailure> failing;
    for (auto& [failure, detail] : failures_of(newest)) {
      const bool is_known = known.contains(failure);
      failing.insert(failure);
      add(is_known ? FindingKind::still_failing : FindingKind::new_failure, failure,
          wavers(standing, failure) ? fmt::format("passes now and then; {}", detail) : detail, is_known);
    }
    for (const CellFailure& failure : known) {
      if (!failing.contains(failure)) {
        not_failing(standing, failure);
      }
    }
    flaky(standing, known, failing);
  }

  /// Why the newest result, or the tick, says nothing of now. Rows that are excluded are not asked for.
  void doubts(const CellStanding& standing) {
    const CellFailure cell{standing.cell, "", std::nullopt};
    if (standing.excluded) {
      return;
    }
    if (!standing.outdated.empty()) {
      add(FindingKind::outdated, cell, fmt::format("changed since: {}", join(standing.outdated, ", ")),
          false);
    }
    if (standing.unrecorded) {
      add(FindingKind::unrecorded, cell, "ticked, and no pass here says on what that rests", false);
    }
    if (standing.reopened) {
      add(FindingKind::reopened, cell, "passed, and its box was opened by hand", false);
    }
  }

  static bool wavers(const CellStanding& standing, const CellFailure& failure) {
    return std::ranges::find(standing.wavered, failure.test) != standing.wavered.end();
  }

  /// A known failure that is not among those of the newest result.
  void not_failing(const CellStanding& standing, const CellFailure& failure) {
    const Record& newest = *standing.newest;
    const bool passes = earns_tick(newest.verdict);
    const auto is_it = [&](const TestOutcome& outcome) { return outcome.test == failure.test; };
    const auto test = std::ranges::find_if(newest.tests, is_it);
    if (failure.verdict) {
      const FindingKind kind = !passes            ? FindingKind::untold
                               : standing.retried ? FindingKind::flaky
                                                  : FindingKind::fixed;
      add(kind, failure,
          passes ? "" : fmt::format("the cell ended as {} this time", verdict_name(newest.verdict)), true);
    } else if (test != newest.tests.end() && test->kind == TestOutcome::Kind::passed) {
      add(standing.retried || wavers(standing, failure) ? FindingKind::flaky : FindingKind::fixed, failure,
          "", true);
    } else if (test != newest.tests.end()) {
      add(FindingKind::untold, failure, "skipped", true);
    } else if (passes && has_all_tests(newest)) {
      add(FindingKind::gone, failure, "the cell has no such test", true);
    } else {
      add(FindingKind::untold, failure,
          passes ? "its result does not list its tests"
                 : fmt::format("the cell ended as {}", verdict_name(newest.verdict)),
          true);
    }
  }

  /// What nobody knows as failing, and passes only sometimes.
  void flaky(const CellStanding& standing, const std::set<CellFailure>& known,
             const std::set<CellFailure>& failing) {
    bool named = false;
    for (const std::string& test : standing.wavered) {
      const CellFailure failure{standing.cell, test, std::nullopt};
      named = true;
      if (!known.contains(failure) && !failing.contains(failure)) {
        add(FindingKind::flaky, failure, "passed and failed in turns at this commit", false);
      }
    }
    if (standing.retried && !named && known.empty() && failing.empty()) {
      add(FindingKind::flaky, {standing.cell, "", std::nullopt},
          standing.newest->flaky ? "passed after a retry" : "passed and failed in turns at this commit",
          false);
    }
  }

  std::span<const CellStanding> m_standings;
  std::map<std::string, std::set<CellFailure>> m_known;
  BaselineComparison m_result;
};

} // namespace

std::string_view finding_name(FindingKind kind) {
  switch (kind) {
  case FindingKind::new_failure:
    return "new failure";
  case FindingKind::blocked:
    return "blocked";
  case FindingKind::still_failing:
    return "still failing";
  case FindingKind::flaky:
    return "flaky";
  case FindingKind::fixed:
    return "fixed";
  case FindingKind::gone:
    return "gone";
  case FindingKind::untold:
    return "untold";
  case FindingKind::outdated:
    return "outdated";
  case FindingKind::unrecorded:
    return "no record";
  case FindingKind::reopened:
    return "reopened";
  case FindingKind::never_run:
    break;
  }
  return "never run";
}

BaselineComparison compare_with_baseline(const Baseline& baseline, std::span<const CellStanding> standings) {
  return Comparison(baseline, standings).run();
}

bool is_known(const Baseline& baseline, const Record& record) {
  const auto knows = [&](const CellFailure& failure) {
    return std::ranges::find(baseline.entries, failure, &BaselineEntry::failure) != baseline.entries.end();
  };
  const auto failures = failures_of(record);
  return !failures.empty() &&
         std::ranges::all_of(failures, [&](const auto& failure) { return knows(failure.first); });
}

Baseline update_baseline(Baseline baseline, const BaselineComparison& comparison, BaselineUpdate update) {
  std::set<CellFailure> dropped;
  for (const Finding& finding : comparison.findings) {
    if (finding.kind == FindingKind::fixed || finding.kind == FindingKind::gone) {
      dropped.insert(finding.failure);
    } else if (finding.kind == FindingKind::new_failure && update == BaselineUpdate::accept) {
      baseline.entries.push_back({finding.failure, {}, 0});
    }
  }
  std::erase_if(baseline.entries,
                [&](const BaselineEntry& entry) { return dropped.contains(entry.failure); });
  return baseline;
}

} // namespace ctest_matrix
