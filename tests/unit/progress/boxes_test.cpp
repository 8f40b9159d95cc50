#include "progress/boxes.hpp"
#include "progress/samples.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;

TEST(Boxes, FindsTheBoxOfARecord) {
  const Plan plan = driver_plan();
  const Boxes boxes(plan);
  const BoxCell cell = boxes.find(sample_record("actor-conn", "wasm", seconds(1)));
  ASSERT_TRUE(cell);
  EXPECT_EQ(cell.box->row->name, "actor-conn");
  EXPECT_EQ(cell.box->name(), "actor-conn [wasm]");
  EXPECT_EQ(cell.name(), "actor-conn.wasm");
}

TEST(Boxes, IgnoresTheOrderOfAxes) {
  Record record = sample_record("actor-conn", "wasm", seconds(1));
  std::swap(record.axes[0], record.axes[2]);
  const Plan plan = driver_plan();
  EXPECT_TRUE(Boxes(plan).find(record));
}

TEST(Boxes, DoesNotTakeAnotherCellForItsOwn) {
  const Record record = sample_record("actor-conn", "wasm", seconds(1));
  const Plan plan = driver_plan();
  const auto found = [&](const Record& other) { return static_cast<bool>(Boxes(plan).find(other)); };
  EXPECT_TRUE(found(record));
  Record other = record;
  other.profile = "full";
  EXPECT_FALSE(found(other));
  other = record;
  other.cell = "actor-conn.edge";
  EXPECT_FALSE(found(other));
  other = record;
  other.column = "native";
  EXPECT_FALSE(found(other));
  other = record;
  other.axes = sample_axes("wasm", "cbor");
  EXPECT_FALSE(found(other));
  other.axes = {};
  EXPECT_FALSE(found(other));
  other.axes = record.axes;
  other.axes.pop_back();
  EXPECT_FALSE(found(other));
}

TEST(Boxes, LabelsACellByItsColumnOrWhatVaries) {
  const auto labels = [](std::vector<Variant> variants) {
    const Plan plan = one_box_plan(std::move(variants));
    const Boxes boxes(plan);
    std::vector<std::string> found;
    for (const BoxCell& cell : cells_of(*boxes.begin())) {
      found.push_back(cell.label());
    }
    return found;
  };
  EXPECT_THAT(labels({{"wasm", {}}}), ElementsAre("actor-conn [wasm]"));
  EXPECT_THAT(labels({{"wasm.local.bare", {}}, {"wasm.remote.cbor", {}}}),
              ElementsAre("actor-conn [wasm.local.bare]", "actor-conn [wasm.remote.cbor]"));
}

TEST(Boxes, KeysACellByNameAndAxes) {
  const auto key = [](const Assignment& axes) {
    const Plan plan = one_box_plan({{"wasm", axes}});
    const Boxes boxes(plan);
    return cells_of(*boxes.begin()).front().key();
  };
  Assignment axes = sample_axes("wasm", "bare");
  const std::string bare = key(axes);
  EXPECT_EQ(bare, "actor-conn.wasm " + axes_mark(axes));
  EXPECT_NE(key(sample_axes("wasm", "cbor")), bare);
  std::swap(axes[0], axes[2]);
  EXPECT_EQ(key(axes), bare);
}

} // namespace
} // namespace ctest_matrix
