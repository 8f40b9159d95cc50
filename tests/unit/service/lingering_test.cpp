#include "service/lingering.hpp"

#include <gtest/gtest.h>

namespace ctest_matrix {
namespace {

using namespace std::chrono_literals;

TEST(Lingering, RunsFromTheLastOneWhoNeededItNotFromTheStart) {
  Lingering lingering;
  for (Milliseconds now = 1000ms; now <= 6200ms; now += 50ms) {
    lingering.needed(now);
    EXPECT_FALSE(lingering.over(now, 5s));
  }
  EXPECT_FALSE(lingering.over(11'199ms, 5s));
  EXPECT_TRUE(lingering.over(11'200ms, 5s));
}

TEST(Lingering, WithoutATimeItIsOverAtOnce) {
  Lingering lingering;
  lingering.needed(1000ms);
  EXPECT_TRUE(lingering.over(1000ms, 0ms));
}

} // namespace
} // namespace ctest_matrix
