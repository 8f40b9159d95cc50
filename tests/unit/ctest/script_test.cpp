#include "base/files.hpp"
#include "ctest/resources.hpp"
#include "ctest/script.hpp"
#include "matrix/own_parts.hpp"
#include "matrix/sample_matrix.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::HasSubstr;

std::string golden(const std::string& name) {
  return *read_file(std::string(GOLDEN_DIRECTORY) + "/" + name);
}

EmitContext context() {
  EmitContext context;
  context.index = "/build/ctest-matrix/demo/cells-1.jsonl";
  context.ticked = {{"actor-a", "native"}};
  return context;
}

TEST(CtestScript, IsTheGoldenFile) {
  EXPECT_EQ(emit_ctest_script(sample_plan(), context()), golden("demo.cmake"));
}

TEST(CtestScript, EveryNameHasThePrefix) {
  const std::string script = emit_ctest_script(sample_plan("default", "p."), context());
  EXPECT_THAT(
      script,
      HasSubstr("add_test([=[p.actor-a.native]=] \"${_ctest_matrix_tool}\" cell [=[actor-a.native]=]"));
  EXPECT_THAT(script, HasSubstr("FIXTURES_REQUIRED [=[p.demo.ready;p.demo.artifact.napi;p.demo.engine]=]"));
}

TEST(CtestScript, AnExcludedRowThatWasAskedForIsEnabled) {
  EmitContext with = context();
  EXPECT_THAT(emit_ctest_script(sample_plan(), with), HasSubstr("DISABLED TRUE"));
  with.included = {"actor-d"};
  EXPECT_THAT(emit_ctest_script(sample_plan(), with), ::testing::Not(HasSubstr("DISABLED TRUE")));
  with.included = {"*"};
  EXPECT_THAT(emit_ctest_script(sample_plan(), with), ::testing::Not(HasSubstr("DISABLED TRUE")));
}

TEST(CtestScript, AParallelMatrixDropsLockAndCost) {
  Plan plan = sample_plan();
  plan.common.parallel = true;
  const std::string script = emit_ctest_script(plan, context());
  EXPECT_THAT(script, ::testing::Not(HasSubstr("RESOURCE_LOCK")));
  EXPECT_THAT(script, ::testing::Not(HasSubstr("COST")));
  EXPECT_THAT(script, ::testing::Not(HasSubstr("TIMEOUT_AFTER_MATCH")));
}

TEST(CtestScript, ACellTakesOneInstanceOfEachPool) {
  Plan plan = sample_plan();
  plan.common.parallel = true;
  plan.common.services[0].instances = 4;
  const std::string script = emit_ctest_script(plan, context());
  EXPECT_THAT(script, HasSubstr("RESOURCE_GROUPS [=[" + resource_type(plan.common, plan.common.services[0]) +
                                ":1]=] TIMEOUT_AFTER_MATCH [=[120;ctest-matrix. begin ]=]"));
}

TEST(CtestScript, SourceLinesForThoseWhoKnowThem) {
  EmitContext with = context();
  EXPECT_THAT(emit_ctest_script(sample_plan(), with), ::testing::Not(HasSubstr("DEF_SOURCE_LINE")));
  with.source_lines = true;
  EXPECT_THAT(emit_ctest_script(sample_plan(), with),
              HasSubstr("DEF_SOURCE_LINE [=[/repo/matrix.yaml:43]=]"));
  EXPECT_FALSE(knows_source_lines("3.25.1"));
  EXPECT_FALSE(knows_source_lines(""));
  EXPECT_TRUE(knows_source_lines("3.30.0"));
  EXPECT_TRUE(knows_source_lines("4.0.1"));
}

TEST(CtestScript, BracketsOutgrowTheirContent) {
  Plan plan = sample_plan();
  own_row(plan.cells.front()).location.file = "/repo/a]=]b.yaml";
  EXPECT_THAT(emit_ctest_script(plan, context()),
              HasSubstr("[==[/repo/a]=]b.yaml;43;matrix_discover_tests]==]"));
}

} // namespace
} // namespace ctest_matrix
