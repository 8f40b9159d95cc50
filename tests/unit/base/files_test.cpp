#include "base/files.hpp"

#include <gmock/gmock.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Files : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "files_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_directory = pattern;
  }

  void TearDown() override {
    if (!HasFailure()) {
      fs::remove_all(m_directory);
    }
  }

  std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(m_directory)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  /// Runs `action` in a child that may write at most `bytes` to any file, and returns its exit status.
  template <typename Action>
  static int with_file_size_limit(rlim_t bytes, Action action) {
    const pid_t child = fork();
    if (child == 0) {
      signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{bytes, bytes};
      setrlimit(RLIMIT_FSIZE, &limit);
      _exit(action() ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status);
  }

  fs::path m_directory;
};

TEST_F(Files, WritesAtomicallyAndMakesParents) {
  const fs::path path = m_directory / "a" / "b.txt";
  ASSERT_TRUE(write_file_atomic(path, "one"));
  ASSERT_TRUE(write_file_atomic(path, "two"));
  EXPECT_EQ(*read_file(path), "two");
}

TEST_F(Files, KeepsPermissionsAndFollowsLinks) {
  const fs::path path = m_directory / "real.txt";
  ASSERT_TRUE(write_file_atomic(path, "one"));
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("real.txt", m_directory / "link.txt");
  ASSERT_TRUE(write_file_atomic(m_directory / "link.txt", "two"));
  EXPECT_TRUE(fs::is_symlink(m_directory / "link.txt"));
  EXPECT_EQ(*read_file(path), "two");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(Files, ALinkThatLeadsNowhereYetLeadsToTheNewFile) {
  fs::create_directory(m_directory / "deep");
  fs::create_symlink("deep/second", m_directory / "first");
  fs::create_symlink("../third", m_directory / "deep/second");
  EXPECT_EQ(target_of(m_directory / "first"), fs::canonical(m_directory) / "third");
  EXPECT_EQ(target_of(m_directory / "deep"), m_directory / "deep");
  ASSERT_TRUE(write_file_atomic(m_directory / "first", "text"));
  EXPECT_TRUE(fs::is_symlink(m_directory / "first"));
  EXPECT_EQ(*read_file(m_directory / "third"), "text");
  fs::create_symlink("circle", m_directory / "circle");
  EXPECT_TRUE(fs::is_symlink(target_of(m_directory / "circle")));
}

TEST_F(Files, AFullDiskLeavesTheOldFileAndNoTemporary) {
  const fs::path path = m_directory / "file.txt";
  ASSERT_TRUE(write_file_atomic(path, "old"));
  EXPECT_EQ(with_file_size_limit(100, [&] { return bool(write_file_atomic(path, std::string(5000, 'x'))); }),
            1);
  EXPECT_EQ(*read_file(path), "old");
  EXPECT_THAT(entries(), ::testing::ElementsAre("file.txt"));
}

TEST_F(Files, AppendsWholeLinesOnly) {
  const fs::path path = m_directory / "journal";
  ASSERT_TRUE(append_line_durably(path, "one"));
  ASSERT_TRUE(append_line_durably(path, "two"));
  EXPECT_EQ(*read_file(path), "one\ntwo\n");
  EXPECT_EQ(with_file_size_limit(20, [&] { return bool(append_line_durably(path, std::string(5000, 'x'))); }),
            1);
  EXPECT_EQ(*read_file(path), "one\ntwo\n");
}

TEST_F(Files, ClosesALineThatACrashLeftOpen) {
  const fs::path path = m_directory / "journal";
  ASSERT_TRUE(write_file_atomic(path, "one\ntorn"));
  ASSERT_TRUE(append_line_durably(path, "two"));
  EXPECT_EQ(*read_file(path), "one\ntorn\ntwo\n");
}

TEST_F(Files, SomebodyElsesFileIsReadOnlyWhenItIsOne) {
  const fs::path path = m_directory / "report";
  ASSERT_TRUE(write_file_atomic(path, "12345"));
  EXPECT_EQ(*read_regular_file(path, 5), "12345");
  EXPECT_EQ(read_regular_file(path, 4).error().message,
            "cannot read " + path.string() + ": larger than 4 bytes");
  ASSERT_EQ(mkfifo((m_directory / "pipe").c_str(), 0600), 0);
  fs::create_symlink("/dev/zero", m_directory / "endless");
  for (const char* name : {"pipe", "endless"}) {
    const auto text = read_regular_file(m_directory / name, 100);
    ASSERT_FALSE(text) << name;
    EXPECT_EQ(text.error().message, "cannot read " + (m_directory / name).string() + ": not a regular file");
    EXPECT_FALSE(read_end_of_file(m_directory / name, 100)) << name;
  }
  EXPECT_FALSE(read_regular_file(m_directory, 100));
  EXPECT_FALSE(read_regular_file(m_directory / "none", 100));
}

TEST_F(Files, ReadingWhatIsNotThereSaysSo) {
  const auto content = read_file(m_directory / "none");
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().message,
            "cannot read " + (m_directory / "none").string() + ": No such file or directory");
}

} // namespace
} // namespace ctest_matrix
