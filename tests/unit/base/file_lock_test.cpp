#include "base/file_lock.hpp"
#include "base/files.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Locks : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "file_lock_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_directory = pattern;
  }

  void TearDown() override { fs::remove_all(m_directory); }

  fs::path m_directory;
};

TEST_F(Locks, ALockIsExclusiveNamesItsHolderAndEndsWithItsProcess) {
  const fs::path path = m_directory / "lock";
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t holder = fork();
  if (holder == 0) {
    const auto lock = FileLock::acquire(path, Milliseconds(0));
    [[maybe_unused]] const ssize_t told = write(ready[1], lock ? "y" : "n", 1);
    pause();
    _exit(0);
  }
  char answer = 0;
  ASSERT_EQ(read(ready[0], &answer, 1), 1);
  ASSERT_EQ(answer, 'y');
  const auto refused = FileLock::acquire(path, Milliseconds(30));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ExitCode::setup);
  EXPECT_THAT(refused.error().message, HasSubstr("held by process " + std::to_string(holder)));
  kill(holder, SIGKILL);
  waitpid(holder, nullptr, 0);
  EXPECT_TRUE(FileLock::acquire(path, Milliseconds(5000)));
  close(ready[0]);
  close(ready[1]);
}

TEST_F(Locks, LastsUntilTheLastForkedProcessHasClosedIt) {
  const fs::path path = m_directory / "lock";
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  std::optional<FileLock> lock = *FileLock::try_acquire(path);
  ASSERT_TRUE(lock);
  const pid_t heir = fork();
  if (heir == 0) {
    char byte = 0;
    close(ready[1]);
    _exit(read(ready[0], &byte, 1) == 0 ? 0 : 1);
  }
  close(ready[0]);
  lock.reset();
  EXPECT_FALSE(*FileLock::try_acquire(path)) << "the forked process holds it on";
  close(ready[1]);
  waitpid(heir, nullptr, 0);
  EXPECT_TRUE(*FileLock::try_acquire(path));
}

TEST_F(Locks, AreNotHeldUpByWhoMayOnlyRead) {
  const fs::path path = m_directory / "lock";
  ASSERT_TRUE(write_file_quickly(path, ""));
  const int reader = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(flock(reader, LOCK_EX), 0);
  EXPECT_TRUE(*FileLock::try_acquire(path));
  close(reader);
}

TEST_F(Locks, ThatCannotBeHadAreNotTakenForHeldOnes) {
  fs::create_symlink(m_directory / "elsewhere", m_directory / "link");
  const auto lock = FileLock::try_acquire(m_directory / "link");
  ASSERT_FALSE(lock);
  EXPECT_THAT(lock.error().message, HasSubstr("cannot open the lock"));
  EXPECT_FALSE(fs::exists(m_directory / "elsewhere")) << "a link is not followed";
}

TEST_F(Locks, KnowThatTheirFileWasRemoved) {
  const fs::path path = m_directory / "lock";
  const auto lock = FileLock::acquire(path, Milliseconds(0));
  ASSERT_TRUE(lock);
  EXPECT_TRUE(lock->is_of(path));
  fs::remove(path);
  EXPECT_FALSE(lock->is_of(path));
  ASSERT_TRUE(write_file_quickly(path, ""));
  EXPECT_FALSE(lock->is_of(path)) << "another file";
}

TEST_F(Locks, SayWhatTheLastHolderNoted) {
  const fs::path path = m_directory / "lock";
  {
    const auto lock = FileLock::acquire(path, Milliseconds(0));
    ASSERT_TRUE(lock);
    lock->note("17 a longer note");
    EXPECT_EQ(FileLock::noted(path), "17 a longer note");
  }
  const auto lock = FileLock::acquire(path, Milliseconds(0));
  ASSERT_TRUE(lock);
  EXPECT_EQ(lock->before(), "17 a longer note");
  lock->note("18");
  EXPECT_EQ(FileLock::noted(path), "18");
}

} // namespace
} // namespace ctest_matrix
