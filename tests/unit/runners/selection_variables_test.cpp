#include "runners/selection_variables.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SelectionVariables, AreTakenOutByTheirWholeName) {
  std::vector<std::string> environment{"PATH=/bin",         "GTEST_FILTER=a.*",    "GTEST_FILTERS=x",
                                       "GTEST_COLOR=yes",   "PYTEST_ADDOPTS=--lf", "MY_PYTEST_ADDOPTS=1",
                                       "GTEST_TOTAL_SHARDS"};
  EXPECT_THAT(take_out_selection(environment),
              ElementsAre("GTEST_FILTER=a.* (GoogleTest)", "PYTEST_ADDOPTS=--lf (pytest)",
                          "GTEST_TOTAL_SHARDS= (GoogleTest)"));
  EXPECT_THAT(environment,
              ElementsAre("PATH=/bin", "GTEST_FILTERS=x", "GTEST_COLOR=yes", "MY_PYTEST_ADDOPTS=1"));
}

TEST(SelectionVariables, ThatHideFailuresAreTakenOut) {
  std::vector<std::string> environment{"BOOST_TEST_RUN_FILTERS=box/opens", "BOOST_TEST_RESULT_CODE=no",
                                       "BOOST_TEST_LOG_LEVEL=all", "PYTHONOPTIMIZE=1", "TAP_SNAPSHOT=1"};
  EXPECT_THAT(take_out_selection(environment),
              ElementsAre("BOOST_TEST_RUN_FILTERS=box/opens (Boost.Test)",
                          "BOOST_TEST_RESULT_CODE=no (Boost.Test, which exits with 0)",
                          "PYTHONOPTIMIZE=1 (Python, which leaves assertions out)",
                          "TAP_SNAPSHOT=1 (node-tap, which writes its snapshots anew)"));
  EXPECT_THAT(environment, ElementsAre("BOOST_TEST_LOG_LEVEL=all"));
}

TEST(SelectionVariables, OfOptionsOnlyThoseThatSelectAreTakenOut) {
  std::vector<std::string> environment{"NODE_OPTIONS=--max-old-space-size=4096 --test-shard=1/2 --test-only "
                                       "--test-name-pattern x --no-warnings",
                                       "GOFLAGS=-mod=mod -run=TestA -short -tags=x",
                                       "MAVEN_ARGS=-q -Dtest=A -Dtests.x=1"};
  EXPECT_THAT(
      take_out_selection(environment),
      ElementsAre("NODE_OPTIONS=--test-shard=1/2 (node --test)", "NODE_OPTIONS=--test-only (node --test)",
                  "NODE_OPTIONS=--test-name-pattern (node --test)", "NODE_OPTIONS=x (node --test)",
                  "GOFLAGS=-run=TestA (go test)", "GOFLAGS=-short (go test)", "MAVEN_ARGS=-Dtest=A (Maven)"));
  EXPECT_THAT(environment, ElementsAre("NODE_OPTIONS=--max-old-space-size=4096 --no-warnings",
                                       "GOFLAGS=-mod=mod -tags=x", "MAVEN_ARGS=-q -Dtests.x=1"));
}

TEST(SelectionVariables, AreTakenOutHoweverTheirReaderLetsThemBeSpelled) {
  std::vector<std::string> environment{
      "NODE_OPTIONS=--test_only \"--test-only\" --test_name_pattern=a_b$ \"--test_skip-pattern=b c\" -r "
      "./a_b.js "
      "\"-\"-test_shard=1/2",
      "BUN_OPTIONS=-t a$ --smol --test-name-pattern=b '--only' --tsconfig-override x.json",
      "GOFLAGS='-run=A B' --short -test.skip=C -tags=x",
      "MAVEN_ARGS=-q -D test=A --define it.test=B --define=groups=C -D tests.x=1",
      "MAVEN_OPTS=\"-Dtest=q\" -Xmx1g",
      "_JAVA_OPTIONS=-Dsurefire.includesFile=x",
      "JDK_JAVA_OPTIONS=-Xmx1g\n'-Dtest=x'"};
  EXPECT_THAT(
      take_out_selection(environment),
      ElementsAre("NODE_OPTIONS=--test_only (node --test)", "NODE_OPTIONS=\"--test-only\" (node --test)",
                  "NODE_OPTIONS=--test_name_pattern=a_b$ (node --test)",
                  "NODE_OPTIONS=\"--test_skip-pattern=b c\" (node --test)",
                  "NODE_OPTIONS=\"-\"-test_shard=1/2 (node --test)", "BUN_OPTIONS=-t (bun test)",
                  "BUN_OPTIONS=a$ (bun test)", "BUN_OPTIONS=--test-name-pattern=b (bun test)",
                  "BUN_OPTIONS='--only' (bun test)", "GOFLAGS='-run=A B' (go test)",
                  "GOFLAGS=--short (go test)", "GOFLAGS=-test.skip=C (go test)",
                  "MAVEN_ARGS=-D test=A (Maven)", "MAVEN_ARGS=--define it.test=B (Maven)",
                  "MAVEN_ARGS=--define=groups=C (Maven)", "MAVEN_OPTS=\"-Dtest=q\" (Maven)",
                  "_JAVA_OPTIONS=-Dsurefire.includesFile=x (Maven)", "JDK_JAVA_OPTIONS='-Dtest=x' (Maven)"));
  EXPECT_THAT(environment,
              ElementsAre("NODE_OPTIONS=-r ./a_b.js", "BUN_OPTIONS=--smol --tsconfig-override x.json",
                          "GOFLAGS=-tags=x", "MAVEN_ARGS=-q -D tests.x=1", "MAVEN_OPTS=-Xmx1g",
                          "_JAVA_OPTIONS=", "JDK_JAVA_OPTIONS=-Xmx1g"));
}

TEST(SelectionVariables, AValueWithoutThemStaysAsItIs) {
  std::vector<std::string> environment{"NODE_OPTIONS=--title=\"a  b\"  --require \"./x y.js\""};
  EXPECT_THAT(take_out_selection(environment), IsEmpty());
  EXPECT_THAT(environment, ElementsAre("NODE_OPTIONS=--title=\"a  b\"  --require \"./x y.js\""));
}

TEST(SelectionVariables, NothingIsSaidOfOthers) {
  std::vector<std::string> environment{"NODE_OPTIONS=--no-warnings", "HOME=/x", ""};
  EXPECT_THAT(take_out_selection(environment), IsEmpty());
  EXPECT_THAT(environment, ElementsAre("NODE_OPTIONS=--no-warnings", "HOME=/x", ""));
}

TEST(SelectionVariables, OfCommonNamesGoWhereTheirReaderIsCalled) {
  std::vector<std::string> environment{"TEST=test/a.rb", "N=/x/", "PATH=/bin"};
  EXPECT_THAT(take_out_selection(environment, {"pnpm", "test", "lib/brakes.js"}), IsEmpty());
  EXPECT_THAT(take_out_selection(environment, {"bundle", "exec", "rake", "test"}),
              ElementsAre("TEST=test/a.rb (rake)", "N=/x/ (minitest below rake)"));
  EXPECT_THAT(environment, ElementsAre("PATH=/bin"));
  environment = {"TEST=test/a.rb"};
  EXPECT_THAT(take_out_selection(environment, {"sh", "-c", "cd x && bin/rake test"}),
              ElementsAre("TEST=test/a.rb (rake)"));
}

} // namespace
} // namespace ctest_matrix
