#include "report/timeline.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_without_services = "cells";

struct Placed {
  TimelineBar bar;
  std::string lane;
};

std::optional<Placed> place(const Record& record, const Plan& plan, const Boxes& boxes) {
  TimelineBar bar;
  bar.begin = record.finished - record.duration;
  bar.end = record.finished;
  if (record.kind == RecordKind::setup && record.profile == plan.common.profile) {
    const bool is_artifact = record.row == "artifact";
    bar.kind = is_artifact ? TimelineBar::Kind::artifact : TimelineBar::Kind::service;
    bar.name = record.column;
    bar.verdict = record.brief.empty() ? Verdict::pass : Verdict::setup;
    bar.problem = record.brief;
    return Placed{bar, is_artifact ? "artifacts" : "service starts"};
  }
  if (!boxes.find(record) || record.duration <= Milliseconds(0)) {
    return std::nullopt;
  }
  bar.name = record.cell;
  bar.verdict = record.verdict;
  return Placed{bar,
                record.services.empty() ? std::string(k_without_services) : join(record.services, " + ")};
}

/// The lanes of one name, as many as run at once.
struct LaneGroup {
  std::string name;
  std::vector<TimelineLane> lanes;
};

void add(std::vector<LaneGroup>& groups, Placed placed) {
  auto group = std::ranges::find(groups, placed.lane, &LaneGroup::name);
  if (group == groups.end()) {
    group = groups.insert(group, {placed.lane, {}});
  }
  auto lane = std::ranges::find_if(
      group->lanes, [&](const TimelineLane& known) { return known.bars.back().end <= placed.bar.begin; });
  if (lane == group->lanes.end()) {
    const std::size_t number = group->lanes.size() + 1;
    lane = group->lanes.insert(lane,
                               {number == 1 ? placed.lane : fmt::format("{} ({})", placed.lane, number), {}});
  }
  lane->bars.push_back(std::move(placed.bar));
}

} // namespace

std::vector<TimelineStretch> make_timeline(std::span<const Record> records, const Plan& plan) {
  const Boxes boxes(plan);
  std::vector<Placed> all;
  for (const Record& record : records) {
    if (auto placed = place(record, plan, boxes)) {
      all.push_back(*std::move(placed));
    }
  }
  std::ranges::stable_sort(all, {}, [](const Placed& placed) { return placed.bar.begin; });
  std::vector<TimelineStretch> stretches;
  for (auto bar = all.begin(); bar != all.end();) {
    TimelineStretch stretch{bar->bar.begin, bar->bar.end, {}};
    constexpr std::ptrdiff_t k_setups = 2;
    std::vector<LaneGroup> groups{{"artifacts", {}}, {"service starts", {}}};
    for (; bar != all.end() && bar->bar.begin <= stretch.end + k_timeline_pause; ++bar) {
      stretch.end = std::max(stretch.end, bar->bar.end);
      add(groups, std::move(*bar));
    }
    // In the same order whichever was there first.
    std::ranges::sort(groups.begin() + k_setups, groups.end(), {}, [](const LaneGroup& group) {
      return std::pair(group.name == k_without_services, group.name);
    });
    for (LaneGroup& group : groups) {
      std::ranges::move(group.lanes, std::back_inserter(stretch.lanes));
    }
    stretches.push_back(std::move(stretch));
  }
  return stretches;
}

} // namespace ctest_matrix
