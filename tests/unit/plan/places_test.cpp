#include "base/files.hpp"
#include "base/user_directory.hpp"
#include "plan/places.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

#include <cstdlib>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A variable of the environment for one test; null: unset.
class Variable {
public:
  Variable(const char* name, const char* value) : m_name(name) {
    const char* const before = std::getenv(name);
    m_was_set = before != nullptr;
    m_before = m_was_set ? before : "";
    value == nullptr ? unsetenv(name) : setenv(name, value, 1);
  }

  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

  ~Variable() { m_was_set ? setenv(m_name, m_before.c_str(), 1) : unsetenv(m_name); }

private:
  const char* m_name;
  bool m_was_set = false;
  std::string m_before;
};

class PlacesTest : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "places_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_directory = pattern;
    fs::create_directories(m_directory / "checkout/deep");
    fs::create_directory(m_directory / "runtime");
    fs::create_directory(m_directory / "home");
  }

  void TearDown() override { fs::remove_all(m_directory); }

  fs::path m_directory;
};

TEST_F(PlacesTest, OfACheckoutIsItsGitDirectory) {
  const fs::path root = m_directory / "checkout";
  EXPECT_EQ(checkout_directory(root), root / ".ctest-matrix") << "without git";
  fs::create_directory(root / ".git");
  EXPECT_EQ(checkout_directory(root), root / ".git/ctest-matrix");
  EXPECT_EQ(checkout_directory(root / "deep"), root / ".git/ctest-matrix");
  EXPECT_EQ(*checkout_lock(root, "cells"), root / ".git/ctest-matrix/cells.lock");
  EXPECT_THAT(checkout_lock(root / "deep", "cells")->filename(), StartsWith("cells."));
  EXPECT_NE(*checkout_lock(root / "deep", "cells"), *checkout_lock(root, "cells"));
}

TEST_F(PlacesTest, OfALinkedWorktreeAreItsOwn) {
  const fs::path root = m_directory / "checkout";
  fs::create_directories(m_directory / "repository/worktrees/one");
  ASSERT_TRUE(write_file_quickly(root / ".git", "gitdir: ../repository/worktrees/one\n"));
  EXPECT_EQ(checkout_directory(root), m_directory / "repository/worktrees/one/ctest-matrix");
  ASSERT_TRUE(write_file_quickly(root / ".git", "gitdir: /is/not/mounted\n"));
  EXPECT_EQ(checkout_directory(root), root / ".ctest-matrix");
}

TEST_F(PlacesTest, OfAUserIsTheFirstThatIsItsOwn) {
  const fs::path runtime = m_directory / "runtime";
  const fs::path home = m_directory / "home";
  const Variable a("XDG_RUNTIME_DIR", runtime.c_str());
  const Variable b("HOME", home.c_str());
  EXPECT_EQ(user_directory()->parent_path(), runtime / "ctest-matrix");
  fs::remove_all(runtime / "ctest-matrix");
  fs::create_symlink(home, runtime / "ctest-matrix");
  EXPECT_EQ(user_directory()->parent_path(), home / ".cache/ctest-matrix") << "no link is followed";
  fs::permissions(runtime, fs::perms(0777));
  EXPECT_EQ(user_directory()->parent_path(), home / ".cache/ctest-matrix");
  EXPECT_EQ(fs::status(home / ".cache/ctest-matrix").permissions(), fs::perms(0700));
}

TEST_F(PlacesTest, WithoutARightToWriteTheCheckoutTheLockIsTheUsersOwn) {
  const uid_t self = geteuid();
  const uid_t reader = self == 0 ? 54409 : self;
  const fs::path runtime = m_directory / "runtime";
  const Variable a("XDG_RUNTIME_DIR", runtime.c_str());
  const fs::path root = m_directory / "checkout";
  fs::permissions(m_directory, fs::perms(0755));
  fs::permissions(root, fs::perms(0555));
  ASSERT_EQ(chown(runtime.c_str(), reader, static_cast<gid_t>(-1)), 0);
  ASSERT_EQ(seteuid(reader), 0);
  const auto lock = checkout_lock(root, "cells");
  ASSERT_EQ(seteuid(self), 0);
  fs::permissions(root, fs::perms(0755));
  ASSERT_TRUE(lock);
  EXPECT_THAT(lock->string(), StartsWith(runtime.string()));
  EXPECT_FALSE(fs::exists(root / ".ctest-matrix"));
}

/// Two users would each take a lock of their own, and run at once.
TEST_F(PlacesTest, WhatIsNoFileInPlaceOfTheLockIsRefused) {
  const fs::path root = m_directory / "checkout";
  const fs::path directory = root / ".ctest-matrix";
  fs::create_directory(directory);
  fs::create_symlink(m_directory / "elsewhere", directory / "cells.lock");
  fs::create_directory(directory / "artifacts.lock");
  for (const char* purpose : {"cells", "artifacts"}) {
    const auto lock = checkout_lock(root, purpose);
    ASSERT_FALSE(lock);
    EXPECT_EQ(lock.error().code, ExitCode::setup);
    EXPECT_THAT(lock.error().message, StartsWith("cannot open the lock " + (directory / purpose).string()));
  }
  fs::remove_all(directory);
  fs::create_symlink(m_directory / "elsewhere", directory); // leads nowhere: nothing can be made there
  EXPECT_FALSE(checkout_lock(root, "cells"));
  EXPECT_FALSE(fs::exists(m_directory / "elsewhere"));
}

TEST_F(PlacesTest, OfAnotherUserAreNotTaken) {
  const std::string own = "/tmp/ctest-matrix-54409";
  if (geteuid() != 0 || fs::exists(own)) {
    GTEST_SKIP() << "needs root, to be two users";
  }
  const Variable a("XDG_RUNTIME_DIR", nullptr);
  const Variable b("HOME", "/nonexistent");
  fs::create_directory(own); // root's
  ASSERT_EQ(seteuid(54409), 0);
  const auto found = user_directory();
  ASSERT_EQ(seteuid(0), 0);
  fs::remove(own);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ExitCode::setup);
  EXPECT_EQ(found.error().message, own + " belongs to another user (0); remove it");
}

} // namespace
} // namespace ctest_matrix
