#include "base/files.hpp"
#include "check/check.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;

/// A matrix of two files in a directory of its own.
class WriteFixes : public testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "check_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_directory = pattern;
    ASSERT_TRUE(write_file_if_changed(m_directory / "m.yaml", "rows:\n  fast:\n    alpha: Alpha\n"));
    ASSERT_TRUE(write_file_if_changed(m_directory / "more.yaml", "rows:\n  slow: {beta: Beta, gamma: G}\n"));
  }

  void TearDown() override {
    if (HasFailure()) {
      std::printf("kept: %s\n", m_directory.c_str());
    } else {
      fs::remove_all(m_directory);
    }
  }

  std::string file(const std::string& name) const { return (m_directory / name).string(); }

  /// As if the matrix had just been loaded.
  ReadLog read() const {
    ReadLog log;
    static_cast<void>(log.file(file("m.yaml")));
    static_cast<void>(log.file(file("more.yaml")));
    return log;
  }

  fs::path m_directory;
};

TEST_F(WriteFixes, ChangesEveryFileAndSaysWhat) {
  const auto said = write_fixes({{Fix::Kind::replace, {file("more.yaml"), 2, 16, 4}, "Beta Tests"},
                                 {Fix::Kind::append, {file("m.yaml"), 3, 5, 5}, "delta:"},
                                 {Fix::Kind::remove, {file("more.yaml"), 2, 22, 5}, ""}},
                                read());
  ASSERT_TRUE(said);
  EXPECT_EQ(*said, file("m.yaml") + ":3: row added behind it: delta:\n" + file("more.yaml") +
                       ":2: now 'Beta Tests'\n" + file("more.yaml") +
                       ":2: not done, because of how it is written: row removed\n");
  EXPECT_EQ(*read_file(file("m.yaml")), "rows:\n  fast:\n    alpha: Alpha\n    delta:\n");
  EXPECT_EQ(*read_file(file("more.yaml")), "rows:\n  slow: {beta: Beta Tests, gamma: G}\n");
}

TEST_F(WriteFixes, AFileThatIsGoneIsAnError) {
  const ReadLog log = read();
  fs::remove(file("m.yaml"));
  const auto said = write_fixes({{Fix::Kind::remove, {file("m.yaml"), 3, 5, 5}, ""}}, log);
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().message, "cannot read " + file("m.yaml") + ": No such file or directory");
}

TEST_F(WriteFixes, WhatSomebodyHasChangedSinceStays) {
  const ReadLog log = read();
  const std::string edited = "rows:\n  fast:\n    omega: Omega\n    alpha: Alpha\n";
  ASSERT_TRUE(write_file_if_changed(file("m.yaml"), edited));
  const auto said = write_fixes({{Fix::Kind::remove, {file("m.yaml"), 3, 5, 5}, ""}}, log);
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().message, file("m.yaml") + ": somebody has changed it since it was compared with the "
                                                   "suite; it was left as it is, say `check --fix` again");
  EXPECT_EQ(*read_file(file("m.yaml")), edited);
}

} // namespace
} // namespace ctest_matrix
