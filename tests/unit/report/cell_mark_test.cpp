#include "report/cell_mark.hpp"
#include "report/standings.hpp"

#include <gmock/gmock.h>

#include <set>

namespace ctest_matrix {
namespace {

TEST(CellMark, IsPassedOnlyForAPassThatStands) {
  EXPECT_EQ(mark_of(standing_of("a", "native", Verdict::pass, {"+t"})), CellMark::passed);
  for (const Verdict verdict : {Verdict::fail, Verdict::timeout, Verdict::crash, Verdict::no_tests,
                                Verdict::foreign, Verdict::bad_report, Verdict::exit, Verdict::interrupted}) {
    CellStanding ticked = standing_of("a", "native", verdict, {"+t"});
    EXPECT_EQ(mark_of(ticked), CellMark::failed) << verdict_name(verdict);
    ticked.ticked = true; // by a person
    EXPECT_EQ(mark_of(ticked), CellMark::failed) << verdict_name(verdict);
  }
  EXPECT_EQ(mark_of(standing_of("a", "native", Verdict::setup, {})), CellMark::blocked);
  EXPECT_EQ(mark_of(standing_of("a", "native")), CellMark::never_run);
}

TEST(CellMark, TellsPassesThatAreNotWhatTheySeem) {
  CellStanding cell = standing_of("a", "native", Verdict::pass, {"+t"});
  cell.retried = true;
  EXPECT_EQ(mark_of(cell), CellMark::flaky);
  cell.retried = false;
  cell.wavered = {"t"};
  EXPECT_EQ(mark_of(cell), CellMark::flaky);
  cell.stale = {"artifact wasm"};
  EXPECT_EQ(mark_of(cell), CellMark::stale);
  cell.ticked = false;
  EXPECT_EQ(mark_of(cell), CellMark::unticked);
  CellStanding skipped = standing_of("a", "native", Verdict::skip, {"=t"});
  EXPECT_EQ(mark_of(skipped), CellMark::skipped);
  skipped.stale = {"test file"};
  EXPECT_EQ(mark_of(skipped), CellMark::stale);
  CellStanding by_hand = standing_of("a", "native");
  by_hand.ticked = true;
  EXPECT_EQ(mark_of(by_hand), CellMark::by_hand);
}

TEST(CellMark, LooksLikeNoOther) {
  std::set<std::string_view> signs;
  std::set<std::string_view> ascii;
  std::set<std::string_view> names;
  for (const MarkLook& look : mark_looks()) {
    EXPECT_TRUE(signs.insert(look.sign).second) << look.sign;
    EXPECT_TRUE(ascii.insert(look.ascii).second) << look.ascii;
    EXPECT_TRUE(names.insert(look.name).second) << look.name;
    EXPECT_EQ(look_of(look.mark).name, look.name);
  }
}

} // namespace
} // namespace ctest_matrix
