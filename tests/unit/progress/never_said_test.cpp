#include "plan/identity.hpp"
#include "progress/checkout_testing.hpp"
#include "progress/never_said.hpp"

namespace ctest_matrix {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class NeverSaidTest : public CheckoutTest {
protected:
  /// Of a run that began at noon and failed a minute later.
  std::vector<Record> told(const std::vector<Record>& known,
                           const std::vector<std::string>& names = {"actor-conn.wasm"}) const {
    return never_said(m_plan, {.names = names, .written = k_noon + minutes(1)}, known, k_noon);
  }
};

TEST_F(NeverSaidTest, WithoutAResultOfTheRunACellDidNotRun) {
  const auto records = told({sample_record("actor-conn", "wasm", seconds(-1))});
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].verdict, Verdict::setup);
  EXPECT_EQ(records[0].brief, "it did not run, or its launcher said nothing");
  EXPECT_EQ(records[0].finished, k_noon + minutes(1));
  EXPECT_EQ(records[0].source, "last-tests-failed");
  EXPECT_THAT(told(records), IsEmpty()); // once
}

TEST_F(NeverSaidTest, ItsSetUpSaysWhy) {
  m_plan.common.artifacts.emplace_back().name = "napi";
  for (Cell& cell : m_plan.cells) {
    own_variant(cell).artifacts = {"napi"};
  }
  Record setup;
  setup.kind = RecordKind::setup;
  setup.id = "s";
  setup.row = "artifact";
  setup.column = "napi";
  setup.brief = "the artifact napi could not be built";
  setup.finished = k_noon + seconds(1);
  ASSERT_THAT(told({setup}), SizeIs(1));
  EXPECT_EQ(told({setup})[0].brief, "the artifact napi could not be built");
  setup.finished = k_noon - seconds(1); // of an earlier run
  EXPECT_EQ(told({setup})[0].brief, "it did not run, or its launcher said nothing");
}

TEST_F(NeverSaidTest, AFailedSetUpKeepsBackTheCellsThatNeedIt) {
  m_plan.common.artifacts.emplace_back().name = "napi";
  std::vector<const Cell*> cells;
  for (Cell& cell : m_plan.cells) {
    if (cell.variant->column == "native") {
      own_variant(cell).artifacts = {"napi"};
    }
    cells.push_back(&cell);
  }
  Record setup;
  setup.kind = RecordKind::setup;
  setup.row = "artifact";
  setup.column = "napi";
  setup.finished = k_noon + seconds(1);
  const auto kept = [&](const std::vector<Record>& known) {
    return kept_back(m_plan, cells, known, k_noon, k_noon + minutes(1));
  };
  EXPECT_THAT(kept({setup}), IsEmpty()); // it was built
  setup.brief = "the artifact napi could not be built";
  const auto records = kept({setup});
  ASSERT_FALSE(records.empty());
  for (const Record& record : records) {
    EXPECT_EQ(record.column, "native");
    EXPECT_EQ(record.verdict, Verdict::setup);
    EXPECT_EQ(record.brief, setup.brief);
  }
  EXPECT_THAT(kept({setup, sample_record("actor-conn", "native", seconds(2))}), SizeIs(records.size() - 1));
}

// A run that was handed arguments may say nothing of the whole cell.
TEST_F(NeverSaidTest, ACellThatLeftANoteHasSpoken) {
  const Cell& cell = *find_cell(m_plan, "actor-conn.wasm");
  Record note;
  note.kind = RecordKind::note;
  note.id = "n";
  note.row = "actor-conn";
  note.column = "wasm";
  note.profile = m_plan.common.profile;
  note.finished = k_noon + seconds(1);
  EXPECT_THAT(told({note}), SizeIs(1)); // any note, such as one of a probe
  note.identity = cell_identity(m_plan.common, cell.row->name, cell.variant->axes);
  EXPECT_THAT(told({note}), IsEmpty());
  note.finished = k_noon - seconds(1); // of an earlier run
  EXPECT_THAT(told({note}), SizeIs(1));
}

TEST_F(NeverSaidTest, APassThatCtestSawFailIsNone) {
  const auto records = told({sample_record("actor-conn", "wasm", seconds(30))});
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].verdict, Verdict::fail);
  EXPECT_EQ(records[0].brief, "CTest says that it failed, the cell said PASS");
}

// The guardian cleans up first, and finds CTest gone where that has come to its end meanwhile.
TEST_F(NeverSaidTest, AKilledLauncherIsNoInterruptionWhereCtestCameToItsEnd) {
  Record end = sample_record("actor-conn", "wasm", seconds(61), Verdict::interrupted, "killed");
  end.source = "guardian";
  const auto records = told({end});
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].verdict, Verdict::crash);
  EXPECT_EQ(records[0].brief, "killed");
}

TEST_F(NeverSaidTest, WhatIsKnownIsNotToldAgain) {
  EXPECT_THAT(told({sample_record("actor-conn", "wasm", seconds(30), Verdict::fail, "boom")}), IsEmpty());
  EXPECT_THAT(told({sample_record("actor-conn", "wasm", seconds(30), Verdict::interrupted)}), IsEmpty());
  EXPECT_THAT(told({sample_record("actor-conn", "wasm", seconds(90))}), IsEmpty()); // after the run
  EXPECT_THAT(told({}, {"demo.ready", "actor-conn", "other.wasm"}), IsEmpty());
}

} // namespace
} // namespace ctest_matrix
