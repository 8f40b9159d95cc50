#include "base/text.hpp"
#include "report/standings.hpp"
#include "report/watch_view.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ProgressReport watched(std::vector<CellStanding> standings) {
  ProgressReport report;
  report.title = "Demo";
  report.columns = {"native", "wasm"};
  report.standings = std::move(standings);
  return report;
}

CellStanding ended(const std::string& row, Verdict verdict, const std::string& id, int second = 0) {
  CellStanding cell = standing_of(row, "native", verdict, {verdict == Verdict::fail ? "-t" : "+t"}, "boom");
  cell.newest->id = id;
  cell.newest->finished = TimePoint(std::chrono::seconds(second));
  return cell;
}

TEST(WatchView, ALineForEachNewResultInTheirOrder) {
  const ProgressReport before = watched(
      {standing_of("a", "native"), ended("b", Verdict::fail, "1", 1), ended("c", Verdict::pass, "2", 1)});
  const ProgressReport after = watched({ended("a", Verdict::pass, "4", 9), ended("b", Verdict::fail, "3", 5),
                                        ended("c", Verdict::pass, "2", 1)});
  EXPECT_THAT(changes_between(before, after),
              ElementsAre(WatchedChange{"b", "b.native: FAIL - boom"},
                          WatchedChange{"a", "a.native: PASS (1 tests, 31.2s)"}));
  EXPECT_THAT(changes_between(after, after), IsEmpty());
}

TEST(WatchView, TellsOfBoxesAndOfAReset) {
  ProgressReport before = watched({ended("a", Verdict::pass, "1"), standing_of("b", "native")});
  ProgressReport after = before;
  after.standings[0].ticked = false;
  after.standings[1].ticked = true;
  EXPECT_THAT(changes_between(before, after), ElementsAre(WatchedChange{"a", "a.native: its box is open"},
                                                          WatchedChange{"b", "b.native: its box is ticked"}));
  EXPECT_THAT(changes_between(before, watched({standing_of("a", "native"), standing_of("b", "native")})),
              ElementsAre(WatchedChange{"", "begun anew: 1 result no longer counts"}));
}

TEST(WatchView, AFlakyPassIsAPass) {
  CellStanding flaky = ended("a", Verdict::pass, "1");
  flaky.retried = true;
  EXPECT_EQ(standing_line(watched({flaky, ended("b", Verdict::pass, "2"), ended("c", Verdict::fail, "3")})),
            "Demo: 2 of 3 cells passed (1 flaky), 1 failed");
}

TEST(WatchView, ABoxThatFollowsItsResultIsNoNews) {
  const ProgressReport applied = watched({ended("a", Verdict::pass, "1"), ended("b", Verdict::fail, "2")});
  ProgressReport recorded = applied;
  for (CellStanding& cell : recorded.standings) {
    cell.ticked = !cell.ticked;
  }
  EXPECT_THAT(changes_between(recorded, applied), IsEmpty());
  EXPECT_THAT(changes_between(applied, recorded),
              ElementsAre(WatchedChange{"a", "a.native: its box is open"},
                          WatchedChange{"b", "b.native: its box is ticked"}));
}

TEST(WatchView, OnlyAnEarnedPassCountsAsPassed) {
  CellStanding by_hand = standing_of("c", "native");
  by_hand.ticked = true;
  EXPECT_EQ(standing_line(watched({ended("a", Verdict::pass, "1"), ended("b", Verdict::setup, "2"), by_hand,
                                   standing_of("d", "native")})),
            "Demo: 1 of 4 cells passed, 1 ticked, no record here, 1 set-up failed, 1 never run");
}

TEST(WatchView, FitsTheScreenAndShowsWhatIsNew) {
  std::vector<CellStanding> standings;
  for (int i = 0; i < 100; ++i) {
    standings.push_back(ended("row-" + std::to_string(i), Verdict::pass, "1"));
  }
  const ProgressReport report = watched(std::move(standings));
  for (const std::size_t height : {1U, 2U, 3U, 5U, 10U, 24U, 50U}) {
    const std::string screen = render_watch_screen(report, {}, {80, false, false}, height);
    EXPECT_LE(split_lines(screen).size(), height) << screen;
  }
  const std::vector<WatchedChange> changes{{"row-3", "old"}, {"row-70", "row-70.native: FAIL - boom"}};
  const std::string screen = render_watch_screen(report, changes, {80, false, false}, 24);
  EXPECT_LE(split_lines(screen).size(), 24U);
  EXPECT_THAT(screen, HasSubstr("\nrow-70 "));
  EXPECT_THAT(screen, Not(HasSubstr("\nrow-3 ")));
  EXPECT_THAT(screen, HasSubstr("lines above\n"));
  EXPECT_THAT(screen, HasSubstr("lines below\n"));
  EXPECT_TRUE(screen.ends_with("row-70.native: FAIL - boom")) << screen;
}

TEST(WatchView, OfASmallSuiteIsTheWholeGrid) {
  const std::vector<WatchedChange> changes{{"b", "b.native: FAIL - boom"}};
  EXPECT_EQ(render_watch_screen(watched({ended("a", Verdict::pass, "1"), ended("b", Verdict::fail, "2")}),
                                changes, {80, false, false}, 24),
            "Demo: 1 of 2 cells passed, 1 failed\n"
            "\n"
            "   native\n"
            "a  + 1 test, 31.2s\n"
            "b  x 1 of 1 failed\n"
            "\n"
            "+ passed   x failed\n"
            "\n"
            "b.native: FAIL - boom");
}

} // namespace
} // namespace ctest_matrix
