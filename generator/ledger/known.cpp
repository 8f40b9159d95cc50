#include "ledger/known.hpp"

#include "base/text.hpp"
#include "ledger/normalise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace ctest_matrix {

namespace {

/// Whether the cell has the value that a term of an entry asks for.
bool has_value(const Cell& cell, const std::string& axis, const std::vector<std::string>& values) {
  const auto is_one = [&](const std::string& value) {
    return std::ranges::find(values, value) != values.end();
  };
  if (axis == "file") {
    return is_one(cell.row->name);
  }
  if (axis == "column") {
    return is_one(cell.variant->column);
  }
  return std::ranges::any_of(cell.variant->axes, [&](const auto& assigned) {
    return assigned.first == axis && is_one(assigned.second);
  });
}

bool is_among(const Cell& cell, const LedgerEntry& entry) {
  return !entry.axes.empty() && std::ranges::all_of(entry.axes, [&](const auto& term) {
    return has_value(cell, term.first, term.second);
  });
}

/// Whether the entry says with which message what it is about fails, and this one is another.
bool has_other_message(const LedgerEntry& entry, const SeenFailure& failure) {
  const bool of_test = entry.kind == EntryKind::test && !failure.failure.verdict;
  const bool of_cell = entry.kind == EntryKind::verdict;
  return (of_test || of_cell) && !entry.message.empty() && entry.message != failure.message;
}

/// Whether the cell as a whole ends as the entry says it does.
bool ends_as_told(const LedgerEntry& entry, const SeenFailure& failure) {
  const auto& verdict = failure.failure.verdict;
  return verdict && std::ranges::find(entry.outcomes, *verdict) != entry.outcomes.end();
}

/// How many failures in a row happen by chance in no more than one of twenty cases, at the rate of an entry,
/// or one of two where it says only that it is flaky: then it fails for good. 0: it is not flaky.
std::size_t failures_for_good(const LedgerEntry& entry) {
  constexpr double k_chance = 0.05;
  const double rate = entry.rate
                          ? static_cast<double>(entry.rate->failed) / static_cast<double>(entry.rate->runs)
                      : entry.flaky ? 0.5
                                    : 1.0;
  if (rate >= 1.0) {
    return 0;
  }
  const double failures = rate <= 0.0 ? 0.0 : std::ceil(std::log(k_chance) / std::log(rate));
  return std::max<std::size_t>(2, static_cast<std::size_t>(failures));
}

/// What failed in the results of a cell before one, the newest first; each is taken apart once, when it is
/// asked for.
class EarlierFailures {
public:
  EarlierFailures(const Record& last, std::span<const Record* const> results)
      : m_last(last), m_rest(results) {}

  /// How many in a row, from the newest on, are so: `is` gets a result and its failures.
  template <typename Is>
  std::size_t all_of(Is is) {
    std::size_t count = 0;
    while ((count < m_failures.size() || read_next()) &&
           is(*m_failures[count].first, m_failures[count].second)) {
      ++count;
    }
    return count;
  }

private:
  bool read_next() {
    while (!m_rest.empty()) {
      const Record& record = *m_rest.back();
      m_rest = m_rest.first(m_rest.size() - 1);
      if (record.id != m_last.id && record.finished <= m_last.finished) {
        m_failures.emplace_back(&record, failures_of(record));
        return true;
      }
    }
    return false;
  }

