#include "report/baseline_comparison.hpp"

#include "base/text.hpp"
#include "ledger/suite_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace ctest_matrix {

namespace {

/// A failure that the ledger does not excuse.
FindingKind kind_of(FailureState state) {
  switch (state) {
  case FailureState::known:
    return FindingKind::still_failing;
  case FailureState::changed:
    return FindingKind::changed;
  case FailureState::overdue:
    return FindingKind::overdue;
  case FailureState::reopened:
    return FindingKind::came_back;
  case FailureState::unknown:
    break;
  }
  return FindingKind::new_failure;
}

class Comparison {
public:
  Comparison(const KnownInput& input, std::span<const CellStanding> standings)
      : m_input(input), m_standings(standings), m_ledger(input.known.ledger()),
        m_histories(measure_entries(input.known, input.results, input.log_of)) {
    for (const LedgerEntry& entry : m_ledger.entries) {
      m_result.known += is_closed(entry) || entry.kind == EntryKind::infrastructure ? 0 : 1;
      m_has_cells = m_has_cells || !input.known.cells_of(entry).empty();
    }
  }

  BaselineComparison run() {
    std::set<std::string_view> cells;
    bool any = false;
    for (const CellStanding& standing : m_standings) {
      cells.insert(standing.cell);
      any = any || standing.newest.has_value();
      cell(standing);
    }
    for (const LedgerEntry& entry : m_ledger.entries) {
      elsewhere(entry, cells);
    }
    for (const PastFailure& past : past_failures(m_input.known, m_input.results)) {
      if (past.unchanged && past.times == 1) {
        add(FindingKind::seen_once, past.failure,
            fmt::format("{}; it passes with nothing changed", day_and_commit(past.last)), nullptr);
      }
    }
    std::ranges::stable_sort(m_result.findings, {}, &Finding::kind);
    m_result.gate = any ? gate() : Gate::nothing_run;
    count_droppable();
    return std::move(m_result);
  }

private:
  Gate gate() const {
    const auto has = [&](FindingKind kind) {
      return std::ranges::find(m_result.findings, kind, &Finding::kind) != m_result.findings.end();
    };
    const bool doubtful =
        has(FindingKind::outdated) || has(FindingKind::unrecorded) || has(FindingKind::reopened);
    return std::ranges::any_of(m_result.findings, is_regression, &Finding::kind) ? Gate::regression
           : has(FindingKind::blocked)                                           ? Gate::blocked
           : doubtful                                                            ? Gate::doubtful
           : has(FindingKind::never_run)                                         ? Gate::never_run
                                                                                 : Gate::passed;
  }

  /// An entry can be dropped when every finding about it says so.
  void count_droppable() {
    std::map<int, bool> droppable;
    for (const Finding& finding : m_result.findings) {
      if (finding.line > 0) {
        bool& all = droppable.try_emplace(finding.line, true).first->second;
        all = all && finding.droppable;
      }
    }
    for (Finding& finding : m_result.findings) {
      finding.droppable = finding.droppable && droppable[finding.line];
    }
    m_result.droppable =
        static_cast<int>(std::ranges::count(droppable, true, [](const auto& of) { return of.second; }));
  }

  Finding& add(FindingKind kind, CellFailure failure, std::string detail, const LedgerEntry* entry) {
    return m_result.findings.emplace_back(
        Finding{.kind = kind,
                .failure = std::move(failure),
                .detail = std::move(detail),
                .known = entry != nullptr,
                .line = entry == nullptr ? 0 : entry->line,
                .issue = entry == nullptr ? "" : entry->issue,
                .issue_link = entry == nullptr ? "" : m_input.known.link_of(*entry),
                .friction = entry == nullptr ? "" : entry->friction});
  }

  const EntryHistory& history_of(const LedgerEntry& entry) const {
    return m_histories[static_cast<std::size_t>(&entry - m_ledger.entries.data())];
  }

  /// What an entry says of cells that are not there, and why it says nothing.
  void elsewhere(const LedgerEntry& entry, const std::set<std::string_view>& cells) {
    if (is_closed(entry) || entry.kind == EntryKind::infrastructure) {
      return;
    }
    for (const std::string& cell : entry.cells) {
      if (!cells.contains(cell)) {
        not_here(entry, cell, m_input.known.other_place_of(cell));
      }
    }
    const std::string reason = m_input.known.void_reason(entry);
    if (!entry.axes.empty() && m_input.known.cells_of(entry).empty()) {
      not_here(entry, entry.where, m_input.known.other_place_of(entry));
    } else if (!reason.empty()) {
      untold(entry, failure_of(entry, entry.where), reason);
    }
  }

