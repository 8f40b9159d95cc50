#include "ctest/cost_data.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

TEST(CostData, AFreshFileHasALineForEachTest) {
  EXPECT_EQ(merge_cost_data("", {{"a.native", Milliseconds(31'249)}, {"b.wasm", Milliseconds(5)}}),
            "a.native 1 31.249\n"
            "b.wasm 1 0.005\n"
            "---\n");
}

TEST(CostData, NothingThatCTestWroteIsChanged) {
  const std::string existing = "a.native 3 7.5\n"
                               "other 1 0.1\n"
                               "---\n"
                               "a.native\n";
  EXPECT_EQ(merge_cost_data(existing, {{"a.native", Milliseconds(99'000)}}), existing);
  EXPECT_EQ(merge_cost_data(existing, {{"a.native", Milliseconds(99'000)}, {"b.wasm", Milliseconds(2000)}}),
            "a.native 3 7.5\n"
            "other 1 0.1\n"
            "b.wasm 1 2.000\n"
            "---\n"
            "a.native\n");
}

TEST(CostData, ANameWithASpaceWouldBeAnotherTest) {
  EXPECT_EQ(merge_cost_data("", {{"my a.native", Milliseconds(1000)}}), "---\n");
}

} // namespace
} // namespace ctest_matrix
