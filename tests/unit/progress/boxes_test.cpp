#include "progress/boxes.hpp"
#include "progress/samples.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using std::chrono::seconds;

TEST(ColumnPlan, FindsTheBoxOfARecord) {
  const ColumnPlan plan = sample_plan();
  const ColumnPlan::Place place = plan.find(sample_record("actor-conn", "wasm", seconds(1)));
  ASSERT_NE(place.cell, nullptr);
  EXPECT_EQ(place.box->row, "actor-conn");
  EXPECT_EQ(place.cell->name, "actor-conn.wasm");
}

TEST(ColumnPlan, IgnoresTheOrderOfAxes) {
  Record record = sample_record("actor-conn", "wasm", seconds(1));
  std::swap(record.axes[0], record.axes[2]);
  EXPECT_NE(sample_plan().find(record).cell, nullptr);
}

TEST(ColumnPlan, DoesNotTakeAnotherCellForItsOwn) {
  const Record record = sample_record("actor-conn", "wasm", seconds(1));
  const auto found = [](const Record& other) { return sample_plan().find(other).cell != nullptr; };
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

TEST(ColumnPlan, LabelsACellByItsColumnOrWhatVaries) {
  const PlannedCell one{"actor-conn.wasm", {}};
  const PlannedCell other{"actor-conn.wasm.remote.cbor", {}};
  EXPECT_EQ(log_label({"actor-conn", "wasm", RowKind::required, {one}}, one), "actor-conn [wasm]");
  EXPECT_EQ(log_label({"actor-conn", "wasm", RowKind::required, {one, other}}, other),
            "actor-conn [wasm.remote.cbor]");
}

TEST(ColumnPlan, KeysACellByNameAndAxes) {
  EXPECT_EQ(cell_key({"actor-conn.wasm", sample_axes("wasm", "bare")}),
            "actor-conn.wasm encoding=bare registry=static runtime=wasm");
}

} // namespace
} // namespace ctest_matrix
