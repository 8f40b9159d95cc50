#include "report/grid.hpp"
#include "report/standings.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

const std::vector<std::string> k_columns{"native", "wasm"};

std::vector<CellStanding> standings() {
  CellStanding unticked = standing_of("raw-http", "wasm", Verdict::pass, {"+t"});
  unticked.ticked = false;
  CellStanding by_hand = standing_of("db", "wasm");
  by_hand.ticked = true;
  CellStanding flaky = standing_of("db", "native", Verdict::pass, {"+t"});
  flaky.retried = true;
  return {standing_of("actor-conn", "native", Verdict::pass, {"+a", "+b"}),
          standing_of("actor-conn", "wasm", Verdict::fail, {"+a", "-b"}),
          flaky,
          by_hand,
          standing_of("raw-http", "native", Verdict::setup, {}),
          unticked,
          standing_of("sleep", "native", Verdict::timeout, {}),
          standing_of("sleep", "wasm", Verdict::skip, {"=t"}),
          standing_of("vars", "native"),
          standing_of("vars", "wasm", Verdict::pass, {})};
}

TEST(Grid, InFull) {
  EXPECT_EQ(render_grid(standings(), k_columns, {0, false, true}),
            "            native            wasm\n"
            "actor-conn  ✓ 2 tests, 31.2s  ✗ 1 of 2 failed\n"
            "db          ≈ 1 test, 31.2s   ☑\n"
            "raw-http    ! SETUP           □ 1 test, 31.2s\n"
            "sleep       ✗ TIMEOUT         – SKIP\n"
            "vars        ·                 ✓ 31.2s\n"
            "\n"
            "✓ passed   ≈ passed, flaky   – skipped as declared   ☑ ticked, no record here   ✗ failed   ! "
            "set-up failed "
            "  □ passed, but its box is open   · never run\n");
}

TEST(Grid, InPlainAscii) {
  const std::string text = render_grid(standings(), k_columns, {0, false, false});
  EXPECT_TRUE(std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); })) << text;
  EXPECT_THAT(text, ::testing::HasSubstr("\nactor-conn  + 2 tests, 31.2s  x 1 of 2 failed\n"));
}

TEST(Grid, LeavesOutDetailsWhereTheTerminalIsNarrow) {
  EXPECT_THAT(render_grid(standings(), k_columns, {40, false, false}),
              ::testing::StartsWith("            native     wasm\n"
                                    "actor-conn  +          x FAIL\n"
                                    "db          ~          h\n"
                                    "raw-http    ! SETUP    o\n"));
  EXPECT_THAT(render_grid(standings(), k_columns, {24, false, false}),
              ::testing::StartsWith("            native  wasm\n"
                                    "actor-conn  +       x\n"));
  EXPECT_THAT(render_grid(standings(), k_columns, {20, false, false}),
              ::testing::StartsWith("            native\n"
                                    "actor-conn  +\n"
                                    "db          ~\n"
                                    "raw-http    !\n"
                                    "sleep       x\n"
                                    "vars        .\n"
                                    "\n"
                                    "            wasm\n"
                                    "actor-conn  x\n"));
}

TEST(Grid, InColor) {
  EXPECT_THAT(render_grid(standings(), k_columns, {0, true, true}),
              ::testing::HasSubstr(
                  "\nactor-conn  \x1b[32m✓ 2 tests, 31.2s\x1b[0m  \x1b[31;1m✗ 1 of 2 failed\x1b[0m\n"));
}

TEST(Grid, OfColumnsWithSeveralCells) {
  std::vector<CellStanding> cells{standing_of("conn", "native", Verdict::pass, {}),
                                  standing_of("conn", "native", Verdict::crash, {})};
  cells[0].label = "native.local";
  cells[1].label = "native.remote";
  EXPECT_THAT(render_grid(cells, k_columns, {0, false, false}),
              ::testing::StartsWith("      native.local  native.remote\n"
                                    "conn  + 31.2s       x CRASH\n"));
}

TEST(Grid, OfNothing) {
  EXPECT_EQ(render_grid({}, k_columns, {}), "");
}

} // namespace
} // namespace ctest_matrix
