#include "ledger/entry_history.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace ctest_matrix {

namespace {

enum class Told {
  failed,
  passed,
  otherwise, ///< it did not pass, or only after a retry: no green run
  nothing,
};

/// Whether a test, or the cell as a whole, passed in a result.
bool passed_in(const Record& record, const CellFailure& failure) {
  if (failure.verdict) {
    return earns_tick(record.verdict);
  }
  return std::ranges::any_of(record.tests, [&](const TestOutcome& test) {
    return test.test == failure.test && test.kind == TestOutcome::Kind::passed;
  });
}

/// What a result says of its tests, by their titles. It points into the result and its failures.
class ToldTests {
public:
  ToldTests(const Record& record, std::span<const SeenFailure> failures)
      : m_record(&record), m_failures(failures) {
    for (const SeenFailure& failure : failures) {
      m_failed.emplace(failure.failure.test, &failure);
    }
    for (const TestOutcome& test : record.tests) {
      if (test.kind == TestOutcome::Kind::passed) {
        m_passed.insert(test.test);
      }
    }
  }

  Told by(const KnownFailures& known, const LedgerEntry& entry, const std::string& log) const {
    const bool by_test = entry.kind == EntryKind::test;
    const auto [begin, end] = m_failed.equal_range(entry.text); // a title may stand for several tests
    const bool is_it = by_test ? std::any_of(begin, end,
                                             [&](const auto& failure) {
                                               return known.matches(entry, {failure.second, 1}, log);
                                             })
                               : known.matches(entry, m_failures, log);
    if (is_it) {
      return Told::failed;
    }
    const bool passed = by_test ? m_passed.contains(entry.text) : earns_tick(m_record->verdict);
    const bool fails = !has_all_tests(*m_record) || begin != end;
    return passed && !m_record->flaky ? Told::passed
           : passed                   ? Told::otherwise // which of its tests was tried again is not recorded
           : by_test && !fails        ? Told::nothing   // skipped, or not there
                                      : Told::otherwise;
  }

private:
  const Record* m_record;
  std::span<const SeenFailure> m_failures;
  std::unordered_multimap<std::string_view, const SeenFailure*> m_failed;
  std::unordered_set<std::string_view> m_passed;
};

Sighting sighting_of(const Record& record) {
  return {record.finished, record.commit, record.id};
}

/// What one cell's results say of an entry.
struct HistoryInCell {
  EntryHistory all;
  int since_first = 0;

  void add(Told told, const Record& record) {
    if (told == Told::failed) {
      ++all.failures;
      ++since_first;
      all.runs = since_first;
      all.green = 0;
      all.first = all.first ? all.first : sighting_of(record);
      all.last = sighting_of(record);
    } else if (told == Told::passed) {
      since_first += all.first ? 1 : 0;
      ++all.green;
      all.last_pass = sighting_of(record);
    } else if (told == Told::otherwise) {
      since_first += all.first ? 1 : 0;
      all.green = 0;
    }
  }
};

void merge(EntryHistory& into, const EntryHistory& cell, bool is_first) {
  into.failures += cell.failures;
  into.runs += cell.runs;
  into.green = is_first ? cell.green : std::min(into.green, cell.green);
  if (cell.first && (!into.first || cell.first->time < into.first->time)) {
    into.first = cell.first;
  }
  if (cell.last && (!into.last || cell.last->time > into.last->time)) {
    into.last = cell.last;
  }
  if (cell.last_pass && (!into.last_pass || cell.last_pass->time > into.last_pass->time)) {
    into.last_pass = cell.last_pass;
  }
}

/// The newest result of a cell, and what is known of its failures.
struct NewestResult {
  NewestResult(const Record& newest, std::vector<JudgedFailure> its_failures, std::string its_log)
      : record(newest), judged(std::move(its_failures)), failures(seen(judged)), tests(record, failures),
        log(std::move(its_log)) {}

  NewestResult(const NewestResult&) = delete; // the tests point into the failures
  NewestResult& operator=(const NewestResult&) = delete;

