#include "runners/skip_reason.hpp"

#include <gtest/gtest.h>

namespace ctest_matrix {
namespace {

TEST(SkipReason, IsTheFirstLineThatIsMoreThanAPlace) {
  EXPECT_EQ(skip_reason("/shop/a_test.cc:12\nneeds a database\nand a network\n"), "needs a database");
  EXPECT_EQ(skip_reason("  \n\x1b[31mnot here\x1b[0m"), "not here");
  EXPECT_EQ(skip_reason("SHOP:1234"), "SHOP:1234");
  EXPECT_EQ(skip_reason("true"), "");
  EXPECT_EQ(skip_reason("a_test.cc:12\n"), "");
  EXPECT_EQ(skip_reason(std::string(300, 'x')).size(), 200 + std::string("…").size());
}

TEST(SkipReason, OfAModuleOfPytestStandsInATuple) {
  EXPECT_EQ(module_skip_reason("('/shop/test_b.py', 2, \"Skipped: no docker, don't ask\")"),
            "no docker, don't ask");
  EXPECT_EQ(module_skip_reason("('/shop/test_a.py', 2, 'Skipped: nothing')"), "nothing");
  EXPECT_EQ(module_skip_reason("no module"), "no module");
  EXPECT_EQ(module_skip_reason(""), "");
}

} // namespace
} // namespace ctest_matrix
