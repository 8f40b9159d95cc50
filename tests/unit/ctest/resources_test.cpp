#include "ctest/resources.hpp"
#include "matrix/sample_matrix.hpp"

namespace ctest_matrix {
namespace {

TEST(Resources, TheTypeIsANameThatCTestTakes) {
  Plan plan = sample_plan("default", "My-");
  const std::string type = resource_type(plan.common, plan.common.services[0]);
  EXPECT_EQ(type.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string::npos);
  EXPECT_EQ(type.substr(0, 22), "matrix_my_demo_engine_");
}

TEST(Resources, NamesThatLookAlikeStayApart) {
  Plan plan = sample_plan();
  Service service = plan.common.services[0];
  service.name = "a-b";
  const std::string dashed = resource_type(plan.common, service);
  service.name = "a.b";
  EXPECT_NE(resource_type(plan.common, service), dashed);
}

} // namespace
} // namespace ctest_matrix