  void not_here(const LedgerEntry& entry, const std::string& where, const std::string& elsewhere) {
    if (elsewhere.empty()) {
      const bool own = !m_ledger.matrix.empty() || m_has_cells; // else it may be that of another matrix
      add(FindingKind::gone, failure_of(entry, where), "the matrix has no such cell", &entry).droppable = own;
    } else {
      untold(entry, failure_of(entry, where), elsewhere);
    }
  }

  void cell(const CellStanding& standing) {
    std::vector<const LedgerEntry*> entries = m_input.known.entries_of(standing.cell);
    std::erase_if(entries,
                  [&](const LedgerEntry* entry) { return !m_input.known.void_reason(*entry).empty(); });
    doubts(standing);
    if (!standing.newest) {
      if (!standing.unrecorded) {
        add(FindingKind::never_run, {standing.cell, "", std::nullopt}, "", nullptr).known = !entries.empty();
      }
      return;
    }
    const Record& newest = *standing.newest;
    if (newest.verdict == Verdict::setup) {
      const CellFailure failure{standing.cell, "", Verdict::setup};
      add(FindingKind::blocked, failure, first_line_of(newest.brief), nullptr).infrastructure =
          infrastructure_of(newest.brief, &m_ledger);
      return;
    }
    std::set<const LedgerEntry*> failing;
    std::set<CellFailure> failures;
    for (const JudgedFailure& judged :
         m_input.known.judge(newest, results_of(m_input.results, standing.cell), m_input.log_of)) {
      failing.insert(judged.entry);
      failures.insert(judged.seen.failure);
      failed(standing, judged);
    }
    lost(standing);
    for (const LedgerEntry* entry : entries) {
      if (!failing.contains(entry)) {
        not_failing(standing, *entry);
      }
    }
    flaky(standing, entries, failures);
  }

  void failed(const CellStanding& standing, const JudgedFailure& judged) {
    const CellFailure& failure = judged.seen.failure;
    std::vector<std::string> words{wavers(standing, failure) ? "passes now and then" : "", judged.reason,
                                   judged.seen.detail};
    std::erase(words, "");
    const bool is_known = judged.state == FailureState::known;
    const std::string detail =
        wavers(standing, failure) && judged.seen.detail.empty() ? "passes now and then; " : join(words, "; ");
    Finding& finding = add(kind_of(judged.state), failure, detail, judged.entry);
    finding.known = is_known;
    finding.never_known = judged.seen.never_known;
    finding.infrastructure = judged.infrastructure;
    finding.message = judged.seen.message;
  }

  /// No entry excuses that a cell that fails as known tells of fewer tests than before.
  void lost(const CellStanding& standing) {
    const auto results = results_of(m_input.results, standing.cell);
    for (const std::string& test : m_input.known.lost_by(*standing.newest, results)) {
      add(FindingKind::new_failure, {standing.cell, test, std::nullopt},
          "ran before, and is gone or skipped now although nothing has changed that the cell rests on",
          nullptr)
          .never_known = true;
    }
  }

  /// Why the newest result, or the tick, says nothing of now. Rows that are excluded are not asked for.
  void doubts(const CellStanding& standing) {
    const CellFailure cell{standing.cell, "", std::nullopt};
    if (standing.excluded) {
      return;
    }
    if (!standing.outdated.empty()) {
      add(FindingKind::outdated, cell, fmt::format("changed since: {}", join(standing.outdated, ", ")),
          nullptr);
    }
    if (standing.unrecorded) {
      add(FindingKind::unrecorded, cell, "ticked, and no pass here says on what that rests", nullptr);
    }
    if (standing.reopened) {
      add(FindingKind::reopened, cell, "passed, and its box was opened since", nullptr);
    }
  }

  static bool wavers(const CellStanding& standing, const CellFailure& failure) {
    return std::ranges::find(standing.wavered, failure.test) != standing.wavered.end();
  }

