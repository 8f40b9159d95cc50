#include "progress/samples.hpp"
#include "run/demo_plan.hpp"
#include "run/failure_probe.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Kind = ProbeResult::Kind;
using Evidence = ProbeResult::Evidence;

Record failure(const Plan& plan, const std::string& name) {
  const Cell& cell = *find_cell(plan, name);
  Record record = sample_record(cell.row->name, cell.variant->column, Milliseconds(0), Verdict::fail);
  record.cell = name;
  record.profile = plan.common.profile;
  record.axes = cell.variant->axes;
  record.failures = {{"Suite > two", "broken", "", 0}};
  record.tests = {{"Suite > two", TestOutcome::Kind::failed}};
  return record;
}

using TestKind = TestOutcome::Kind;

/// What came of a test that ran alone.
Record narrowed(const std::string& test, TestKind kind) {
  Record record;
  record.verdict = kind == TestKind::failed ? Verdict::fail : Verdict::pass;
  record.counts = {.passed = kind == TestKind::passed ? 1 : 0, .failed = kind == TestKind::failed ? 1 : 0};
  record.tests = {{test, kind}};
  return record;
}

/// What is said of the failing column where its test, alone, leaves this record.
std::string own_outcome(const Record& alone) {
  const Plan plan = demo_plan();
  const auto results = probe(plan, failure(plan, "actor-a.native"), {},
                             [&](const Cell&, const std::string&) -> Result<Record> { return alone; });
  return results.front().outcome;
}

TEST(Probe, FailsAloneOnlyWhereThatVeryTestFailed) {
  EXPECT_EQ(own_outcome(narrowed("Suite > two", TestKind::failed)), "fails alone");
  EXPECT_EQ(own_outcome(narrowed("Suite > two", TestKind::passed)), "passes alone");
  EXPECT_EQ(own_outcome(narrowed("Suite > one", TestKind::failed)), "could not be narrowed: other tests ran");
  EXPECT_EQ(own_outcome(narrowed("Suite > one", TestKind::passed)), "could not be narrowed: other tests ran");
  Record nothing;
  nothing.verdict = Verdict::no_tests;
  EXPECT_EQ(own_outcome(nothing), "could not be narrowed: NO-TESTS");
  Record foreign = narrowed("Suite > two", TestKind::failed);
  foreign.verdict = Verdict::foreign;
  EXPECT_EQ(own_outcome(foreign), "could not be narrowed: FOREIGN");
  Record left = narrowed("Suite > two", TestKind::passed);
  left.verdict = Verdict::exit;
  EXPECT_EQ(own_outcome(left), "could not be narrowed: EXIT");
}

TEST(Probe, IsNotAloneWhereTheFilterReachesOthers) {
  Record both = narrowed("Suite > two", TestKind::failed);
  both.tests.push_back({"Suite > two > nested", TestKind::passed});
  both.counts.passed = 1;
  EXPECT_EQ(own_outcome(both), "fails with 1 other test beside it");
  both = narrowed("Suite > two", TestKind::passed);
  both.tests.push_back({"Suite > one", TestKind::skipped});
  both.tests.push_back({"Suite > two", TestKind::passed});
  both.counts.passed = 2;
  EXPECT_EQ(own_outcome(both), "passes alone") << "each of them has the title";
  both.counts.passed = 4;
  EXPECT_EQ(own_outcome(both), "passes with 2 other tests beside it");
}

TEST(Probe, RunsTheTestWhereNobodyHasRunIt) {
  const Plan plan = demo_plan();
  std::vector<std::string> ran;
  const auto results =
      probe(plan, failure(plan, "actor-a.native"), {},
            [&](const Cell& cell, const std::string& test) -> Result<Record> {
              ran.push_back(cell.name + ": " + test);
              return narrowed(test, cell.variant->column == "native" ? TestKind::failed : TestKind::passed);
            });
  EXPECT_THAT(ran, ElementsAre("actor-a.native: Suite > two", "actor-a.wasm: Suite > two"));
  EXPECT_EQ(render_probe("Suite > two", results), "narrowed to its first failing test: Suite > two\n"
                                                  "  native: fails alone\n"
                                                  "  wasm: passes alone\n"
                                                  "  specific to native: it passes on wasm\n");
}

TEST(Probe, TakesTheJournalsWordForAColumnThatRan) {
  const Plan plan = demo_plan();
  const std::vector<Record> journal{failure(plan, "actor-a.native")};
  const auto results = probe(plan, failure(plan, "actor-a.wasm"), journal,
                             [](const Cell& cell, const std::string& test) -> Result<Record> {
                               EXPECT_EQ(cell.variant->column, "wasm");
                               return narrowed(test, TestKind::failed);
                             });
  EXPECT_EQ(render_probe("Suite > two", results), "narrowed to its first failing test: Suite > two\n"
                                                  "  wasm: fails alone\n"
                                                  "  native: fails (when its cell ran last)\n"
                                                  "  shared: it fails on native too\n");
}

TEST(Probe, WhatCouldNotBeRunIsNoPass) {
  const std::vector<ProbeResult> results{
      {"native", "fails alone", Kind::failed, Evidence::probe},
      {"wasm", "could not be run: the artifact wasm was not built", Kind::unclear, Evidence::probe}};
  EXPECT_EQ(render_probe("t", results), "narrowed to its first failing test: t\n"
                                        "  native: fails alone\n"
                                        "  wasm: could not be run: the artifact wasm was not built\n"
                                        "  whether it is specific to this column is not known\n");
}

TEST(Probe, ATestThatPassesAloneIsSaidToBeSo) {
  EXPECT_EQ(render_probe("t", {{"native", "passes alone", Kind::passed, Evidence::probe}}),
            "narrowed to its first failing test: t\n"
            "  native: passes alone\n"
            "  it passes alone: look for what it shares with the tests before it, or for a flake\n");
}

TEST(Probe, HasNothingToDoWithoutAFailingTest) {
  const Plan plan = demo_plan();
  Record crash = failure(plan, "actor-a.native");
  crash.failures.clear();
  const auto never = [](const Cell&, const std::string&) -> Result<Record> {
    ADD_FAILURE();
    return Record();
  };
  EXPECT_THAT(probe(plan, crash, {}, never), IsEmpty());
}

TEST(Probe, ASiblingSharesWhatItCan) {
  const Plan plan = demo_plan("full");
  const auto siblings = sibling_cells(plan, *find_cell(plan, "actor-a.native.remote.cbor"));
  ASSERT_EQ(siblings.size(), 1U);
  EXPECT_EQ(siblings.front()->name, "actor-a.wasm.remote.cbor");
}

} // namespace
} // namespace ctest_matrix
