#include "progress/disagreement.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_merge = "merge";   // the source of a conflict
constexpr std::string_view k_commit = "commit"; // in the basis: never what a checkout has there itself

std::string said_by(const Record& record) {
  return record.share.empty() ? fmt::format("{} in {}", verdict_name(record.verdict), record.id)
                              : fmt::format("{} in share {}", verdict_name(record.verdict), record.share);
}

/// Of one cell, at one commit, in one run of shares.
using RunOfCell = std::tuple<std::string, std::string, std::string>;

RunOfCell run_of(const Record& record) {
  return {record.cell, record.commit, record.run};
}

/// The newest result of a share.
struct Newest {
  const Record* record = nullptr;
  bool is_new = false; ///< it was not known
};

/// What says something of its cell.
bool tells(const Record& record) {
  return record.kind == RecordKind::cell && record.verdict != Verdict::interrupted &&
         record.verdict != Verdict::setup;
}

void add_newest(std::map<RunOfCell, std::map<std::string, Newest>>& shares, const Record& record,
                bool is_new) {
  if (!tells(record) || record.share.empty()) {
    return;
  }
  Newest& newest = shares[run_of(record)][record.share];
  if (newest.record == nullptr ||
      std::tie(newest.record->finished, newest.record->id) < std::tie(record.finished, record.id)) {
    newest = {&record, is_new};
  }
}

/// The first two results that contradict each other and are not both known; nulls where there are none.
std::pair<const Record*, const Record*> contradiction(const std::map<std::string, Newest>& by_share) {
  for (auto one = by_share.begin(); one != by_share.end(); ++one) {
    for (auto other = std::next(one); other != by_share.end(); ++other) {
      if ((one->second.is_new || other->second.is_new) &&
          earns_tick(one->second.record->verdict) != earns_tick(other->second.record->verdict)) {
        return {one->second.record, other->second.record};
      }
    }
  }
  return {};
}

/// Whether both say the same, wherever they came from and whatever the commit is here.
bool is_same_result(Record one, Record other) {
  one.origin = other.origin;
  for (Record* record : {&one, &other}) {
    std::erase_if(record->basis, [](const auto& entry) { return entry.first == k_commit; });
  }
  return one == other;
}

} // namespace

Record conflict_of(const Record& one, const Record& other) {
  const auto key = [](const Record& record) {
    return std::tuple(record.finished, record.id, said_by(record), serialise_record(record));
  };
  const bool in_order = key(one) <= key(other);
  const Record& first = in_order ? one : other;
  const Record& second = in_order ? other : one;
  Record conflict;
  conflict.cell = first.cell;
  conflict.row = first.row;
  conflict.column = first.column;
  conflict.profile = first.profile;
  conflict.axes = first.axes;
  conflict.identity = first.identity;
  conflict.commit = second.commit;
  conflict.run = second.run;
  conflict.finished = second.finished + Milliseconds(1);
  conflict.verdict = Verdict::fail;
  conflict.brief = fmt::format("conflict: {}, {}", said_by(first), said_by(second));
  conflict.source = k_merge;
  conflict.id = fmt::format("{:012x}-{}", conflict.finished.time_since_epoch().count(),
                            fingerprint(first.id + ' ' + second.id + ' ' + conflict.brief).substr(0, 8));
  return conflict;
}

bool disagree(const Record& one, const Record& other) {
  if (one.kind != RecordKind::cell || other.kind != RecordKind::cell) {
    return one.kind != other.kind;
  }
  const bool both_first_hand = one.source == "cell" && other.source == "cell";
  return one.cell != other.cell || one.identity != other.identity || one.verdict != other.verdict ||
         (both_first_hand && !is_same_result(one, other));
}

std::vector<Record> conflicts_of_shares(std::span<const Record> records, std::span<const Record> known) {
  std::map<RunOfCell, std::map<std::string, Newest>> shares;
  std::set<std::string> known_ids;
  for (const Record& record : known) {
    known_ids.insert(record.id);
    add_newest(shares, record, false);
  }
  for (const Record& record : records) {
    if (!known_ids.contains(record.id)) {
      add_newest(shares, record, true);
    }
  }
  std::vector<Record> conflicts;
  for (const auto& [key, by_share] : shares) {
    const auto pair = contradiction(by_share);
    if (pair.first == nullptr) {
      continue;
    }
    conflicts.push_back(conflict_of(*pair.first, *pair.second));
    for (const auto& [share, newest] : by_share) {
      conflicts.back().finished =
          std::max(conflicts.back().finished, newest.record->finished + Milliseconds(1));
    }
  }
  return conflicts;
}

std::vector<Record> without_conflicts(std::vector<Record> records, std::span<const Record> known) {
  const auto in_order = [](const Record& a, const Record& b) {
    return std::tie(a.finished, a.id) < std::tie(b.finished, b.id);
  };
  std::ranges::sort(records, [&](const Record& a, const Record& b) {
    return in_order(a, b) || (!in_order(b, a) && serialise_record(a) < serialise_record(b));
  });
  std::map<std::string, const Record*> known_by_id;
  for (const Record& record : known) {
    known_by_id.emplace(record.id, &record);
  }
  std::map<std::string, std::vector<const Record*>> by_id;
  for (const Record& record : records) {
    by_id[record.id].push_back(&record);
  }
  std::vector<Record> agreed;
  std::vector<Record> conflicts;
  for (const auto& [id, same] : by_id) {
    const auto before = known_by_id.find(id);
    const Record& first = before == known_by_id.end() ? *same.front() : *before->second;
    const auto other = std::ranges::find_if(same, [&](const Record* each) { return disagree(first, *each); });
    if (other != same.end()) {
      conflicts.push_back(conflict_of(first, **other));
    } else {
      agreed.push_back(*same.front());
    }
  }
  for (Record& conflict : conflicts_of_shares(agreed, known)) {
    std::erase_if(agreed, [&](const Record& record) {
      return tells(record) && run_of(record) == std::tuple(conflict.cell, conflict.commit, conflict.run) &&
             !record.share.empty();
    });
    conflicts.push_back(std::move(conflict));
  }
  std::ranges::move(conflicts, std::back_inserter(agreed));
  std::ranges::sort(agreed, in_order);
  return agreed;
}

bool is_conflict(const Record& record) {
  return record.kind == RecordKind::cell && record.source == k_merge;
}

void mark_other_commit(Record& record, const std::string& head) {
  const bool is_of_a_share = record.kind == RecordKind::cell && !record.share.empty();
  if (is_of_a_share && !head.empty() && !record.commit.empty() && record.commit != head &&
      !other_commit(record)) {
    record.basis.emplace_back(k_commit, record.commit);
  }
}

std::optional<std::string> other_commit(const Record& record) {
  const auto mark = std::ranges::find(record.basis, k_commit, [](const auto& entry) { return entry.first; });
  return mark == record.basis.end() ? std::nullopt : std::optional(mark->second);
}

std::string other_configuration(const Plan& plan, const Record& record) {
  const Cell* const cell = find_cell(plan, record.cell);
  if (cell == nullptr) {
    return record.profile == plan.common.profile
               ? ""
               : fmt::format("profile {} there, {} here", record.profile, plan.common.profile);
  }
  std::vector<std::string> differences;
  for (const auto& [axis, value] : cell->variant->axes) {
    const std::string* const there = value_of(record.axes, axis);
    if (there == nullptr || *there != value) {
      differences.push_back(
          fmt::format("{} {} there, {} here", axis, there == nullptr ? "unknown" : *there, value));
    }
  }
  return join(differences, "; ");
}

} // namespace ctest_matrix
