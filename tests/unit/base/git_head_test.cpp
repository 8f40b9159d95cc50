#include "base/files.hpp"
#include "base/git_head.hpp"

#include <gmock/gmock.h>

#include <stdlib.h>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::Optional;

const std::string k_one(40, '1');
const std::string k_two(40, '2');

class GitHead : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "git_head_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_root = pattern;
  }

  void TearDown() override { fs::remove_all(m_root); }

  void write(const fs::path& path, const std::string& text) const {
    ASSERT_TRUE(write_file_atomic(m_root / path, text));
  }

  fs::path m_root;
};

TEST_F(GitHead, IsTheHashOfTheBranch) {
  write(".git/HEAD", "ref: refs/heads/main\n");
  write(".git/refs/heads/main", k_one + "\n");
  fs::create_directories(m_root / "pkg" / "deep");
  EXPECT_THAT(git_head(m_root), Optional(k_one));
  EXPECT_THAT(git_head(m_root / "pkg" / "deep"), Optional(k_one));
}

TEST_F(GitHead, IsADetachedCommit) {
  write(".git/HEAD", k_two + "\n");
  EXPECT_THAT(git_head(m_root), Optional(k_two));
}

TEST_F(GitHead, MayBePacked) {
  write(".git/HEAD", "ref: refs/heads/main\n");
  write(".git/packed-refs", "# pack-refs with: peeled fully-peeled sorted \n" + k_two +
                                " refs/heads/main-old\n" + k_one + " refs/heads/main\n^" + k_two + "\n");
  EXPECT_THAT(git_head(m_root), Optional(k_one));
  write(".git/refs/heads/main", k_two + "\n");
  EXPECT_THAT(git_head(m_root), Optional(k_two)) << "a loose reference is newer than a packed one";
}

TEST_F(GitHead, OfALinkedWorktree) {
  write("main/.git/HEAD", k_two + "\n");
  write("main/.git/refs/heads/topic", k_one + "\n");
  write("main/.git/worktrees/linked/HEAD", "ref: refs/heads/topic\n");
  write("main/.git/worktrees/linked/commondir", "../..\n");
  write("linked/.git", "gitdir: ../main/.git/worktrees/linked\n");
  EXPECT_THAT(git_head(m_root / "linked"), Optional(k_one));
}

TEST_F(GitHead, IsNotKnownWhereTheFilesDoNotTell) {
  write(".git/HEAD", "ref: refs/heads/unborn\n");
  EXPECT_EQ(git_head(m_root), std::nullopt);
  write(".git/HEAD", "nonsense\n");
  EXPECT_EQ(git_head(m_root), std::nullopt);
}

TEST_F(GitHead, IsEmptyWithoutACheckout) {
  EXPECT_THAT(git_head(m_root), Optional(std::string()));
}

} // namespace
} // namespace ctest_matrix
