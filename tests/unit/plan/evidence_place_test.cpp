#include "base/files.hpp"
#include "base/text.hpp"
#include "plan/places.hpp"

#include <gmock/gmock.h>

#include <stdlib.h>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;

class EvidencePlace : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "places_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_root = pattern;
    write(".git/HEAD", "ref: refs/heads/main\n");
  }

  void TearDown() override { fs::remove_all(m_root); }

  void write(const fs::path& path, const std::string& text) const {
    ASSERT_TRUE(write_file_atomic(m_root / path, text));
  }

  /// Of a matrix of the name `suite` in this directory; it is there and claims its place.
  fs::path claimed(const fs::path& directory) const {
    write(directory / "matrix.yaml", "");
    Places places{.matrix = m_root / directory / "matrix.yaml",
                  .root = m_root,
                  .state = m_root / "build",
                  .prefix = ""};
    places.evidence = evidence_of_checkout(places, "suite");
    claim_evidence(places);
    return places.evidence.lexically_relative(m_root);
  }

  fs::path m_root;
};

TEST_F(EvidencePlace, IsInTheGitDirectory) {
  EXPECT_EQ(claimed("a"), ".git/ctest-matrix/suite");
  EXPECT_EQ(claimed("a"), ".git/ctest-matrix/suite");
}

TEST_F(EvidencePlace, IsOneForEachMatrixOfAName) {
  EXPECT_EQ(claimed("a"), ".git/ctest-matrix/suite");
  const fs::path other = claimed("b");
  EXPECT_EQ(other, ".git/ctest-matrix/suite." + fingerprint("b/matrix.yaml").substr(0, 8));
  EXPECT_EQ(claimed("b"), other);
  fs::remove(m_root / "a/matrix.yaml");
  EXPECT_EQ(claimed("c"), ".git/ctest-matrix/suite"); // the first one was moved
}

TEST_F(EvidencePlace, OfALinkedWorktreeIsThatOnesOwn) {
  write("tree/.git", "gitdir: " + (m_root / ".git/worktrees/tree").string() + "\n");
  write(".git/worktrees/tree/HEAD", "ref: refs/heads/other\n");
  EXPECT_EQ(claimed("tree"), ".git/worktrees/tree/ctest-matrix/suite");
  EXPECT_EQ(claimed(""), ".git/ctest-matrix/suite");
}

TEST_F(EvidencePlace, IsNowhereWithoutGit) {
  fs::remove_all(m_root / ".git");
  EXPECT_EQ(claimed("a"), "");
}

} // namespace
} // namespace ctest_matrix
