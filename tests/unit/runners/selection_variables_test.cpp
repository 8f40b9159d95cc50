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

TEST(SelectionVariables, NothingIsSaidOfOthers) {
  std::vector<std::string> environment{"NODE_OPTIONS=--no-warnings", "HOME=/x", ""};
  EXPECT_THAT(take_out_selection(environment), IsEmpty());
  EXPECT_THAT(environment, ElementsAre("NODE_OPTIONS=--no-warnings", "HOME=/x", ""));
}

} // namespace
} // namespace ctest_matrix
