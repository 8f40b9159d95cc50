#include "cell/services.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace ctest_matrix {
namespace {

std::optional<int> allocated(const char* value) {
  setenv("CTEST_RESOURCE_GROUP_0_MATRIX_ENGINE", value, 1);
  const auto number = allocated_instance("matrix_engine");
  unsetenv("CTEST_RESOURCE_GROUP_0_MATRIX_ENGINE");
  return number;
}

TEST(CellServices, ReadsTheInstanceThatCTestAllocates) {
  EXPECT_EQ(allocated("id:0,slots:1"), 0);
  EXPECT_EQ(allocated("id:12,slots:1"), 12);
}

TEST(CellServices, TakesNothingElseForAnAllocation) {
  EXPECT_EQ(allocated_instance("matrix_engine"), std::nullopt);
  EXPECT_EQ(allocated(""), std::nullopt);
  EXPECT_EQ(allocated("2"), std::nullopt);
  EXPECT_EQ(allocated("id:gpu,slots:1"), std::nullopt);
  EXPECT_EQ(allocated("id:-1,slots:1"), std::nullopt);
}

} // namespace
} // namespace ctest_matrix
