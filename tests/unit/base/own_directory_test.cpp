#include "base/files.hpp"
#include "base/own_directory.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>
#include <unistd.h>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class OwnDirectory : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "own_directory_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_directory = pattern;
  }

  void TearDown() override { fs::remove_all(m_directory); }

  static unsigned mode(const fs::path& path) {
    return static_cast<unsigned>(fs::status(path).permissions()) & 07777U;
  }

  static uid_t owner(const fs::path& path) {
    struct stat status {};

    return stat(path.c_str(), &status) == 0 ? status.st_uid : uid_t(-1);
  }

  static std::string refusal(const fs::path& path) {
    const auto made = make_private_directory(path);
    return made ? "" : made.error().message;
  }

  fs::path m_directory;
};

TEST_F(OwnDirectory, IsMadeForThisUserAlone) {
  const fs::path path = m_directory / "private";
  ASSERT_TRUE(make_private_directory(path));
  EXPECT_EQ(mode(path), 0700U);
  EXPECT_TRUE(make_private_directory(path)) << "the second time";
}

TEST_F(OwnDirectory, IsClosedToOthers) {
  const fs::path path = m_directory / "private";
  fs::create_directory(path);
  fs::permissions(path, fs::perms(0755));
  ASSERT_TRUE(make_private_directory(path));
  EXPECT_EQ(mode(path), 0700U);
}

TEST_F(OwnDirectory, ThatOthersCanWriteIsRefused) {
  const fs::path path = m_directory / "private";
  fs::create_directory(path);
  fs::permissions(path, fs::perms(0777));
  EXPECT_EQ(refusal(path), path.string() + " can be written to by others; remove it");
}

TEST_F(OwnDirectory, ThatIsALinkOrAFileIsRefused) {
  fs::create_directory(m_directory / "target");
  fs::create_symlink("target", m_directory / "link");
  EXPECT_THAT(refusal(m_directory / "link"), HasSubstr("is a link or a file, not a directory; remove it"));
  ASSERT_TRUE(write_file_quickly(m_directory / "file", ""));
  EXPECT_THAT(refusal(m_directory / "file"), HasSubstr("is a link or a file, not a directory; remove it"));
}

TEST_F(OwnDirectory, OfAnotherUserIsRefused) {
  const fs::path path = m_directory / "private";
  fs::create_directory(path);
  if (geteuid() != 0 || chown(path.c_str(), 65534, 65534) != 0) {
    GTEST_SKIP() << "needs root, to be two users";
  }
  EXPECT_EQ(refusal(path), path.string() + " belongs to another user (65534); remove it");
}

TEST_F(OwnDirectory, InACheckoutIsForWhoMayWriteThere) {
  const fs::path git = m_directory / "git";
  fs::create_directory(git);
  fs::permissions(git, fs::perms(02775));
  ASSERT_TRUE(make_shared_directory(git / "a/b"));
  EXPECT_FALSE(make_shared_file(git / "a/b/lock"));
  EXPECT_EQ(mode(git / "a/b"), 02775U);
  EXPECT_EQ(mode(git / "a/b/lock"), 0660U);
  if (geteuid() == 0 && chown(git.c_str(), 65534, 65534) == 0) {
    ASSERT_TRUE(make_shared_directory(git / "c"));
    EXPECT_FALSE(make_shared_file(git / "c/lock"));
    EXPECT_EQ(owner(git / "c"), 65534U);
    EXPECT_EQ(owner(git / "c/lock"), 65534U);
  }
}

TEST_F(OwnDirectory, NoLinkIsFollowedToAFile) {
  fs::create_symlink(m_directory / "elsewhere", m_directory / "lock");
  EXPECT_TRUE(make_shared_file(m_directory / "lock"));
  EXPECT_FALSE(fs::exists(m_directory / "elsewhere"));
}

} // namespace
} // namespace ctest_matrix
