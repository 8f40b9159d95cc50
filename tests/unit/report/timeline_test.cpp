#include "progress/samples.hpp"
#include "report/timeline.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Record cell(const std::string& row, const std::string& column, seconds begin, seconds length,
            std::vector<std::string> services = {}) {
  Record record = sample_record(row, column, begin + length);
  record.duration = length;
  record.services = std::move(services);
  return record;
}

Record fixture(const std::string& kind, const std::string& name, seconds begin, seconds length,
               const std::string& problem = "") {
  Record record;
  record.kind = RecordKind::setup;
  record.profile = "default";
  record.row = kind;
  record.column = name;
  record.finished = k_noon + begin + length;
  record.duration = length;
  record.brief = problem;
  return record;
}

std::vector<std::string> lanes(const TimelineStretch& stretch) {
  std::vector<std::string> texts;
  for (const TimelineLane& lane : stretch.lanes) {
    std::string text = lane.name + ":";
    for (const TimelineBar& bar : lane.bars) {
      text += " " + bar.name;
    }
    texts.push_back(text);
  }
  return texts;
}

TEST(Timeline, HasLanesForSetUpsAndInstances) {
  const std::vector<Record> records{cell("actor-conn", "wasm", seconds(20), seconds(10), {"engine.1"}),
                                    fixture("service", "engine.1", seconds(9), seconds(1)),
                                    cell("actor-conn", "native", seconds(10), seconds(10), {"engine.0"}),
                                    fixture("artifact", "napi", seconds(0), seconds(5)),
                                    fixture("artifact", "wasm", seconds(5), seconds(3), "no compiler"),
                                    cell("actor-state", "wasm", seconds(20), seconds(10), {"engine.0"}),
                                    cell("manager-driver", "wasm", seconds(30), seconds(1))};
  const auto timeline = make_timeline(records, driver_plan());
  ASSERT_EQ(timeline.size(), 1U);
  EXPECT_THAT(lanes(timeline[0]), ElementsAre("artifacts: napi wasm", "service starts: engine.1",
                                              "engine.0: actor-conn.native actor-state.wasm",
                                              "engine.1: actor-conn.wasm", "cells: manager-driver.wasm"));
  EXPECT_EQ(timeline[0].begin, k_noon);
  EXPECT_EQ(timeline[0].end, k_noon + seconds(31));
  const TimelineBar& broken = timeline[0].lanes[0].bars[1];
  EXPECT_EQ(broken, (TimelineBar{TimelineBar::Kind::artifact, "wasm", k_noon + seconds(5),
                                 k_noon + seconds(8), Verdict::setup, "no compiler"}));
}

TEST(Timeline, ShowsWhatOverlapsSideBySide) {
  const std::vector<Record> records{cell("actor-conn", "native", seconds(0), seconds(10)),
                                    cell("actor-conn", "wasm", seconds(5), seconds(10)),
                                    cell("actor-state", "native", seconds(10), seconds(1))};
  EXPECT_THAT(lanes(make_timeline(records, driver_plan())[0]),
              ElementsAre("cells: actor-conn.native actor-state.native", "cells (2): actor-conn.wasm"));
}

TEST(Timeline, ALongPauseBeginsAnotherStretch) {
  const std::vector<Record> records{cell("actor-conn", "native", seconds(0), seconds(10)),
                                    cell("actor-conn", "wasm", seconds(10) + minutes(10), seconds(10)),
                                    cell("actor-state", "native", seconds(21) + minutes(20), seconds(1))};
  const auto timeline = make_timeline(records, driver_plan());
  ASSERT_EQ(timeline.size(), 2U);
  EXPECT_EQ(timeline[0].end, k_noon + seconds(20) + minutes(10));
  EXPECT_THAT(lanes(timeline[1]), ElementsAre("cells: actor-state.native"));
}

TEST(Timeline, LeavesOutWhatDidNotRunHere) {
  Record other_profile = cell("actor-conn", "native", seconds(0), seconds(10));
  other_profile.profile = "full";
  Record other_setup = fixture("artifact", "napi", seconds(0), seconds(5));
  other_setup.profile = "full";
  EXPECT_THAT(make_timeline(std::vector<Record>{other_profile, other_setup, sample_reset(seconds(1)),
                                                cell("actor-conn", "wasm", seconds(0), seconds(0))},
                            driver_plan()),
              IsEmpty());
}

} // namespace
} // namespace ctest_matrix