  static std::vector<SeenFailure> seen(const std::vector<JudgedFailure>& judged) {
    std::vector<SeenFailure> failures;
    std::ranges::transform(judged, std::back_inserter(failures), &JudgedFailure::seen);
    return failures;
  }

  const Record& record;
  std::vector<JudgedFailure> judged;
  std::vector<SeenFailure> failures;
  ToldTests tests;
  std::string log;
};

EntryState state_of_failure(FailureState state) {
  return state == FailureState::changed    ? EntryState::changed
         : state == FailureState::overdue  ? EntryState::overdue
         : state == FailureState::reopened ? EntryState::reopened
                                           : EntryState::known;
}

EntryState state_of(const KnownFailures& known, const LedgerEntry& entry,
                    const std::map<std::string_view, NewestResult>& results) {
  const bool closed = is_closed(entry);
  if (!closed && !known.void_reason(entry).empty()) {
    return EntryState::excuses_nothing;
  }
  const std::vector<std::string>& cells = known.cells_of(entry);
  const bool elsewhere =
      std::ranges::any_of(entry.cells,
                          [&](const std::string& cell) { return !known.other_place_of(cell).empty(); }) ||
      (cells.empty() && !known.other_place_of(entry).empty());
  bool passes = !cells.empty() && !elsewhere;
  bool gone = !elsewhere;
  for (const std::string& cell : cells) {
    const auto found = results.find(cell);
    if (found == results.end()) {
      passes = gone = false;
      continue;
    }
    const NewestResult& newest = found->second;
    const Record& record = newest.record;
    const auto own = std::ranges::find(newest.judged, &entry, &JudgedFailure::entry);
    if (own != newest.judged.end()) {
      return state_of_failure(own->state);
    }
    passes = passes && newest.tests.by(known, entry, newest.log) == Told::passed;
    gone = gone && entry.kind == EntryKind::test && earns_tick(record.verdict) && has_all_tests(record) &&
           std::ranges::find(record.tests, entry.text, &TestOutcome::test) == record.tests.end();
  }
  return closed   ? EntryState::closed
         : passes ? EntryState::recovered
         : gone   ? EntryState::gone
                  : EntryState::untold;
}

} // namespace

ResultsOfCells all_results(const Plan& plan, std::span<const Record> records) {
  std::map<std::string_view, const Cell*> cells;
  for (const Cell& cell : plan.cells) {
    cells.emplace(cell.name, &cell);
  }
  ResultsOfCells results;
  for (const Record& record : records) {
    const auto cell = cells.find(record.cell);
    const bool tells = record.kind == RecordKind::cell && record.verdict != Verdict::setup &&
                       record.verdict != Verdict::interrupted;
    const auto is_of = [&](const Cell& planned) {
      return record.axes.empty() || std::ranges::is_permutation(record.axes, planned.variant->axes);
    };
    if (tells && cell != cells.end() && is_of(*cell->second)) {
      results[record.cell].push_back(&record);
    }
  }
  for (auto& [name, of_cell] : results) {
    std::ranges::stable_sort(of_cell, {}, [](const Record* record) { return record->finished; });
  }
  return results;
}

std::span<const Record* const> results_of(const ResultsOfCells& results, const std::string& cell) {
  const auto found = results.find(cell);
  return found == results.end() ? std::span<const Record* const>() : found->second;
}

