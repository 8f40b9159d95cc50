#include "run/live_view.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using std::chrono::seconds;

LiveView view(const Screen& screen) {
  return LiveView(screen, 12, Forecast({"a.x", "b.x"}, {{"a.x", seconds(30)}}), seconds(100));
}

TEST(LiveView, WritesPlainLinesWhereNothingCanMove) {
  LiveView plain = view({false, 80});
  EXPECT_EQ(plain.started("a.x", seconds(100)), "");
  EXPECT_EQ(plain.tick(seconds(101)), "");
  EXPECT_EQ(plain.ended("a.x", "PASS (2 tests, 1.0s)", seconds(101)), "[ 1/12] a.x: PASS (2 tests, 1.0s)\n");
  EXPECT_EQ(plain.remark("demo.engine.up: Passed", seconds(101)), "demo.engine.up: Passed\n");
  EXPECT_EQ(plain.finish(), "");
}

TEST(LiveView, MovesOneLineOnATerminal) {
  LiveView moving = view({true, 80});
  EXPECT_EQ(moving.started("a.x", seconds(100)), "\r\x1b[K[ 1/12] a.x 0s; 0s so far, about 1m 00s left");
  EXPECT_EQ(moving.tick(seconds(110)), "\r\x1b[K[ 1/12] a.x 10s; 10s so far, about 50s left");
  EXPECT_EQ(moving.ended("a.x", "PASS", seconds(131)),
            "\r\x1b[K[ 1/12] a.x: PASS\n\r\x1b[K[ 2/12] set-up; 31s so far, about 30s left");
  EXPECT_EQ(moving.finish(), "\r\x1b[K");
}

TEST(LiveView, KeepsTheLineWithinTheWidth) {
  LiveView narrow = view({true, 24});
  EXPECT_EQ(narrow.started("a.x", seconds(100)), "\r\x1b[K[ 1/12] a.x 0s; 0s s…");
}

TEST(LiveView, CutsInAsciiWithoutUtf8) {
  LiveView plain = view({true, 24, false, false});
  EXPECT_EQ(plain.started("a.x", seconds(100)), "\r\x1b[K[ 1/12] a.x 0s; 0s s...");
}

TEST(LiveView, PaintsTheVerdict) {
  LiveView colored = view({false, 80, true, true});
  EXPECT_EQ(colored.ended("a.x", "PASS (2 tests, 1.0s)", seconds(101)),
            "[ 1/12] a.x: \x1b[32mPASS\x1b[0m (2 tests, 1.0s)\n");
  EXPECT_EQ(colored.ended("b.x", "FAIL - PASS expected", seconds(101)),
            "[ 2/12] b.x: \x1b[31;1mFAIL\x1b[0m - PASS expected\n");
  EXPECT_EQ(colored.ended("c.x", "SKIP", seconds(101)), "[ 3/12] c.x: \x1b[36mSKIP\x1b[0m\n");
}

TEST(Forecast, AnUnknownCellCountsAsTheMeanOfTheKnown) {
  Forecast forecast({"a", "b", "c"}, {{"a", seconds(10)}, {"b", seconds(20)}, {"other", seconds(500)}});
  EXPECT_EQ(forecast.left(seconds(0)), seconds(45));
  forecast.done("c");
  EXPECT_EQ(forecast.left(seconds(0)), seconds(30));
  EXPECT_EQ(forecast.left(seconds(100)), seconds(0));
  EXPECT_EQ(Forecast({"a"}, {}).left(seconds(0)), seconds(0));
}

} // namespace
} // namespace ctest_matrix
