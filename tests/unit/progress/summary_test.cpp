#include "progress/fold.hpp"
#include "progress/samples.hpp"
#include "progress/summary.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::ElementsAre;

class SummaryTest : public ::testing::Test {
protected:
  void SetUp() override {
    use_utc();
    m_document = Document::parse(render_document(driver_plan(), k_noon));
  }

  ProgressSummary run(const std::vector<Record>& records) {
    apply(m_document, records, m_plan, m_state, k_noon + hours(24));
    return summarise(m_document, records, m_plan);
  }

  std::string text(const std::vector<Record>& records) { return render_summary(run(records)); }

  Document m_document;
  Plan m_plan = driver_plan();
  FoldState m_state;
};

TEST_F(SummaryTest, OfNothing) {
  EXPECT_EQ(text({}), R"(Files passing on native: 0 of 3
Files passing on wasm: 0 of 3
Never run: 6 cells (manager-driver.native, manager-driver.wasm, actor-conn.native, actor-conn.wasm, and 2 more)
Total duration: 0ms
)");
}

TEST_F(SummaryTest, OfAGap) {
  m_document =
      Document::parse(render_document(driver_plan(), k_noon) + "\n## Old\n- [x] [ ] actor-old | Old\n");
  EXPECT_EQ(text({sample_record("manager-driver", "native", seconds(1)),
                  sample_record("manager-driver", "wasm", seconds(2)),
                  sample_record("actor-conn", "native", seconds(3)),
                  sample_record("actor-conn", "wasm", seconds(4), Verdict::fail, "boom"),
                  sample_record("actor-agent-os", "native", seconds(5), Verdict::timeout),
                  sample_record("actor-state", "native", seconds(6), Verdict::interrupted)}),
            R"(Files passing on native: 2 of 4
Files passing on wasm: 1 of 3
Files failing on native: 1 (actor-agent-os)
Files failing on wasm: 1 (actor-conn)
Parity gaps: 1
  actor-conn: passes on native, fails on wasm
Never run: 2 cells (actor-state.native, actor-state.wasm)
Rows that the matrix does not have: 1 (actor-old)
Total duration: 3m 07s
)");
}

TEST_F(SummaryTest, OfTheEnd) {
  std::vector<Record> records;
  for (const Box& box : Boxes(m_plan)) {
    if (!box.row->is_excluded()) {
      records.push_back(sample_record(box.row->name, box.column->name, seconds(1 + records.size())));
    }
  }
  EXPECT_EQ(text(records), R"(Files passing on native: 3 of 3
Files passing on wasm: 3 of 3
Total duration: 3m 07s
Complete: yes
)");
}

TEST_F(SummaryTest, FilesWithTheSameGapAreOneLine) {
  std::vector<Record> records;
  for (const std::string file : {"manager-driver", "actor-conn"}) {
    records.push_back(sample_record(file, "native", seconds(1 + records.size())));
    records.push_back(sample_record(file, "wasm", seconds(1 + records.size()), Verdict::fail, "boom"));
  }
  EXPECT_THAT(text(records), ::testing::HasSubstr("Parity gaps: 2\n  passes on native, fails on wasm: 2 "
                                                  "(manager-driver, actor-conn)\n"));
}

TEST_F(SummaryTest, OnlyResultsOfTheSameSourcesAreAGap) {
  Record passed = sample_record("actor-conn", "native", seconds(1));
  Record failed = sample_record("actor-conn", "wasm", seconds(2), Verdict::fail, "boom");
  EXPECT_EQ(run({passed, failed}).gaps.size(), 1U);
  passed.basis = {{"test file", "old"}};
  failed.basis = {{"test file", "new"}};
  EXPECT_EQ(summarise(m_document, std::vector{passed, failed}, m_plan).gaps.size(), 0U);
  EXPECT_EQ(summarise(m_document, std::vector{failed}, m_plan).gaps.size(),
            0U); // ticked by hand, or elsewhere
}

TEST_F(SummaryTest, AFailureNeverCountsAsPassing) {
  const std::vector<Record> records{sample_record("actor-conn", "wasm", seconds(1), Verdict::fail, "boom")};
  run(records);
  m_document.set_box("actor-conn", "wasm", BoxState::ticked);
  const ProgressSummary summary = summarise(m_document, records, m_plan);
  EXPECT_EQ(summary.columns[1], (ColumnSummary{"wasm", 0, 3, {"actor-conn"}}));
}

TEST_F(SummaryTest, APassWithoutItsTickDoesNotCount) {
  const std::vector<Record> records{sample_record("actor-conn", "wasm", seconds(1))};
  run(records);
  m_document.set_box("actor-conn", "wasm", BoxState::open);
  const ProgressSummary summary = summarise(m_document, records, m_plan);
  EXPECT_EQ(summary.columns[1], (ColumnSummary{"wasm", 0, 3, {}}));
  EXPECT_THAT(summary.never_run, ElementsAre("manager-driver.native", "manager-driver.wasm",
                                             "actor-conn.native", "actor-state.native", "actor-state.wasm"));
}

TEST_F(SummaryTest, SaysWhatIsDatedInTheFuture) {
  const std::vector<Record> records{sample_record("actor-conn", "native", seconds(10)),
                                    sample_record("actor-conn", "wasm", hours(2), Verdict::fail, "boom")};
  run(records);
  EXPECT_THAT(summarise(m_document, records, m_plan, k_noon + seconds(20)).ahead,
              ElementsAre("actor-conn.wasm at 2026-05-02T14:00:00+00:00"));
  EXPECT_TRUE(summarise(m_document, records, m_plan, k_noon + hours(3)).ahead.empty());
}

TEST_F(SummaryTest, KnowsOnlyTheLatestSinceTheReset) {
  const ProgressSummary summary =
      run({sample_record("actor-conn", "native", seconds(1), Verdict::fail, "boom"), sample_reset(seconds(2)),
           sample_record("actor-conn", "wasm", seconds(4)),
           sample_record("actor-conn", "wasm", seconds(3), Verdict::fail, "late")});
  EXPECT_EQ(summary.columns[0], (ColumnSummary{"native", 0, 3, {}}));
  EXPECT_EQ(summary.columns[1], (ColumnSummary{"wasm", 1, 3, {}}));
  EXPECT_EQ(summary.duration, Milliseconds(62'400));
}

TEST_F(SummaryTest, IgnoresOtherConfigurations) {
  Record record = sample_record("actor-conn", "wasm", seconds(1), Verdict::fail, "boom");
  record.axes = sample_axes("wasm", "cbor");
  EXPECT_EQ(run({record}), run({}));
}

} // namespace
} // namespace ctest_matrix
