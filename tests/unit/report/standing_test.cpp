#include "progress/samples.hpp"
#include "report/standing.hpp"
#include "report/standings.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::ElementsAre;

/// A record of actor-conn.wasm at some commit.
Record run_at(int second, Verdict verdict, const std::vector<std::string>& tests,
              const std::string& commit = "c0ffee") {
  Record record = sample_record("actor-conn", "wasm", seconds(second), verdict, "");
  record.tests = outcomes(tests);
  record.commit = commit;
  return record;
}

CellStanding standing_after(const std::vector<Record>& records, TimePoint now = k_noon + hours(1)) {
  const Document document = Document::parse(render_document(driver_plan(), k_noon));
  for (CellStanding& standing : find_standings(document, records, driver_plan(), now)) {
    if (standing.cell == "actor-conn.wasm") {
      return standing;
    }
  }
  return {};
}

TEST(Standing, HasEveryCellButUnrunExcludedOnes) {
  const Document document = Document::parse(render_document(driver_plan(), k_noon));
  std::vector<std::string> cells;
  for (const CellStanding& standing : find_standings(document, {}, driver_plan(), k_noon)) {
    cells.push_back(standing.cell + " as " + standing.label);
    EXPECT_FALSE(standing.newest);
  }
  EXPECT_THAT(cells, ElementsAre("manager-driver.native as native", "manager-driver.wasm as wasm",
                                 "actor-conn.native as native", "actor-conn.wasm as wasm",
                                 "actor-state.native as native", "actor-state.wasm as wasm"));
}

TEST(Standing, IsThatOfTheNewestResultSinceTheReset) {
  const std::vector<Record> records{run_at(3, Verdict::fail, {"-t"}), run_at(1, Verdict::pass, {"+t"}),
                                    sample_record("actor-conn", "wasm", seconds(5), Verdict::interrupted)};
  EXPECT_EQ(standing_after(records).newest->verdict, Verdict::fail);
  std::vector<Record> reset = records;
  reset.push_back(sample_reset(seconds(4)));
  EXPECT_FALSE(standing_after(reset).newest);
}

TEST(Standing, APassFromAClockThatWasAheadDoesNotHideAFailure) {
  const std::vector<Record> records{run_at(7200, Verdict::pass, {"+t"}), run_at(10, Verdict::fail, {"-t"})};
  EXPECT_EQ(standing_after(records).newest->verdict, Verdict::fail);
  const std::vector<Record> failed{run_at(7200, Verdict::fail, {"-t"}), run_at(10, Verdict::pass, {"+t"})};
  EXPECT_EQ(standing_after(failed).newest->verdict, Verdict::fail);
}

TEST(Standing, OneChangeIsAFixOrARegressionTwoAreFlaky) {
  EXPECT_THAT(standing_after({run_at(1, Verdict::fail, {"-t"}), run_at(2, Verdict::pass, {"+t"})}).wavered,
              ElementsAre());
  const CellStanding flaky =
      standing_after({run_at(1, Verdict::fail, {"-t", "+u"}), run_at(2, Verdict::pass, {"+t", "+u"}),
                      run_at(3, Verdict::fail, {"-t", "+u"})});
  EXPECT_THAT(flaky.wavered, ElementsAre("t"));
  EXPECT_TRUE(flaky.retried);
}

TEST(Standing, FlakyIsWhatWaversAtOneCommit) {
  EXPECT_THAT(standing_after({run_at(1, Verdict::fail, {"-t"}, "a"), run_at(2, Verdict::pass, {"+t"}, "b"),
                              run_at(3, Verdict::fail, {"-t"}, "c")})
                  .wavered,
              ElementsAre());
  EXPECT_THAT(standing_after({run_at(1, Verdict::fail, {"-t"}, ""), run_at(2, Verdict::pass, {"+t"}, ""),
                              run_at(3, Verdict::fail, {"-t"}, "")})
                  .wavered,
              ElementsAre());
}

TEST(Standing, WhatWaversBecauseItsFilesWereEditedIsNotFlaky) {
  std::vector<Record> records{run_at(1, Verdict::pass, {"+t"}), run_at(2, Verdict::fail, {"-t"}),
                              run_at(3, Verdict::pass, {"+t"})};
  EXPECT_TRUE(standing_after(records).retried);
  records[1].basis = {{"test file", "broken"}};
  EXPECT_FALSE(standing_after(records).retried);
  EXPECT_THAT(standing_after(records).wavered, ElementsAre());
}

TEST(Standing, ARetryIsFlaky) {
  Record record = run_at(1, Verdict::pass, {"+t"});
  EXPECT_FALSE(standing_after({record}).retried);
  record.flaky = true;
  EXPECT_TRUE(standing_after({record}).retried);
}

} // namespace
} // namespace ctest_matrix
