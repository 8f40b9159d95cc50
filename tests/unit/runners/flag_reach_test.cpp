#include "runners/flag_reach.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

TEST(FlagReach, MayEndBeforeTheRunner) {
  EXPECT_EQ(why_out_of_reach({"vitest", "run"}, ""), "");
  EXPECT_EQ(why_out_of_reach({"sh", "-c", "vitest run \"$@\"", "sh"}, ""), "");
  EXPECT_EQ(
      why_out_of_reach({"bash", "-c", "vitest run | tee log"}, ""),
      "a shell gets them, which does not pass them on: put \"$@\" behind the runner in its line, and the "
      "shell's name behind that (`sh, -c, 'vitest run \"$@\"', sh`)");
  EXPECT_EQ(why_out_of_reach({"npm", "run", "test:driver", "tests/a.test.ts"}, "vitest run"),
            "npm takes them for its own: put -- behind `npm run test:driver`");
  EXPECT_EQ(why_out_of_reach({"npm", "test", "--", "tests/a.test.ts"}, "tsc && vitest run"), "");
  EXPECT_EQ(
      why_out_of_reach({"pnpm", "test", "tests/a.test.ts"}, "vitest run | tee log"),
      "the script 'test' of package.json ends with another command, which gets them (vitest run | tee log): "
      "let it end with vitest, or name vitest in the command");
}

TEST(FlagReach, KnowsTheScriptOfAPackageManager) {
  EXPECT_EQ(script_of({"pnpm", "test"}), "test");
  EXPECT_EQ(script_of({"/usr/bin/npm", "run", "unit"}), "unit");
  EXPECT_EQ(script_of({"pnpm", "--filter", "x", "test"}), "");
  EXPECT_EQ(script_of({"pnpm", "exec", "vitest"}), "");
  EXPECT_EQ(script_of({"vitest"}), "");
}

TEST(FlagReach, MayEndInTheScript) {
  EXPECT_EQ(
      why_out_of_reach({"pnpm", "test"}, "vitest run #"),
      "the script 'test' of package.json has a # behind which they are none (vitest run #): take it out, or "
      "name vitest in the command");
  EXPECT_NE(why_out_of_reach({"pnpm", "test"}, "vitest run --"), "");
  EXPECT_NE(why_out_of_reach({"pnpm", "test"}, "(vitest run)"), "");
  EXPECT_EQ(
      why_out_of_reach({"pnpm", "test"}, "tsc && npm run unit"),
      "the script 'test' of package.json ends with `npm run unit`, and npm takes them for its own: put -- "
      "behind it");
  EXPECT_EQ(why_out_of_reach({"pnpm", "test"}, "npm run unit --"), "");
}

TEST(FlagReach, IsInFrontOfWhatEndsTheFlags) {
  EXPECT_EQ(place_of_flags({"npx", "vitest", "run", "a", "--", "x"}), 4U);
  EXPECT_EQ(place_of_flags({"npx", "--", "vitest", "run", "a"}), 5U);
  EXPECT_EQ(place_of_flags({"npm", "test", "--", "a"}), 4U);
  EXPECT_EQ(place_of_flags({"npm", "run", "vitest", "--", "a", "--", "x"}), 5U);
  EXPECT_EQ(place_of_flags({"gotestsum", "--", "./a"}), 3U);
  EXPECT_EQ(place_of_flags({"python3", "-m", "pytest", "--", "a.py"}), 3U);
  EXPECT_EQ(place_of_flags({}), 0U);
}

constexpr const char* k_guard = "--allowOnly=false";

TEST(FlagReach, OfAGuardAgainstOnlyIsSureWhereTheRunnerIsNamed) {
  EXPECT_TRUE(forbids_only({"npx", "mocha", "--forbid-only"}, ""));
  EXPECT_TRUE(forbids_only({"node", "x/vitest.mjs", "run", k_guard, "--", "x"}, ""));
  EXPECT_TRUE(forbids_only({"sh", "-c", "playwright test --forbid-only | cat"}, ""));
  EXPECT_TRUE(forbids_only({"sh", "-c", "vitest run \"$@\" | cat", "sh", k_guard}, ""));
  EXPECT_TRUE(forbids_only({"npm", "test", "--", "a", k_guard}, "tsc && vitest run"));
  EXPECT_TRUE(forbids_only({"pnpm", "test", "a", k_guard}, "vitest run"));
}

TEST(FlagReach, OfAGuardAgainstOnlyIsNotSureElsewhere) {
  EXPECT_FALSE(forbids_only({"npx", "mocha"}, ""));
  EXPECT_FALSE(forbids_only({"vitest", "--allowOnly"}, ""));
  EXPECT_FALSE(forbids_only({"mocha", "--forbid-only=false"}, ""));
  EXPECT_FALSE(forbids_only({"vitest", "run", "--", "x", k_guard}, ""));
  EXPECT_FALSE(forbids_only({"sh", "-c", "vitest run", k_guard}, ""));
  EXPECT_FALSE(forbids_only({"sh", "-c", "vitest run -- \"$@\"", "sh", k_guard}, ""));
  EXPECT_FALSE(forbids_only({"sh", "-c", "vitest run # --allowOnly=false"}, ""));
  EXPECT_FALSE(forbids_only({"sh", "run.sh", k_guard}, ""));
  EXPECT_FALSE(forbids_only({"npm", "test", k_guard}, "vitest run"));
  EXPECT_FALSE(forbids_only({"npm", "test", "--", k_guard}, "vitest run #"));
  EXPECT_FALSE(forbids_only({"pnpm", "test", "--", k_guard}, "vitest run"));
  EXPECT_FALSE(forbids_only({"pnpm", "test", k_guard}, "vitest run | tee log"));
}

} // namespace
} // namespace ctest_matrix
