#include "service/ports.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ctest_matrix {
namespace {

TEST(Port, GivesAPortThatIsFree) {
  const auto port = free_port();
  ASSERT_TRUE(port);
  EXPECT_GT(*port, 1023);
  EXPECT_LE(*port, 65535);
}

TEST(Port, GivesSeveralDifferentOnes) {
  const auto ports = free_ports(50);
  ASSERT_TRUE(ports);
  EXPECT_EQ(std::set<int>(ports->begin(), ports->end()).size(), 50u);
}

} // namespace
} // namespace ctest_matrix
