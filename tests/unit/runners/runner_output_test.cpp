#include "runners/runner_output.hpp"

#include <gtest/gtest.h>

namespace ctest_matrix {
namespace {

TEST(RunnerOutput, StatesItsVersion) {
  EXPECT_EQ(
      stated_version(
          "\n> test\n> vitest run\n\n\x1b[1m\x1b[46m RUN \x1b[49m\x1b[22m \x1b[36mv3.2.4 \x1b[39m/repo\n"),
      "3.2.4");
  EXPECT_EQ(stated_version("platform linux -- Python 3.11.2, pytest-7.2.1, pluggy-1.0.0\n"), "7.2.1");
  EXPECT_EQ(stated_version("RUN  v5.0.0-beta.1 /repo"), "5.0.0");
  EXPECT_EQ(stated_version("the version v1.2.3 of something\n"), "");
  EXPECT_EQ(stated_version(""), "");
}

TEST(RunnerOutput, NamesTheTestThatRanLast) {
  const std::vector<std::string> lines{" \u2713 a.test.ts > wasm > Alpha > one 2ms",
                                       "stdout | a.test.ts > wasm > Alpha > two", "connecting to the engine"};
  EXPECT_EQ(last_test_named(lines, "wasm"), "Alpha > two");
  EXPECT_EQ(last_test_named(lines, "native"), "");
  EXPECT_EQ(last_test_named(lines, ""), "");
  EXPECT_EQ(last_test_named({"running wasm"}, "wasm"), "");
}

} // namespace
} // namespace ctest_matrix
