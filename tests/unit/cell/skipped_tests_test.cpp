#include "cell/skipped_tests.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SkippedTests, NoReasonIsNoWord) {
  EXPECT_EQ(why_skipped({{"a"}, {"b"}}), "");
  EXPECT_THAT(skip_remarks({{"a"}, {"b"}}), IsEmpty());
}

TEST(SkippedTests, AReasonIsToldOnceWithItsTests) {
  EXPECT_EQ(why_skipped({{"a", "needs docker"}, {"b", "needs docker"}}), ": needs docker");
  EXPECT_EQ(why_skipped({{"a", "needs docker"}, {"b"}, {"c", "needs docker"}}),
            ": needs docker (2 tests), no reason told (1 test)");
  EXPECT_EQ(why_skipped({{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}, {"e", "5"}}),
            ": 1 (1 test), 2 (1 test), 3 (1 test), and 2 other reasons");
  EXPECT_THAT(skip_remarks({{"a", "needs docker"}, {"b"}}),
              ElementsAre("skipped: a: needs docker", "skipped: b: no reason told"));
}

TEST(SkippedTests, ManyLinesAreFolded) {
  EXPECT_THAT(skip_remarks(std::vector<SkippedTest>(100, {"a", "why"})),
              ::testing::AllOf(::testing::SizeIs(21), ::testing::Contains("skipped: and 80 other tests")));
}

} // namespace
} // namespace ctest_matrix
