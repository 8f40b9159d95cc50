#include "progress/basis.hpp"
#include "progress/checkout_testing.hpp"
#include "progress/share_run.hpp"
#include "progress/summary.hpp"

namespace ctest_matrix {
namespace {

using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Record of_share(Record record, std::string share, std::string run, std::string split = "5") {
  record.share = std::move(share);
  record.run = std::move(run);
  record.split = std::move(split);
  return record;
}

class ShareRuns : public CheckoutTest {
protected:
  std::optional<ShareRun> newest(const std::vector<Record>& records) const {
    return newest_share_run(results_by_cell(records, m_plan));
  }

  /// The cells whose newest result is of before the newest run.
  std::vector<std::string> before(const std::vector<Record>& records) const {
    const CellResults results = results_by_cell(records, m_plan);
    const auto run = newest_share_run(results);
    std::vector<std::string> cells;
    for (const auto& [cell, of_cell] : results) {
      if (run && is_before(*of_cell.back(), *run)) {
        cells.push_back(cell);
      }
    }
    return cells;
  }

  const Record m_conn = sample_record("actor-conn", "wasm", minutes(10));
  const Record m_state = sample_record("actor-state", "wasm", minutes(11));
  const Record m_later = sample_record("actor-conn", "wasm", minutes(60));
  const Record m_state_later = sample_record("actor-state", "wasm", minutes(61));
};

TEST_F(ShareRuns, NoShareIsNoRun) {
  EXPECT_FALSE(newest({m_conn, m_state}));
  EXPECT_THAT(before({m_conn, m_state}), IsEmpty());
}

TEST_F(ShareRuns, AShareOfTheRunBeforeDoesNotStandForTheOneThatIsLost) {
  const std::vector<Record> records{of_share(m_conn, "1/2", "one"), of_share(m_state, "2/2", "one"),
                                    of_share(m_later, "1/2", "two")};
  const auto run = newest(records);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->id, "two");
  EXPECT_EQ(run->came_back, std::set<std::size_t>{1});
  EXPECT_EQ(run->begin, m_later.finished - m_later.duration);
  EXPECT_THAT(before(records), ElementsAre("actor-state.wasm"));
}

TEST_F(ShareRuns, NorDoesAResultOfNoShareThatIsOlder) {
  EXPECT_THAT(before({m_state, of_share(m_later, "1/2", "two")}), ElementsAre("actor-state.wasm"));
  EXPECT_THAT(before({m_state, of_share(m_later, "1/2", "")}), ElementsAre("actor-state.wasm"));
}

TEST_F(ShareRuns, ARunOfWhichAllSharesCameBackLeavesOtherResultsAlone) {
  EXPECT_THAT(before({m_state, of_share(m_later, "1/1", "two")}), IsEmpty());
}

TEST_F(ShareRuns, WhatRanHereSinceStandsForAShareThatIsLost) {
  EXPECT_THAT(before({of_share(m_conn, "1/2", "one"), m_state_later}), IsEmpty());
  const std::vector<Record> by_hand{of_share(m_conn, "1/2", "one"), of_share(m_state_later, "2/2", "", "6")};
  EXPECT_THAT(before(by_hand), IsEmpty());
  EXPECT_EQ(newest(by_hand)->id, "one");
}

TEST_F(ShareRuns, AnotherRunStandsForNoneHoweverNew) {
  EXPECT_THAT(before({of_share(m_conn, "1/2", "one"), of_share(m_state, "2/2", "two"),
                      of_share(m_later, "1/2", "two"), of_share(m_state_later, "2/2", "one")}),
              ElementsAre("actor-conn.wasm"));
}

TEST_F(ShareRuns, WhereNobodySaysWhichRunItIsAShareThatRanOnceMoreBeganAnother) {
  const std::vector<Record> first{of_share(m_conn, "1/2", ""), of_share(m_state, "2/2", "")};
  EXPECT_TRUE(newest(first)->is_whole());
  std::vector<Record> second = first;
  second.push_back(of_share(m_later, "1/2", ""));
  EXPECT_EQ(newest(second)->came_back, std::set<std::size_t>{1});
  EXPECT_THAT(before(second), ElementsAre("actor-state.wasm"));
  second.push_back(of_share(m_state_later, "2/2", ""));
  EXPECT_TRUE(newest(second)->is_whole());
  EXPECT_THAT(before(second), IsEmpty());
}

TEST_F(ShareRuns, ACellThatRanOnceMoreBeginsNoOtherRun) {
  const Record native = sample_record("actor-conn", "native", minutes(9));
  EXPECT_THAT(before({of_share(native, "1/2", ""), of_share(m_conn, "1/2", ""), of_share(m_state, "2/2", ""),
                      of_share(m_later, "1/2", "")}),
              IsEmpty());
}

TEST_F(ShareRuns, SharesThatRanOneAfterAnotherAreOneRun) {
  const Record once_more = sample_record("actor-state", "wasm", minutes(12));
  EXPECT_THAT(
      before({of_share(m_conn, "1/2", ""), of_share(m_state, "2/2", ""), of_share(once_more, "2/2", "")}),
      IsEmpty());
}

TEST_F(ShareRuns, LinesOfProgressFilesTellSharesWithoutASplit) {
  const auto run = newest({of_share(m_conn, "1/2", "", "5"), of_share(m_state, "2/2", "", "")});
  ASSERT_TRUE(run);
  EXPECT_EQ(run->split, "5");
  EXPECT_TRUE(run->is_whole());
}

TEST_F(ShareRuns, OutdateWhatIsOfBefore) {
  const TickAges ages = tick_ages(m_plan, std::vector<Record>{m_state, of_share(m_later, "1/2", "4711")});
  EXPECT_THAT(ages.outdated, ElementsAre(StaleTick{"actor-state.wasm", {"run 4711 of the shares"}}));
}

} // namespace
} // namespace ctest_matrix
