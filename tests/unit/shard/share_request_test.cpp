#include "shard/share_request.hpp"

#include <gmock/gmock.h>

#include <map>

namespace ctest_matrix {
namespace {

using ::testing::HasSubstr;

Variable environment_of(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

SharePosition asked(std::map<std::string, std::string> variables) {
  const auto share = asked_share(environment_of(std::move(variables)));
  EXPECT_TRUE(share) << share.error().message;
  return share && *share ? **share : SharePosition{0, 0};
}

std::string refused(std::map<std::string, std::string> variables) {
  const auto share = asked_share(environment_of(std::move(variables)));
  EXPECT_FALSE(share);
  return share ? "" : share.error().message;
}

TEST(ShareRequest, ByOurVariable) {
  EXPECT_EQ(asked({{"CTEST_MATRIX_SHARD", "2/5"}}), (SharePosition{2, 5}));
  EXPECT_EQ(asked({}), (SharePosition{0, 0}));
  EXPECT_EQ(asked({{"CTEST_MATRIX_SHARD", ""}}), (SharePosition{0, 0}));
  // A machine of GitLab's is no reason by itself.
  EXPECT_EQ(asked({{"CI_NODE_INDEX", "2"}, {"CI_NODE_TOTAL", "5"}}), (SharePosition{0, 0}));
}

TEST(ShareRequest, ByTheMachine) {
  EXPECT_EQ(asked({{"CTEST_MATRIX_SHARD", "auto"}, {"CI_NODE_INDEX", "5"}, {"CI_NODE_TOTAL", "5"}}),
            (SharePosition{5, 5}));
  EXPECT_EQ(asked({{"CTEST_MATRIX_SHARD", "auto"},
                   {"SLURM_ARRAY_TASK_ID", "0"},
                   {"SLURM_ARRAY_TASK_COUNT", "3"},
                   {"SLURM_ARRAY_TASK_MIN", "0"}}),
            (SharePosition{1, 3}));
  EXPECT_EQ(asked({{"CTEST_MATRIX_SHARD", "auto"},
                   {"SLURM_ARRAY_TASK_ID", "12"},
                   {"SLURM_ARRAY_TASK_COUNT", "3"},
                   {"SLURM_ARRAY_TASK_MIN", "2"},
                   {"SLURM_ARRAY_TASK_STEP", "5"}}),
            (SharePosition{3, 3}));
}

TEST(ShareRequest, AnythingElseIsRefused) {
  for (const char* text : {"2", "2/", "/5", "0/5", "6/5", "-1/5", "2/5/", " 2/5", "2/5 ", "a/b", "1/0",
                           "1/99999", "99999999999999999999/5", "2,5", "auto "}) {
    EXPECT_THAT(refused({{"CTEST_MATRIX_SHARD", text}}), HasSubstr("CTEST_MATRIX_SHARD: expected a share"))
        << text;
  }
  EXPECT_THAT(refused({{"CTEST_MATRIX_SHARD", "auto"}}), HasSubstr("and this is none"));
  EXPECT_THAT(refused({{"CTEST_MATRIX_SHARD_BY", "runtime"}}),
              HasSubstr("expected CTEST_MATRIX_SHARD beside it"));
  EXPECT_THAT(refused({{"CTEST_MATRIX_SHARD", "auto"}, {"CI_NODE_INDEX", "6"}, {"CI_NODE_TOTAL", "5"}}),
              HasSubstr("got 6 of 5"));
  EXPECT_THAT(refused({{"CTEST_MATRIX_SHARD", "auto"}, {"CI_NODE_INDEX", "6"}}),
              HasSubstr("CI_NODE_TOTAL: expected a number, got ''"));
  // An array with holes: --array=1,3,7
  EXPECT_THAT(refused({{"CTEST_MATRIX_SHARD", "auto"},
                       {"SLURM_ARRAY_TASK_ID", "7"},
                       {"SLURM_ARRAY_TASK_COUNT", "3"},
                       {"SLURM_ARRAY_TASK_MIN", "1"}}),
              HasSubstr("got 7 of 3"));
}

} // namespace
} // namespace ctest_matrix
