#include "ctest/resource_spec.hpp"
#include "ctest/resources.hpp"
#include "matrix/sample_matrix.hpp"

namespace ctest_matrix {
namespace {

CommonPlan pool_of(int instances) {
  CommonPlan common = sample_plan().common;
  common.services[0].instances = instances;
  return common;
}

TEST(ResourceSpec, ListsTheInstancesOfAPool) {
  const CommonPlan common = pool_of(2);
  const std::string type = resource_type(common, common.services[0]);
  EXPECT_EQ(merge_resource_spec("", common), R"({
 "version": {
  "major": 1,
  "minor": 0
 },
 "local": [
  {
   ")" + type + R"(": [
    {
     "id": "0"
    },
    {
     "id": "1"
    }
   ]
  }
 ]
}
)");
}

TEST(ResourceSpec, KeepsWhatOtherMatricesHaveInIt) {
  CommonPlan other = pool_of(3);
  other.name = "other";
  const std::string both = merge_resource_spec(merge_resource_spec("", other), pool_of(2));
  EXPECT_NE(both.find(resource_type(other, other.services[0])), std::string::npos);
  EXPECT_NE(both.find(resource_type(pool_of(2), pool_of(2).services[0])), std::string::npos);
  EXPECT_EQ(merge_resource_spec(both, pool_of(2)), both);
  // No pool any more.
  EXPECT_EQ(merge_resource_spec(both, pool_of(1)), merge_resource_spec("", other));
}

TEST(ResourceSpec, BeginsAnewWhereTheFileIsNone) {
  const std::string fresh = merge_resource_spec("", pool_of(2));
  for (const char* bad : {"{", "[]", R"({"local": 1})", R"({"local": []})", R"({"local": [7]})"}) {
    EXPECT_EQ(merge_resource_spec(bad, pool_of(2)), fresh) << bad;
  }
}

} // namespace
} // namespace ctest_matrix