  const Record& m_last;
  std::span<const Record* const> m_rest;
  std::vector<std::pair<const Record*, std::vector<SeenFailure>>> m_failures;
};

std::string ordinal(int number) {
  const int last = number % 100 / 10 == 1 ? 0 : number % 10;
  return fmt::format("{}{}", number, last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th");
}

std::string reopened_words(const LedgerEntry& entry) {
  const EntryEvent& end = entry.events.back();
  return fmt::format("for the {} time, closed {}{}", ordinal(times_closed(entry) + 1), end.date,
                     end.note.empty() ? "" : fmt::format(" after {}", end.note));
}

} // namespace

CellFailure failure_of(const LedgerEntry& entry, const std::string& cell) {
  return entry.kind == EntryKind::verdict ? CellFailure{cell, "", entry.verdict}
         : entry.kind == EntryKind::test  ? CellFailure{cell, entry.text, std::nullopt}
                                          : CellFailure{cell, entry_text(entry), std::nullopt};
}

KnownFailures::KnownFailures(Ledger ledger, const Plan& plan, std::string today,
                             std::vector<OtherCell> others)
    : m_ledger(std::move(ledger)), m_issues(plan.common.issues), m_today(std::move(today)),
      m_others(std::move(others)), m_cells_of(m_ledger.entries.size()) {
  std::ranges::copy_if(m_ledger.entries, std::back_inserter(m_surroundings.entries),
                       [](const LedgerEntry& entry) { return entry.kind == EntryKind::infrastructure; });
  std::map<std::string_view, std::vector<std::size_t>> named;
  std::vector<std::size_t> by_axes;
  for (std::size_t i = 0; i < m_ledger.entries.size(); ++i) {
    for (const std::string& cell : m_ledger.entries[i].cells) {
      named[cell].push_back(i);
    }
    if (!m_ledger.entries[i].axes.empty()) {
      by_axes.push_back(i);
    }
  }
  for (const Cell& cell : plan.cells) {
    Bound& bound = m_cells[cell.name];
    bound.cell = cell;
    bound.entries = named[cell.name];
    for (const std::size_t i : by_axes) {
      if (is_among(cell, m_ledger.entries[i])) {
        bound.entries.push_back(i);
      }
    }
    std::ranges::sort(bound.entries);
    for (const std::size_t i : bound.entries) {
      m_cells_of[i].push_back(cell.name);
      const LedgerEntry& entry = m_ledger.entries[i];
      bound.by_test[entry.kind == EntryKind::test ? entry.text : ""].push_back(i);
    }
  }
}

std::vector<const LedgerEntry*> KnownFailures::entries_of(std::string_view cell) const {
  std::vector<const LedgerEntry*> entries;
  if (const auto found = m_cells.find(cell); found != m_cells.end()) {
    for (const std::size_t i : found->second.entries) {
      entries.push_back(&m_ledger.entries[i]);
    }
  }
  return entries;
}

const std::vector<std::string>& KnownFailures::cells_of(const LedgerEntry& entry) const {
  return m_cells_of[static_cast<std::size_t>(&entry - m_ledger.entries.data())];
}

std::string KnownFailures::other_place_of(std::string_view cell) const {
  const auto other = std::ranges::find(m_others, cell, [](const OtherCell& one) { return one.cell.name; });
  return other == m_others.end() ? "" : other->where;
}

std::string KnownFailures::other_place_of(const LedgerEntry& entry) const {
  const auto other =
      std::ranges::find_if(m_others, [&](const OtherCell& one) { return is_among(one.cell, entry); });
  return other == m_others.end() ? "" : other->where;
}

std::string KnownFailures::void_reason(const LedgerEntry& entry) const {
  const auto index = static_cast<std::size_t>(&entry - m_ledger.entries.data());
  if (entry.kind == EntryKind::infrastructure) {
    return "it names failures of the surroundings";
  }
  if (is_closed(entry)) {
    return fmt::format("closed {}", entry.events.back().date);
  }
  if (!entry.axes.empty() && m_cells.size() > 1 && m_cells_of[index].size() == m_cells.size()) {
    return "it is about every cell; expected cells, or values that only some have";
  }
  return "";
}

/// Whether the entry is about this failure, whatever its message; texts have to be there.
bool KnownFailures::is_about(const LedgerEntry& entry, const SeenFailure& failure,
                             std::span<const SeenFailure> all, const std::string& log) const {
  const CellFailure& what = failure.failure;
  switch (entry.kind) {
  case EntryKind::verdict:
    return what.verdict == entry.verdict;
  case EntryKind::test: // how the cell ends by a test is told with the test
    return what.verdict
               ? ends_as_told(entry, failure) &&
                     std::ranges::any_of(all,
                                         [&](const SeenFailure& other) {
                                           return !other.failure.verdict &&
                                                  other.failure.test == entry.text &&
                                                  (entry.message.empty() || other.message == entry.message);
                                         })
               : what.test == entry.text;
  case EntryKind::message:
    return !what.verdict && !failure.parts.empty() &&
           std::ranges::all_of(failure.parts, [&](const std::string& part) {
             return part.find(entry.text) != std::string::npos;
           });
  case EntryKind::log:
    return ends_as_told(entry, failure) && log.find(entry.text) != std::string::npos;
  case EntryKind::infrastructure:
    break;
  }
  return false;
}

JudgedFailure KnownFailures::judge_one(const Bound& bound, SeenFailure failure,
                                       std::span<const SeenFailure> all, const std::string& log) const {
  JudgedFailure judged{std::move(failure), FailureState::unknown, nullptr, "", ""};
  const auto rank = [](FailureState state) { // what is worth more to be told
    return state == FailureState::known      ? 4
           : state == FailureState::overdue  ? 3
           : state == FailureState::changed  ? 2
           : state == FailureState::reopened ? 1
                                             : 0;
  };
  const auto consider = [&](const LedgerEntry& entry) {
    if (!is_about(entry, judged.seen, all, log)) {
      return;
    }
    const bool other_message = has_other_message(entry, judged.seen);
    const bool closed = is_closed(entry);
    if ((closed && other_message) || (!closed && !void_reason(entry).empty())) {
      return;
    }
    const FailureState state = closed              ? FailureState::reopened
                               : other_message     ? FailureState::changed
                               : is_overdue(entry) ? FailureState::overdue
                                                   : FailureState::known;
    if (rank(state) > rank(judged.state)) {
      judged.state = state;
      judged.entry = &entry;
    }
  };
  const auto look = [&](const std::string& test) {
    if (const auto found = bound.by_test.find(test); found != bound.by_test.end()) {
      for (const std::size_t i : found->second) {
        consider(m_ledger.entries[i]);
      }
    }
  };
  look("");
  if (judged.seen.failure.verdict) {
    for (const SeenFailure& other : all) {
      if (!other.failure.test.empty()) {
        look(other.failure.test);
      }
    }
  } else {
    look(judged.seen.failure.test);
  }
  return judged;
}

bool KnownFailures::matches(const LedgerEntry& entry, std::span<const SeenFailure> all,
                            const std::string& log) const {
  const bool may_have_said_it = entry.kind == EntryKind::log && log.empty();
  return std::ranges::any_of(all, [&](const SeenFailure& failure) {
    return may_have_said_it ? ends_as_told(entry, failure)
                            : is_about(entry, failure, all, log) && !has_other_message(entry, failure);
  });
}

std::vector<JudgedFailure> KnownFailures::judge(const Record& record, std::span<const Record* const> results,
                                                const LogOf& log_of) const {
  const std::vector<SeenFailure> all = failures_of(record);
  std::vector<JudgedFailure> judged;
  const auto bound = m_cells.find(record.cell);
  const bool asks_log =
      bound != m_cells.end() && std::ranges::any_of(bound->second.entries, [&](std::size_t i) {
        return m_ledger.entries[i].kind == EntryKind::log;
      });
  const std::string log = asks_log && log_of ? log_of(record) : "";
  EarlierFailures before(record, results);
  for (const SeenFailure& failure : all) {
    JudgedFailure one = failure.never_known || bound == m_cells.end()
                            ? JudgedFailure{failure, FailureState::unknown, nullptr, "", ""}
                            : judge_one(bound->second, failure, all, log);
    const std::size_t for_good =
        one.state == FailureState::known ? failures_for_good(*one.entry) : std::size_t{0};
    const auto is_this = [&](const Record& earlier, std::span<const SeenFailure> failures) {
      const bool asks = one.entry->kind == EntryKind::log && log_of;
      return matches(*one.entry, failures, asks ? log_of(earlier) : "");
    };
    const std::size_t in_a_row = for_good > 0 ? 1 + before.all_of(is_this) : 0;
    if (in_a_row > 0 && in_a_row >= for_good) {
      one.state = FailureState::changed;
      one.reason = fmt::format(
          "known as flaky{}, and failed {} times in a row",
          one.entry->rate ? fmt::format(" ({} of {} runs)", one.entry->rate->failed, one.entry->rate->runs)
                          : "",
          in_a_row);
    } else if (one.state == FailureState::changed) {
      one.reason = fmt::format("known with another message: {}", one.entry->message);
    } else if (one.state == FailureState::overdue) {
      one.reason = fmt::format("its review was due {}", one.entry->review);
    } else if (one.state == FailureState::reopened) {
      one.reason = reopened_words(*one.entry);
    }
    one.infrastructure = infrastructure_of(one.seen.exact, &m_surroundings);
    judged.push_back(std::move(one));
  }
  return judged;
}

std::vector<std::string> KnownFailures::lost_by(const Record& record,
                                                std::span<const Record* const> earlier) const {
  const auto bound = m_cells.find(record.cell);
  return bound == m_cells.end() ? std::vector<std::string>()
                                : tests_lost_by(bound->second.cell, record, earlier);
}

bool KnownFailures::excuses(const Record& record, std::span<const Record* const> earlier,
                            const LogOf& log_of) const {
  const std::vector<JudgedFailure> judged = judge(record, earlier, log_of);
  return !judged.empty() && record.verdict != Verdict::interrupted &&
         std::ranges::all_of(
             judged, [](const JudgedFailure& failure) { return failure.state == FailureState::known; }) &&
         lost_by(record, earlier).empty();
}

} // namespace ctest_matrix
