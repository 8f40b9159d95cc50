#include "matrix/sample_matrix.hpp"
#include "plan/plan.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

TEST(Plan, BindsTheCellIntoCommandScopeAndFilter) {
  const Plan plan = sample_plan();
  const BoundCell cell = bind(plan.common, *find_cell(plan, "actor-a.wasm"));
  EXPECT_EQ(cell.file, "/repo/pkg/tests/actor-a.test.ts");
  EXPECT_EQ(cell.scope, "runtime (wasm) / sqlite (remote)");
  EXPECT_EQ(cell.filter, R"(runtime \(wasm\) / Actor A \(x\))");
  std::vector<std::string> command;
  for (const TextTemplate& argument : cell.command) {
    command.push_back(argument.source());
  }
  EXPECT_THAT(command, ElementsAre("run", "tests/actor-a.test.ts", "-t", "{filter}"));
  EXPECT_EQ(cell.row->location.file, "/repo/matrix.yaml");
  EXPECT_EQ(cell.row->location.line, 43);
}

TEST(Plan, DescribesTheProgressDocument) {
  const Plan plan = sample_plan();
  EXPECT_EQ(plan.common.title, "Demo Progress");
  EXPECT_EQ(plan.common.config, "registry (static), encoding (bare), runtimes (native, wasm)");
  ASSERT_EQ(plan.common.columns.size(), 2U);
  EXPECT_EQ(plan.common.columns[0].name, "native");
  EXPECT_THAT(plan.common.labels, ElementsAre(Field(&Label::name, "fast"), Field(&Label::name, "slow")));
  EXPECT_EQ(plan.rows[3].reason, "on request");
  EXPECT_EQ(cell_name(plan.rows[0], plan.common.columns[1].variants[0]), "actor-a.wasm");
}

TEST(Plan, AColumnOfTheFullProfileHasAllItsCells) {
  const Plan plan = sample_plan("full");
  EXPECT_EQ(plan.common.config, "registry (static), runtimes (native, wasm)");
  EXPECT_EQ(plan.common.columns[0].variants.size(), 4U);
  EXPECT_EQ(plan.common.columns[1].variants.size(), 2U);
}

TEST(Plan, PathsAreBelowTheRoot) {
  const Plan plan = sample_plan("default", "p.");
  EXPECT_EQ(plan.common.name, "p.demo");
  EXPECT_EQ(plan.common.progress, "/repo/notes/progress.md");
  EXPECT_EQ(plan.common.directory, "/repo/pkg");
  EXPECT_EQ(plan.common.log_current, "");
}

} // namespace
} // namespace ctest_matrix
