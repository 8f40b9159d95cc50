#include "base/text.hpp"
#include "progress/basis.hpp"
#include "progress/checkout_testing.hpp"

#include <fstream>

namespace ctest_matrix {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Basis : public CheckoutTest {
protected:
  void SetUp() override {
    CheckoutTest::SetUp();
    Artifact napi;
    napi.name = "napi";
    napi.inputs = {"src/*.rs"};
    m_plan.common.artifacts = {napi};
    m_cell = &m_plan.cells[3]; // actor-conn.wasm
    m_plan.common.directory = m_root;
    m_plan.common.file = TestFile::parse("{file}.test");
    own_row(*m_cell).inputs = {"shared/*"};
    own_variant(*m_cell).artifacts = {"napi"};
    write("actor-conn.test", "test");
    write("shared/a", "a");
    write("src/lib.rs", "lib");
  }

  TickBasis now() const { return BasisReader(m_plan.common).of(bind(m_plan.common, *m_cell)); }

  /// A pass of the cell that is in journal and progress file.
  void pass(const TickBasis& basis, Milliseconds after = seconds(1)) const {
    Record record = sample_record("actor-conn", "wasm", after);
    record.basis = basis;
    ASSERT_TRUE(record_and_apply(store_paths(m_plan.common), record, m_plan, FakeClock()));
  }

  TickAges ages() const { return tick_ages(m_plan, journal()); }

