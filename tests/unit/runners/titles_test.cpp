#include "runners/titles.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

TEST(Titles, AreJoinedAndTakenApart) {
  EXPECT_EQ(join_titles({"runtime (wasm)", "Alpha", "works"}), "runtime (wasm) > Alpha > works");
  EXPECT_THAT(split_titles("runtime (wasm) > Alpha > works"),
              ElementsAre("runtime (wasm)", "Alpha", "works"));
  EXPECT_THAT(split_titles("a::b", "::"), ElementsAre("a", "b"));
  EXPECT_THAT(split_titles("alone"), ElementsAre("alone"));
  EXPECT_THAT(split_titles(""), ElementsAre(""));
}

} // namespace
} // namespace ctest_matrix
