#include "plan/worktree.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::MatchesRegex;

TEST(Worktree, HasValuesOfItsOwn) {
  EXPECT_EQ(root_value("/repo", "root"), "/repo");
  EXPECT_THAT(*root_value("/repo", "worktree"), MatchesRegex("[0-9a-f]{8}"));
  EXPECT_THAT(*root_value("/repo", "worktree.number"), MatchesRegex("[0-9]{3}"));
  EXPECT_EQ(root_value("/repo/", "worktree"), root_value("/repo", "worktree"));
  EXPECT_NE(root_value("/repo2", "worktree"), root_value("/repo", "worktree"));
  EXPECT_EQ(root_value("/repo", "other"), std::nullopt);
}

TEST(Worktree, StandsInPaths) {
  const std::string hash = *root_value("/repo", "worktree");
  EXPECT_EQ(with_worktree("/repo", "/tmp/a-{worktree}-{worktree}.log"),
            "/tmp/a-" + hash + "-" + hash + ".log");
  EXPECT_EQ(with_worktree("/repo", "{worktree.number}"), *root_value("/repo", "worktree.number"));
  EXPECT_EQ(with_worktree("/repo", "notes/{other}.md"), "notes/{other}.md");
}

} // namespace
} // namespace ctest_matrix