  Cell* m_cell = nullptr;
};

std::vector<std::string> names_of(const TickBasis& basis) {
  std::vector<std::string> names;
  for (const auto& [name, content] : basis) {
    names.push_back(name);
  }
  return names;
}

TEST_F(Basis, IsOfTheTestFileTheInputsAndTheArtifacts) {
  EXPECT_THAT(names_of(now()), ElementsAre("test file", "inputs", "artifact napi", "command", "environment",
                                           "rules", "build of napi"));
  own_row(*m_cell).inputs.clear();
  own_variant(*m_cell).artifacts.clear();
  EXPECT_THAT(names_of(now()), ElementsAre("test file", "command", "environment", "rules"));
  m_plan.common.file.reset();
  EXPECT_THAT(names_of(now()), ElementsAre("command", "environment", "rules"));
}

TEST_F(Basis, ChangesWithTheContentOnly) {
  const TickBasis before = now();
  write("src/lib.rs", "lib"); // anew, and the same
  EXPECT_EQ(now(), before);
  write("src/lib.rs", "lab");
  EXPECT_NE(now(), before);
  write("src/lib.rs", "lib");
  write("src/new.rs", "");
  EXPECT_NE(now(), before);
}

TEST_F(Basis, KnowsTheRulesByWhichACellIsJudged) {
  const TickBasis before = now();
  m_plan.common.leaks = LeakPolicy::fail;
  EXPECT_NE(now(), before);
  m_plan.common.leaks = LeakPolicy::report;
  own_variant(*m_cell).report = ReportFormat::tap;
  EXPECT_NE(now(), before);
  own_variant(*m_cell).report.reset();
  m_cell->skip_reason = "not here";
  const TickBasis skipped = now();
  EXPECT_NE(skipped, before);
  m_cell->skip_reason = "for another reason";
  EXPECT_EQ(now(), skipped);
  m_cell->skip_reason.clear();
  m_cell->may_skip = true;
  EXPECT_NE(now(), before);
  pass(before);
  EXPECT_THAT(ages().stale, ElementsAre(StaleTick{"actor-conn.wasm", {"rules"}}));
}

TEST_F(Basis, ATickIsStaleWhenWhatItRestsOnHasChanged) {
  pass(now());
  EXPECT_EQ(ages(), TickAges());
  write("actor-conn.test", "edited");
  write("shared/a", "edited");
  EXPECT_THAT(ages().stale, ElementsAre(StaleTick{"actor-conn.wasm", {"test file", "inputs"}}));
  own_variant(*m_cell).artifacts.clear();
  EXPECT_THAT(
      ages().stale,
      ElementsAre(StaleTick{"actor-conn.wasm", {"test file", "inputs", "artifact napi", "build of napi"}}));
}

TextTemplate text_of(std::string_view text) {
  TextTemplate::Problem problem;
  return *TextTemplate::parse(text, problem);
}

TEST_F(Basis, KnowsTheCallersVariablesThatTheMatrixNames) {
  setenv("BASIS_TEST_URL", "postgres://secret", 1);
  unsetenv("BASIS_TEST_MODE");
  m_plan.common.environment = {{"URL", text_of("{env.BASIS_TEST_URL}/x")}};
  m_plan.common.command = {text_of("run"), text_of("--group={env.CTEST_RESOURCE_GROUP_COUNT}:{env.PATH}")};
  own_row(*m_cell).wrap = {text_of("{env.BASIS_TEST_MODE}")};
  const TickBasis before = now();
  EXPECT_THAT(names_of(before),
              ElementsAre("test file", "inputs", "artifact napi", "command", "environment", "rules",
                          "build of napi", "variable BASIS_TEST_MODE", "variable BASIS_TEST_URL"));
  EXPECT_EQ(before.back().second.size(), 8U) << "not enough to find a secret by";
  pass(before);
  EXPECT_EQ(ages(), TickAges());
  setenv("BASIS_TEST_URL", "postgres://other", 1);
  setenv("BASIS_TEST_MODE", "slow", 1);
  EXPECT_THAT(ages().stale, ElementsAre(StaleTick{"actor-conn.wasm",
                                                  {"variable BASIS_TEST_MODE", "variable BASIS_TEST_URL"}}));
  unsetenv("BASIS_TEST_URL");
  unsetenv("BASIS_TEST_MODE");
}

TEST_F(Basis, KnowsWhatBuildsItsArtifactsAndStartsItsServices) {
  Artifact dist;
  dist.name = "dist";
  dist.inputs = {"dist/*"};
  dist.command = {text_of("make")};
  Service engine;
  engine.name = "engine";
  engine.command = {text_of("./engine")};
  m_plan.common.artifacts.push_back(dist);
  m_plan.common.artifacts[0].after = {"dist"};
  m_plan.common.services = {engine};
  own_variant(*m_cell).services = {"engine"};
  pass(now());
  EXPECT_EQ(ages(), TickAges());
  const auto stale = [&] {
    return ages().stale.empty() ? std::vector<std::string>() : ages().stale[0].changed;
  };
  write("dist/a", "edited");
  EXPECT_THAT(stale(), ElementsAre("build of napi"));
  m_plan.common.services[0].environment = {{"MODE", text_of("{env.BASIS_TEST_ENGINE}")}};
  EXPECT_THAT(stale(), ElementsAre("build of napi", "service engine", "variable BASIS_TEST_ENGINE"));
  pass(now(), seconds(2));
  setenv("BASIS_TEST_ENGINE", "x", 1);
  EXPECT_THAT(stale(), ElementsAre("variable BASIS_TEST_ENGINE"));
  unsetenv("BASIS_TEST_ENGINE");
}

TEST_F(Basis, WhatVersion01DidNotTellIsNotHeldAgainstIt) {
  m_plan.common.environment = {{"URL", text_of("{env.BASIS_TEST_URL}")}};
  TickBasis old = now();
  old.resize(3); // up to its artifacts
  pass(old);
  EXPECT_EQ(ages(), TickAges());
}

TEST_F(Basis, ATickWithoutARecordIsOfUnknownAge) {
  pass({});
  EXPECT_EQ(ages(), (TickAges{.stale = {}, .unknown = 1, .untold = {"actor-conn.wasm"}}));
  const std::string ticked = document();
  write("progress.md",
        ticked.substr(0, ticked.find("- [ ] [ ] actor-state")) + "- [x] [ ] actor-state | by hand\n");
  EXPECT_EQ(
      ages(),
      (TickAges{
          .stale = {}, .unknown = 2, .unrecorded = {"actor-state.native"}, .untold = {"actor-conn.wasm"}}));
}

TEST_F(Basis, AResultOfOtherSourcesIsOutdatedAlsoWithoutATick) {
  Record failure = sample_record("actor-conn", "wasm", seconds(1), Verdict::fail);
  failure.basis = now();
  ASSERT_TRUE(record_and_apply(store_paths(m_plan.common), failure, m_plan, FakeClock()));
  EXPECT_EQ(ages(), TickAges());
  write("shared/a", "edited");
  EXPECT_EQ(ages(), (TickAges{.stale = {}, .outdated = {{"actor-conn.wasm", {"inputs"}}}}));
  pass(now(), seconds(2));
  EXPECT_EQ(ages(), TickAges());
  write("progress.md", replace_all(document(), "[ ] [x] actor-conn", "[ ] [ ] actor-conn"));
  ASSERT_TRUE(apply_journal(store_paths(m_plan.common), m_plan, FakeClock()));
  EXPECT_EQ(ages(), (TickAges{.stale = {}, .reopened = {"actor-conn.wasm"}}));
}

// A journal that comes from a copy may lack the failure that opened a box: the pass before it says nothing of
// now.
TEST_F(Basis, APassWhoseBoxALostResultOpenedIsNoNews) {
  pass(now());
  const std::string before = *read_file(store_paths(m_plan.common).journal);
  Record failure = sample_record("actor-conn", "wasm", seconds(2), Verdict::fail);
  failure.basis = now();
  ASSERT_TRUE(record_and_apply(store_paths(m_plan.common), failure, m_plan, FakeClock()));
  EXPECT_EQ(ages(), TickAges());
  std::ofstream(store_paths(m_plan.common).journal, std::ios::trunc) << before;
  ASSERT_TRUE(apply_journal(store_paths(m_plan.common), m_plan, FakeClock()));
  EXPECT_EQ(ages(), (TickAges{.stale = {}, .reopened = {"actor-conn.wasm"}}));
}

TEST_F(Basis, AResultThatDoesNotTellIsCurrent) {
  BasisReader reader(m_plan.common);
  const BoundCell cell = bind(m_plan.common, *m_cell);
  Record record = sample_record("actor-conn", "wasm", seconds(1));
  EXPECT_TRUE(is_current(record, cell, reader));
  record.basis = reader.of(cell);
  EXPECT_TRUE(is_current(record, cell, reader));
  record.basis.front().second = "another";
  EXPECT_FALSE(is_current(record, cell, reader));
}

TEST(TickAgesText, NamesTheFirstOfThem) {
  EXPECT_EQ(render_ages({}), "");
  TickAges ages{.stale = {{"a.native", {"test file"}}, {"a.wasm", {"inputs", "artifact napi"}}},
                .unknown = 3};
  EXPECT_EQ(render_ages(ages),
            "Ticks older than what they depend on: 2 (a.native: test file; a.wasm: inputs, "
            "artifact napi)\nTicks of unknown age: 3\n");
  ages.stale.resize(11, {"b.wasm", {"inputs"}});
  EXPECT_THAT(render_ages(ages), ::testing::HasSubstr("; b.wasm: inputs; ...)\n"));
}

} // namespace
} // namespace ctest_matrix
