#include "progress/damaged.hpp"

#include "base/text.hpp"
#include "plan/identity.hpp"
#include "progress/cell_record.hpp"
#include "progress/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_killed = "its launcher was killed, and gave no verdict";
constexpr std::string_view k_damaged = "its result is damaged in the journal that came back";
constexpr std::size_t k_named_lines = 10;

/// A line that is no record.
struct Damage {
  std::string_view text;
  std::size_t line = 0;
  TimePoint time{}; ///< of the newest result before it
};

/// A cell, and the line of its first result.
struct SeenCell {
  UnknownEnd end;
  std::size_t line = 0;
};

/// The text behind `"key":"`, up to the next quote; empty where that is not there.
std::string_view text_of(std::string_view line, std::string_view key) {
  const std::string lead = fmt::format("\"{}\":\"", key);
  const std::size_t at = line.find(lead);
  if (at == std::string_view::npos) {
    return {};
  }
  const std::size_t begin = at + lead.size();
  const std::size_t end = line.find('"', begin);
  return end == std::string_view::npos ? std::string_view() : line.substr(begin, end - begin);
}

class Reader {
public:
  Reader(std::string_view text, std::size_t first) {
    for (std::size_t line = first; !text.empty(); ++line) {
      const std::string_view here = text.substr(0, text.find('\n'));
      read(here, line);
      text.remove_prefix(std::min(here.size() + 1, text.size()));
    }
  }

  ForeignJournal take(const std::function<bool(const Record&)>& is_running) {
    begin_anew();
    for (const Record& begin : m_begins) {
      if (!m_ended.contains(begin.id) && !is_running(begin)) {
        UnknownEnd end = end_of(begin);
        end.id = begin.id;
        end.brief = k_killed;
        m_journal.unknown.push_back(std::move(end));
      }
    }
    for (const Damage& damage : m_damages) {
      add(damage);
    }
    for (auto& [key, end] : m_damaged) {
      m_journal.unknown.push_back(std::move(end));
    }
    return std::move(m_journal);
  }

private:
  /// Where a share began anew, what it had before goes; the others go on. A reset that no share came after is
  /// one of the suite.
  void begin_anew() {
    std::map<std::string, std::pair<TimePoint, std::string>> resets; // by profile
    const auto stamp = [](const Record& record) { return std::pair(record.finished, record.id); };
    for (const Record& record : m_journal.records) {
      if (record.kind == RecordKind::reset) {
        resets[record.profile] = std::max(resets[record.profile], stamp(record));
      }
    }
    std::erase_if(resets, [&](const auto& reset) {
      return std::ranges::none_of(m_journal.records, [&](const Record& record) {
        return record.profile == reset.first && !record.share.empty() && stamp(record) > reset.second;
      });
    });
    const auto is_dropped = [&](const Record& record) {
      const auto reset = resets.find(record.profile);
      return reset != resets.end() && stamp(record) <= reset->second;
    };
    std::erase_if(m_journal.records, is_dropped);
    std::erase_if(m_begins, is_dropped);
  }

  void read(std::string_view line, std::size_t number) {
    if (line.empty()) {
      return;
    }
    std::optional<Record> record = parse_record(line);
    if (!record) {
      m_journal.damaged.push_back(number);
      m_damages.push_back({.text = line, .line = number, .time = m_newest});
      return;
    }
    if (record->kind == RecordKind::begin) {
      m_begins.push_back(*std::move(record));
      return;
    }
    if (record->kind == RecordKind::cell) {
      m_ended.insert(record->id);
      const UnknownEnd end = end_of(*record);
      m_cells.try_emplace(key_of(end), SeenCell{.end = end, .line = number});
      m_newest = std::max(m_newest, record->finished);
    }
    m_journal.records.push_back(*std::move(record));
  }

  /// The ends that a damaged line may be.
  void add(const Damage& damage) {
    const std::string_view kind = text_of(damage.text, "kind");
    if (kind == "note" || kind == "setup") {
      return; // says nothing of a cell
    }
    const auto begin = std::ranges::find(m_begins, text_of(damage.text, "id"), &Record::id);
    if (begin != m_begins.end()) {
      add_damaged(end_of(*begin), begin->finished);
      return;
    }
    // A name that the journal does not know may be damaged itself.
    const std::string_view cell = text_of(damage.text, "cell");
    const auto is_before = [&](const auto& each) { return each.second.line < damage.line; };
    const bool is_known = std::ranges::any_of(
        m_cells, [&](const auto& each) { return is_before(each) && each.second.end.cell == cell; });
    for (const auto& each : m_cells) {
      if (is_before(each) && (!is_known || each.second.end.cell == cell)) {
        add_damaged(each.second.end, damage.time);
      }
    }
  }