  /// A known failure that is not among those of the newest result.
  void not_failing(const CellStanding& standing, const LedgerEntry& entry) {
    const Record& newest = *standing.newest;
    const CellFailure failure = failure_of(entry, standing.cell);
    const bool passes = earns_tick(newest.verdict);
    const auto test = std::ranges::find(newest.tests, entry.text, &TestOutcome::test);
    const std::string ended = fmt::format("the cell ended as {}", verdict_name(newest.verdict));
    if (entry.kind != EntryKind::test) {
      passes ? passed(entry, failure, standing.retried) : untold(entry, failure, ended + " this time");
    } else if (test != newest.tests.end() && test->kind == TestOutcome::Kind::passed) {
      passed(entry, failure, standing.retried || wavers(standing, failure));
    } else if (test != newest.tests.end()) {
      untold(entry, failure, "skipped");
    } else if (passes && has_all_tests(newest)) {
      add(FindingKind::gone, failure, "the cell has no such test", &entry).droppable = true;
    } else {
      untold(entry, failure, passes ? "its result does not list its tests" : ended);
    }
  }

  void untold(const LedgerEntry& entry, const CellFailure& failure, std::string why) {
    add(FindingKind::untold, failure, std::move(why), &entry);
  }

  /// Passes now: for good once it did as often in a row as its rate demands.
  void passed(const LedgerEntry& entry, const CellFailure& failure, bool sometimes) {
    const EntryHistory& history = history_of(entry);
    const auto rate = rate_of(entry, history);
    const int needed = rate ? green_runs_needed(*rate) : 0;
    const bool for_good = !sometimes && history.green >= needed && (rate || !entry.flaky);
    add(sometimes ? FindingKind::flaky : FindingKind::fixed, failure,
        !sometimes && !for_good ? fmt::format("{} of {} green runs in a row", history.green, needed) : "",
        &entry)
        .droppable = for_good;
  }

  /// What nobody knows as failing, and passes only sometimes.
  void flaky(const CellStanding& standing, const std::vector<const LedgerEntry*>& entries,
             const std::set<CellFailure>& failing) {
    bool named = false;
    for (const std::string& test : standing.wavered) {
      const CellFailure failure{standing.cell, test, std::nullopt};
      const bool known = std::ranges::any_of(entries, [&](const LedgerEntry* entry) {
        return entry->kind == EntryKind::test && entry->text == test;
      });
      named = true;
      if (!known && !failing.contains(failure)) {
        add(FindingKind::flaky, failure, "passed and failed in turns at this commit", nullptr);
      }
    }
    if (standing.retried && !named && entries.empty() && failing.empty()) {
      add(FindingKind::flaky, {standing.cell, "", std::nullopt},
          standing.newest->flaky ? "passed after a retry" : "passed and failed in turns at this commit",
          nullptr);
    }
  }

  const KnownInput& m_input;
  std::span<const CellStanding> m_standings;
  const Ledger& m_ledger;
  std::vector<EntryHistory> m_histories;
  bool m_has_cells = false; ///< an entry is about a cell that is here
  BaselineComparison m_result;
};

} // namespace

bool is_regression(FindingKind kind) {
  return kind == FindingKind::new_failure || kind == FindingKind::changed || kind == FindingKind::came_back ||
         kind == FindingKind::overdue;
}

std::string_view finding_name(FindingKind kind) {
  switch (kind) {
  case FindingKind::new_failure:
    return "new failure";
  case FindingKind::changed:
    return "changed";
  case FindingKind::came_back:
    return "reopened failure";
  case FindingKind::overdue:
    return "overdue";
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
    return "never run";
  case FindingKind::seen_once:
    break;
  }
  return "seen once";
}

BaselineComparison compare_with_baseline(const KnownInput& input, std::span<const CellStanding> standings) {
  return Comparison(input, standings).run();
}

BaselineComparison compare_with_nothing(const Plan& plan, std::span<const CellStanding> standings) {
  const KnownFailures known(Ledger(), plan, "");
  const ResultsOfCells results;
  return compare_with_baseline({known, results}, standings);
}

std::string update_baseline(const Ledger& ledger, const BaselineComparison& comparison,
                            BaselineUpdate update) {
  std::set<int> dropped;
  std::vector<LedgerEntry> added;
  for (const Finding& finding : comparison.findings) {
    const auto verdict = finding.failure.verdict;
    if (finding.droppable) {
      dropped.insert(finding.line);
    } else if (finding.kind == FindingKind::new_failure && update == BaselineUpdate::accept &&
               !finding.never_known) {
      added.push_back({.where = finding.failure.cell,
                       .cells = {finding.failure.cell},
                       .kind = verdict ? EntryKind::verdict : EntryKind::test,
                       .text = finding.failure.test,
                       .verdict = verdict,
                       .message = finding.message});
    }
  }
  return with_changes(ledger, dropped, std::move(added));
}

} // namespace ctest_matrix
