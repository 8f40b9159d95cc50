#include "progress/share_run.hpp"

#include "progress/disagreement.hpp"

#include <algorithm>
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

/// Progress files tell whole seconds.
bool is_older(const Record& record, TimePoint than) {
  return record.finished < std::chrono::floor<std::chrono::seconds>(than);
}

} // namespace

std::optional<ShareName> told_share(const Record& record) {
  return record.kind == RecordKind::cell ? parse_share_name(record.share) : std::nullopt;
}

std::optional<ShareRun> newest_share_run(const CellResults& results) {
  const std::vector<Told> all = all_told(results);
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
  for (const Told& told : all) {
    const bool same = told.share.position.count == run.count && told.share.by == run.by &&
                      (told.record->split.empty() || told.record->split == run.split);
    if (same && told.record->run.empty() && !is_older(*told.record, run.begin)) {
      run.came_back.insert(told.share.position.index);
    }
  }
  return run;
}

bool is_before(const Record& result, const ShareRun& run) {
  const bool is_of_a_share = told_share(result).has_value();
  if (is_of_a_share && result.run == run.id) {
    return false;
  }
  if (is_of_a_share && !result.run.empty()) {
    return true;
  }
  return is_older(result, run.begin) && (is_of_a_share || !run.is_whole());
}

} // namespace ctest_matrix
