#include "progress/disagreement.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
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

/// What says something of its cell.
bool tells(const Record& record) {
  return record.kind == RecordKind::cell && record.verdict != Verdict::interrupted &&
         record.verdict != Verdict::setup;
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
         (both_first_hand && (one.counts != other.counts || one.finished != other.finished));
}

std::vector<Record> conflicts_of_shares(std::span<const Record> records) {
  std::map<std::pair<std::string, std::string>, std::map<std::string, const Record*>>
      shares; // by cell, commit
  for (const Record& record : records) {
    if (tells(record) && !record.share.empty()) {
      const Record*& newest = shares[{record.cell, record.commit}][record.share];
      if (newest == nullptr ||
          std::tie(newest->finished, newest->id) < std::tie(record.finished, record.id)) {
        newest = &record;
      }
    }
  }
  std::vector<Record> conflicts;
  for (const auto& [key, by_share] : shares) {
    const Record* const first = by_share.begin()->second;
    const auto other = std::ranges::find_if(by_share, [&](const auto& each) {
      return earns_tick(each.second->verdict) != earns_tick(first->verdict);
    });
    if (other != by_share.end()) {
      conflicts.push_back(conflict_of(*first, *other->second));
      for (const auto& [share, record] : by_share) {
        conflicts.back().finished = std::max(conflicts.back().finished, record->finished + Milliseconds(1));
      }
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
  for (Record& conflict : conflicts_of_shares(agreed)) {
    std::erase_if(agreed, [&](const Record& record) {
      return tells(record) && record.cell == conflict.cell && record.commit == conflict.commit &&
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