  /// A cell of a configuration; what a damaged name may be is told of each.
  static std::string key_of(const UnknownEnd& end) {
    return fmt::format("{} {} {}", end.cell, end.profile, end.identity);
  }

  static UnknownEnd end_of(const Record& record) {
    return {
        .cell = record.cell, .identity = record.identity, .profile = record.profile, .time = record.finished};
  }

  /// The newest one of a cell says all: a result that is older than another one is older than it.
  void add_damaged(UnknownEnd end, TimePoint time) {
    end.time = time;
    end.verdict = Verdict::bad_report;
    end.brief = k_damaged;
    UnknownEnd& newest = m_damaged.try_emplace(key_of(end), end).first->second;
    newest.time = std::max(newest.time, time);
  }

  ForeignJournal m_journal;
  std::vector<Record> m_begins;
  std::vector<Damage> m_damages;
  std::set<std::string> m_ended; ///< ids
  std::map<std::string, SeenCell> m_cells;
  std::map<std::string, UnknownEnd> m_damaged;
  TimePoint m_newest{};
};

bool is_of(const Plan& plan, const Cell& cell, const UnknownEnd& end) {
  return (end.profile.empty() || end.profile == plan.common.profile) &&
         (end.identity.empty() ||
          end.identity == cell_identity(plan.common, cell.row->name, cell.variant->axes));
}

/// The same id for the same end, in whatever order and however often it is found missing.
Record failure_of(const Plan& plan, const Cell& cell, const UnknownEnd& end) {
  Record record = record_of(plan.common, cell);
  record.finished = end.time + Milliseconds(1);
  record.verdict = end.verdict;
  record.brief = end.brief;
  record.source = "journal";
  record.id = fmt::format("{:012x}-{}", record.finished.time_since_epoch().count(),
                          fingerprint(end.cell + ' ' + end.id + ' ' + end.brief).substr(0, 8));
  return record;
}

} // namespace

ForeignJournal parse_foreign_journal(std::string_view text, std::size_t first,
                                     const std::function<bool(const Record&)>& is_running) {
  return Reader(text, first).take(is_running);
}

std::vector<Record> failures_for(const Plan& plan, std::span<const UnknownEnd> unknown,
                                 std::span<const Record> known, NeverEnded never) {
  std::set<std::string> told;
  std::ranges::transform(known, std::inserter(told, told.end()), &Record::id);
  const auto results = results_by_cell(known, plan);
  std::map<std::string, Record> newest; // by cell
  for (const UnknownEnd& end : unknown) {
    const Cell* const cell = find_cell(plan, end.cell);
    const auto of_cell = results.find(end.cell);
    const bool has_result = of_cell != results.end();
    if (cell == nullptr || (!has_result && never == NeverEnded::left_out) || !is_of(plan, *cell, end) ||
        (!end.id.empty() && told.contains(end.id))) {
      continue;
    }
    if (const Record* const last = has_result ? of_cell->second.back() : nullptr;
        last != nullptr && (!earns_tick(last->verdict) || last->finished > end.time)) {
      continue;
    }
    Record failure = failure_of(plan, *cell, end);
    const auto [before, is_first] = newest.try_emplace(end.cell, failure);
    if (!is_first &&
        std::tie(before->second.finished, before->second.id) < std::tie(failure.finished, failure.id)) {
      before->second = std::move(failure);
    }
  }
  std::vector<Record> failures;
  for (auto& [cell, failure] : newest) {
    failures.push_back(std::move(failure));
  }
  return failures;
}

std::string damage_text(const std::string& file, const ForeignJournal& journal) {
  if (journal.damaged.empty()) {
    return "";
  }
  std::vector<std::string> lines;
  for (const std::size_t line : journal.damaged) {
    if (lines.size() == k_named_lines) {
      lines.push_back(fmt::format("and {} more", journal.damaged.size() - k_named_lines));
      break;
    }
    lines.push_back(fmt::format("{}:{}", file, line));
  }
  return fmt::format("{}: no record of a journal, left out; no cell is ticked of which it may be the end",
                     join(lines, ", "));
}

} // namespace ctest_matrix
