#include "matrix/plan_index.hpp"
#include "sample_matrix.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

TEST(PlanIndex, ReadsBackWhatItWrote) {
  for (const char* profile : {"default", "full"}) {
    const std::string text = write_plan(sample_plan(profile, "p."));
    const auto plan = read_plan(text);
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_EQ(write_plan(*plan), text);
  }
}

TEST(PlanIndex, ReadsASingleCell) {
  const std::string text = write_plan(sample_plan());
  for (const char* name : {"actor-a.native", "actor-d.wasm"}) {
    const auto plan = read_cell(text, name);
    ASSERT_TRUE(plan) << plan.error().message;
    ASSERT_EQ(plan->cells.size(), 1U);
    EXPECT_EQ(plan->cells[0].name, name);
    EXPECT_EQ(plan->suite.services[0].name, "engine");
  }
  EXPECT_TRUE(read_cell(text, "")->cells.empty());
}

TEST(PlanIndex, RefusesWhatIsNoIndex) {
  const std::string text = write_plan(sample_plan());
  EXPECT_EQ(read_cell(text, "actor").error().message, "the matrix demo has no cell 'actor'");
  for (const std::string& bad : {std::string(), std::string("{}"), text.substr(0, 200), "x" + text}) {
    const auto plan = read_plan(bad);
    ASSERT_FALSE(plan) << bad;
    EXPECT_EQ(plan.error().code, ExitCode::input);
    EXPECT_THAT(plan.error().message,
                ::testing::StartsWith("not an index of this version of ctest-matrix: "));
  }
}

} // namespace
} // namespace ctest_matrix
