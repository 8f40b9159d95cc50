#include "base/files.hpp"
#include "base/read_log.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

/// An hour from now: what was just written is old.
class LaterClock : public Clock {
public:
  TimePoint now() const override { return system_clock().now() + std::chrono::hours(1); }

  Milliseconds monotonic() const override { return system_clock().monotonic(); }
};

class ReadLogTest : public ::testing::Test {
protected:
  ReadLogTest() {
    fs::create_directories(m_root / "tests");
    write("matrix.yaml", "one");
    write("tests/a.js", "");
  }

  ~ReadLogTest() override { fs::remove_all(m_root); }

  void write(const fs::path& path, const std::string& text) const { std::ofstream(m_root / path) << text; }

  /// What was there before the change stays equal, whatever the times of files say.
  template <typename Change>
  void expect_noticed(ReadLog& log, Change change) const {
    const std::string text = log.text();
    EXPECT_TRUE(reads_the_same(text, m_clock));
    const auto time = fs::last_write_time(m_root / "matrix.yaml");
    const auto directory_time = fs::last_write_time(m_root / "tests");
    change();
    fs::last_write_time(m_root / "matrix.yaml", time);
    fs::last_write_time(m_root / "tests", directory_time);
    EXPECT_FALSE(reads_the_same(text, m_clock)) << text;
  }

  fs::path m_root = fs::temp_directory_path() / ("read_log_test." + std::to_string(getpid()));
  LaterClock m_clock;
};

TEST_F(ReadLogTest, AnEditOfTheSameSizeAndTimeIsNoticed) {
  ReadLog log(m_clock);
  EXPECT_EQ(*log.file(m_root / "matrix.yaml"), "one");
  expect_noticed(log, [&] { write("matrix.yaml", "two"); });
}

TEST_F(ReadLogTest, AFileThatAppearsOrGoesIsNoticed) {
  ReadLog log(m_clock);
  EXPECT_FALSE(log.file(m_root / "included.yaml"));
  expect_noticed(log, [&] { write("included.yaml", ""); });
  ReadLog again(m_clock);
  EXPECT_TRUE(again.file(m_root / "included.yaml"));
  expect_noticed(again, [&] { fs::remove(m_root / "included.yaml"); });
}

TEST_F(ReadLogTest, AnEntryThatAppearsOrIsRenamedIsNoticed) {
  ReadLog log(m_clock);
  EXPECT_EQ(log.directory(m_root / "tests").size(), 1);
  expect_noticed(log, [&] { write("tests/b.js", ""); });
  ReadLog again(m_clock);
  EXPECT_EQ(again.directory(m_root / "tests").size(), 2);
  expect_noticed(again, [&] { fs::rename(m_root / "tests/b.js", m_root / "tests/c.js"); });
}

TEST_F(ReadLogTest, AnEntryThatBecomesADirectoryIsNoticed) {
  ReadLog log(m_clock);
  EXPECT_EQ(log.directory(m_root / "tests").front().kind, FileKind::file);
  expect_noticed(log, [&] {
    fs::remove(m_root / "tests/a.js");
    fs::create_directory(m_root / "tests/a.js");
  });
}

TEST_F(ReadLogTest, WhatALinkLeadsToIsNoticed) {
  fs::create_symlink(m_root / "target", m_root / "tests/link");
  write("target", "");
  ReadLog log(m_clock);
  EXPECT_EQ(log.directory(m_root / "tests").back().kind, FileKind::link);
  expect_noticed(log, [&] { fs::remove(m_root / "target"); });
}

TEST_F(ReadLogTest, ADirectoryThatHasJustChangedIsReadAgain) {
  ReadLog log;
  log.directory(m_root / "tests");
  EXPECT_THAT(log.text(), HasSubstr("directory fresh "));
  EXPECT_TRUE(reads_the_same(log.text()));
  ReadLog later(m_clock);
  later.directory(m_root / "tests");
  EXPECT_THAT(later.text(), Not(HasSubstr("directory fresh ")));
  // What moves its times without changing its entries changes nothing.
  write("tests/b.js", "");
  fs::remove(m_root / "tests/b.js");
  EXPECT_TRUE(reads_the_same(later.text(), m_clock));
}

TEST_F(ReadLogTest, WhatChangedWhileItWasReadIsNeverEqual) {
  ReadLog log(m_clock);
  EXPECT_TRUE(log.file(m_root / "matrix.yaml"));
  write("matrix.yaml", "two");
  EXPECT_TRUE(log.file(m_root / "matrix.yaml"));
  EXPECT_FALSE(reads_the_same(log.text(), m_clock));
  write("matrix.yaml", "one");
  EXPECT_FALSE(reads_the_same(log.text(), m_clock));
}

TEST_F(ReadLogTest, KnowsWithWhichContentAFileWasRead) {
  ReadLog log(m_clock);
  write("matrix.yaml", "one");
  EXPECT_FALSE(log.has_read(m_root / "matrix.yaml", "one"));
  EXPECT_TRUE(log.file(m_root / "matrix.yaml"));
  EXPECT_TRUE(log.has_read(m_root / "matrix.yaml", "one"));
  EXPECT_FALSE(log.has_read(m_root / "matrix.yaml", "two"));
  write("matrix.yaml", "two");
  EXPECT_TRUE(log.file(m_root / "matrix.yaml"));
  EXPECT_FALSE(log.has_read(m_root / "matrix.yaml", "one")) << "it was read with another one since";
  EXPECT_FALSE(log.has_read(m_root / "matrix.yaml", "two"));
}

TEST_F(ReadLogTest, AnyPathIsOneLine) {
  write("a\nb\\c", "x");
  ReadLog log(m_clock);
  EXPECT_TRUE(log.file(m_root / "a\nb\\c"));
  EXPECT_THAT(log.text(), HasSubstr("/a\\nb\\\\c\n"));
  expect_noticed(log, [&] { write("a\nb\\c", "y"); });
}

TEST_F(ReadLogTest, WhatIsNoLogIsNotEqual) {
  EXPECT_TRUE(reads_the_same(""));
  EXPECT_FALSE(reads_the_same("something else\n"));
  ReadLog log(m_clock);
  log.kind(m_root);
  EXPECT_TRUE(reads_the_same(log.text()));
  EXPECT_FALSE(reads_the_same(log.text().substr(0, log.text().size() - 1)));
}

} // namespace
} // namespace ctest_matrix
