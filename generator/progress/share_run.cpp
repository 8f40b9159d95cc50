#include "progress/share_run.hpp"

#include "progress/disagreement.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

namespace ctest_matrix {

namespace {

struct Told {
  const Record* record = nullptr;
  ShareName share;
};

using Split = std::tuple<std::size_t, std::string, std::string>; // count, by, split

Split split_of(const Told& told) {
  return {told.share.position.count, told.share.by, told.record->split};
}

std::vector<Told> all_told(const CellResults& results) {
  std::vector<Told> all;
  for (const auto& [cell, records] : results) {
    for (const Record* record : records) {
      if (auto share = told_share(*record)) {
        all.push_back({record, *std::move(share)});
      }
    }
  }
  const auto is_other = [](const Told& told) { return other_commit(*told.record).has_value(); };
  if (!std::ranges::all_of(all, is_other)) {
    std::erase_if(all, is_other);
  }
  return all;
}

/// Of the run that ended last.
std::string newest_id(const std::vector<Told>& all) {
  std::pair<TimePoint, std::string> newest;
  for (const Told& told : all) {
    if (!told.record->run.empty()) {
      newest = std::max(newest, std::pair(told.record->finished, told.record->run));
    }
  }
  return newest.second;
}

/// The results of one share, of runs that nobody told apart.
class Repeats {
public:
  void add(const Record& record) {
    m_cells[record.cell].push_back(&record); // the newest last
    m_first = std::min(m_first, record.finished);
    m_last = std::max(m_last, record.finished);
  }

  TimePoint last() const { return m_last; }

  /// When all its cells began to run once more, as far as they did; nothing where one of them did not, or
  /// they took turns.
  std::optional<TimePoint> again() const {
    TimePoint again = TimePoint::max();
    for (const auto& [cell, results] : m_cells) {
      again = std::min(again, results.back()->finished - results.back()->duration);
    }
    const bool all = std::ranges::all_of(m_cells, [&](const auto& each) {
      return each.second.size() > 1 && each.second[each.second.size() - 2]->finished <= again;
    });
    return all ? std::optional(again) : std::nullopt;
  }

  /// Whether all of it ran once more than the other one, and since that had its last result, beside which it
  /// had run before.
  bool has_left_behind(const Repeats& other) const {
    const auto begin = again();
    return begin && other.m_last < *begin && m_first < other.m_last && rounds() > other.rounds();
  }

private:
  std::size_t rounds() const {
    const auto least =
        std::ranges::min_element(m_cells, {}, [](const auto& each) { return each.second.size(); });
    return least == m_cells.end() ? 0 : least->second.size();
  }

  std::map<std::string, std::vector<const Record*>> m_cells;
  TimePoint m_first = TimePoint::max();
  TimePoint m_last{};
};

/// When the newest run of shares began that nobody told apart from the one before; nothing where all may be
/// one run.
std::optional<TimePoint> begin_of_another(const std::map<std::size_t, Repeats>& shares) {
  TimePoint left_behind{};
  for (const auto& [index, share] : shares) {
    if (std::ranges::any_of(shares, [&](const auto& other) { return other.second.has_left_behind(share); })) {
      left_behind = std::max(left_behind, share.last());
    }
  }
  std::optional<TimePoint> begin;
  for (const auto& [index, share] : shares) {
    const auto again = share.again();
    if (left_behind > TimePoint{} && again && *again > left_behind) {
      begin = std::min(begin.value_or(*again), *again);
    }
  }
  return begin;
}

/// Progress files tell whole seconds.
bool is_older(const Record& record, TimePoint than) {
  return record.finished < std::chrono::floor<std::chrono::seconds>(than);
}

} // namespace

std::optional<ShareName> told_share(const Record& record) {
  return record.kind == RecordKind::cell ? parse_share_name(record.share) : std::nullopt;
}

std::optional<ShareRun> newest_share_run(const CellResults& results) {
  std::vector<Told> all = all_told(results);
  if (all.empty()) {
    return std::nullopt;
  }
  ShareRun run{.id = newest_id(all), .begin = TimePoint::max()};
  std::map<Split, std::set<std::size_t>> splits;
  for (const Told& told : all) {
    if (told.record->run == run.id) {
      splits[split_of(told)].insert(told.share.position.index);
      run.begin = std::min(run.begin, told.record->finished - told.record->duration);
    }
  }
  // As most shares were split, of several the one that comes first; what tells no split says the least.
  const auto most = std::ranges::max_element(splits, {}, [](const auto& each) {
    return std::pair(!std::get<2>(each.first).empty(), each.second.size());
  });
  std::tie(run.count, run.by, run.split) = most->first;
  run.came_back = most->second;
  std::erase_if(all, [&](const Told& told) {
    const bool same = told.share.position.count == run.count && told.share.by == run.by &&
                      (told.record->split.empty() || told.record->split == run.split);
    return !same || !told.record->run.empty();
  });
  if (run.id.empty()) {
    std::map<std::size_t, Repeats> shares;
    for (const Told& told : all) {
      shares[told.share.position.index].add(*told.record);
    }
    if (const auto begin = begin_of_another(shares)) {
      run.by_time = true;
      run.begin = *begin;
      run.came_back.clear();
    }
  }
  for (const Told& told : all) {
    if (!is_older(*told.record, run.begin)) {
      run.came_back.insert(told.share.position.index);
    }
  }
  return run;
}

bool is_before(const Record& result, const ShareRun& run) {
  const bool is_of_a_share = told_share(result).has_value();
  if (is_of_a_share && result.run == run.id) {
    return run.by_time && is_older(result, run.begin);
  }
  if (is_of_a_share && !result.run.empty()) {
    return true;
  }
  return is_older(result, run.begin) && (is_of_a_share || !run.is_whole());
}

} // namespace ctest_matrix