std::vector<EntryHistory> measure_entries(const KnownFailures& known, const ResultsOfCells& results,
                                          const LogOf& log_of) {
  const std::vector<LedgerEntry>& entries = known.ledger().entries;
  std::vector<EntryHistory> histories(entries.size());
  std::vector<bool> has_cell(entries.size());
  for (const auto& [cell, records] : results) {
    const std::vector<const LedgerEntry*> own = known.entries_of(cell);
    std::vector<HistoryInCell> cells(own.size());
    for (const Record* record : own.empty() ? std::vector<const Record*>() : records) {
      const std::vector<SeenFailure> failures = failures_of(*record);
      const bool asks_log =
          std::ranges::any_of(own, [](const auto* entry) { return entry->kind == EntryKind::log; });
      const std::string log = asks_log && log_of ? log_of(*record) : "";
      const ToldTests tests(*record, failures);
      for (std::size_t i = 0; i < own.size(); ++i) {
        cells[i].add(tests.by(known, *own[i], log), *record);
      }
    }
    for (std::size_t i = 0; i < own.size(); ++i) {
      const auto index = static_cast<std::size_t>(own[i] - entries.data());
      merge(histories[index], cells[i].all, !has_cell[index]);
      has_cell[index] = true;
    }
  }
  return histories;
}

int green_runs_needed(const MeasuredRate& rate) {
  constexpr double k_chance = 0.05;
  if (rate.failed >= rate.runs) {
    return 1;
  }
  const double passes = 1.0 - static_cast<double>(rate.failed) / static_cast<double>(rate.runs);
  return static_cast<int>(std::ceil(std::log(k_chance) / std::log(passes)));
}

std::optional<MeasuredRate> rate_of(const LedgerEntry& entry, const EntryHistory& history) {
  std::optional<MeasuredRate> rate = entry.rate;
  if (history.failures > 0) {
    const MeasuredRate measured{history.failures, history.runs};
    if (!rate || green_runs_needed(measured) > green_runs_needed(*rate)) {
      rate = measured;
    }
  }
  return rate;
}

std::string_view entry_state_name(EntryState state) {
  switch (state) {
  case EntryState::known:
    return "known";
  case EntryState::changed:
    return "changed";
  case EntryState::overdue:
    return "overdue";
  case EntryState::reopened:
    return "reopened";
  case EntryState::recovered:
    return "recovered";
  case EntryState::closed:
    return "closed";
  case EntryState::gone:
    return "gone";
  case EntryState::untold:
    return "untold";
  case EntryState::excuses_nothing:
    break;
  }
  return "excuses nothing";
}

std::vector<EntryState> states_of_entries(const KnownFailures& known, const ResultsOfCells& results,
                                          const LogOf& log_of) {
  std::map<std::string_view, NewestResult> newest;
  for (const auto& [cell, records] : results) {
    const Record& record = *records.back();
    const bool fails = !earns_tick(record.verdict);
    newest.try_emplace(cell, record, known.judge(record, records, log_of),
                       fails && log_of ? log_of(record) : "");
  }
  std::vector<EntryState> states;
  for (const LedgerEntry& entry : known.ledger().entries) {
    states.push_back(state_of(known, entry, newest));
  }
  return states;
}

bool is_droppable(const LedgerEntry& entry, EntryState state, const EntryHistory& history) {
  const auto rate = rate_of(entry, history);
  const bool often_enough = rate ? history.green >= green_runs_needed(*rate) : !entry.flaky;
  return state == EntryState::gone || (state == EntryState::recovered && often_enough);
}

std::vector<PastFailure> past_failures(const KnownFailures& known, const ResultsOfCells& results) {
  std::vector<PastFailure> past;
  for (const auto& [cell, records] : results) {
    std::map<CellFailure, std::pair<PastFailure, const Record*>> of_cell;
    for (const Record* record : records) {
      for (auto& [failure, seen] : of_cell) {
        const bool same = !record->basis.empty() && seen.second->basis == record->basis;
        seen.first.unchanged = seen.first.unchanged || (same && passed_in(*record, failure));
      }
      for (const JudgedFailure& judged : known.judge(*record, {}, nullptr)) {
        if (judged.entry == nullptr) {
          auto& [seen, failed] = of_cell[judged.seen.failure];
          seen = {judged.seen.failure, judged.seen.detail, seen.times + 1, sighting_of(*record), false};
          failed = record;
        }
      }
    }
    for (auto& [failure, seen] : of_cell) {
      if (passed_in(*records.back(), failure)) {
        past.push_back(std::move(seen.first));
      }
    }
  }
  return past;
}

} // namespace ctest_matrix
