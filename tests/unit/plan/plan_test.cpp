#include "matrix/sample_matrix.hpp"
#include "plan/plan.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

TEST(Plan, BindsTheCellIntoCommandScopeAndFilter) {
  const Plan plan = sample_plan();
  const CellPlan& cell = *find_cell(plan, "actor-a.wasm");
  EXPECT_EQ(cell.file, "/repo/pkg/tests/actor-a.test.ts");
  EXPECT_EQ(cell.scope, "runtime (wasm) / sqlite (remote)");
  EXPECT_EQ(cell.filter, R"(runtime \(wasm\) / Actor A \(x\))");
  std::vector<std::string> command;
  for (const TextTemplate& argument : cell.command) {
    command.push_back(argument.source());
  }
  EXPECT_THAT(command, ElementsAre("run", "tests/actor-a.test.ts", "-t", "{filter}"));
  EXPECT_EQ(cell.line, 43);
}

TEST(Plan, DescribesTheProgressDocument) {
  const Plan plan = sample_plan();
  EXPECT_EQ(plan.document.title, "Demo Progress");
  EXPECT_EQ(plan.document.config, "registry (static), encoding (bare), runtimes (native, wasm)");
  EXPECT_THAT(plan.document.columns, ElementsAre("native", "wasm"));
  EXPECT_THAT(plan.document.labels, ElementsAre("fast", "slow"));
  EXPECT_EQ(plan.document.rows[3].excluded, "on request");
  EXPECT_EQ(plan.document.rows[0].cells[1][0].name, "actor-a.wasm");
}

TEST(Plan, AColumnOfTheFullProfileHasAllItsCells) {
  const Plan plan = sample_plan("full");
  EXPECT_EQ(plan.document.config, "registry (static), runtimes (native, wasm)");
  EXPECT_EQ(plan.document.rows[0].cells[0].size(), 4U);
  EXPECT_EQ(plan.document.rows[0].cells[1].size(), 2U);
}

TEST(Plan, PathsAreBelowTheRoot) {
  const Plan plan = sample_plan("default", "p.");
  EXPECT_EQ(plan.suite.name, "p.demo");
  EXPECT_EQ(plan.suite.progress, "/repo/notes/progress.md");
  EXPECT_EQ(plan.suite.directory, "/repo/pkg");
  EXPECT_EQ(plan.suite.log_current, "");
}

} // namespace
} // namespace ctest_matrix
