#include "base/edit_file.hpp"
#include "base/files.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::Pair;

class EditFile : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "edit_file_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_directory = pattern;
    m_path = m_directory / "notes.md";
  }

  void TearDown() override { fs::remove_all(m_directory); }

  void write(std::string_view text) { ASSERT_TRUE(write_file_quickly(m_path, text)); }

  std::string text() const { return *read_file(m_path); }

  ino_t inode() const {
    struct stat status {};

    EXPECT_EQ(stat(m_path.c_str(), &status), 0);
    return status.st_ino;
  }

  std::ptrdiff_t entries() const { return std::distance(fs::directory_iterator(m_directory), {}); }

  fs::path m_directory;
  fs::path m_path;
};

TEST(EditBetween, IsBytesAndAnEnd) {
  const auto edit = edit_between("[ ] a\n", "[x] a\n- b\n");
  ASSERT_TRUE(edit);
  EXPECT_THAT(edit->bytes, ElementsAre(Pair(1U, 'x')));
  EXPECT_EQ(edit->tail, "- b\n");
  EXPECT_FALSE(edit_between("longer", "short"));
  EXPECT_FALSE(edit_between("## Log\n## Notes\n", "## Log\n- b\n## Notes\n"));
  EXPECT_FALSE(edit_between("[ ] a\n", "[ ] b\n"));
  EXPECT_FALSE(edit_between("a\n\na\n", "a\na\n\na\n"));
}

TEST_F(EditFile, KeepsTheFileInItsPlace) {
  write("[ ] a\n");
  const ino_t before = inode();
  EXPECT_EQ(*edit_in_place(m_path, "[ ] a\n", {{{1, 'x'}}, "- b\n"}), Edited::done);
  EXPECT_EQ(text(), "[x] a\n- b\n");
  EXPECT_EQ(inode(), before);
  EXPECT_EQ(entries(), 1);
}

TEST_F(EditFile, AppendsBehindWhatOthersHaveAppended) {
  write("[ ] a\nnote\n");
  EXPECT_EQ(*edit_in_place(m_path, "[ ] a\n", {{{1, 'x'}}, "- b\n"}), Edited::done);
  EXPECT_EQ(text(), "[x] a\nnote\n- b\n");
  EXPECT_EQ(*edit_in_place(m_path, "[x] a\n", {{}, "- c\n"}), Edited::done);
  write("[ ] a\nhalf a no");
  EXPECT_EQ(*edit_in_place(m_path, "[ ] a\n", {{}, "- b\n"}), Edited::done);
  EXPECT_EQ(text(), "[ ] a\nhalf a no\n- b\n");
}

TEST_F(EditFile, LeavesWhatChangedOtherwise) {
  write("note\n[ ] a\n");
  EXPECT_EQ(*edit_in_place(m_path, "[ ] a\n", {{{1, 'x'}}, "- b\n"}), Edited::overtaken);
  EXPECT_EQ(*replace_watched(m_path, "[ ] a\n", "new\n"), Edited::overtaken);
  EXPECT_EQ(*replace_watched(m_path, std::nullopt, "new\n"), Edited::overtaken);
  EXPECT_EQ(text(), "note\n[ ] a\n");
  fs::remove(m_path);
  EXPECT_EQ(*edit_in_place(m_path, "[ ] a\n", {{{1, 'x'}}, ""}), Edited::overtaken);
  EXPECT_EQ(*replace_watched(m_path, "[ ] a\n", "new\n"), Edited::overtaken);
  EXPECT_EQ(entries(), 0);
}

TEST_F(EditFile, ReplacesAndKeepsWhatWasAppended) {
  EXPECT_EQ(*replace_watched(m_path, std::nullopt, "one\n"), Edited::done);
  fs::permissions(m_path, fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(*replace_watched(m_path, "one\n", "two\n"), Edited::done);
  EXPECT_EQ(text(), "two\n");
  EXPECT_EQ(fs::status(m_path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  write("two\nnote\n");
  EXPECT_EQ(*replace_watched(m_path, "two\n", "three"), Edited::done);
  EXPECT_EQ(text(), "three\nnote\n");
  EXPECT_EQ(entries(), 1);
}

TEST_F(EditFile, FollowsASymbolicLink) {
  write("one\n");
  const fs::path link = m_directory / "link.md";
  fs::create_symlink("notes.md", link);
  EXPECT_EQ(*replace_watched(link, "one\n", "two\n"), Edited::done);
  EXPECT_EQ(*edit_in_place(link, "two\n", {{{0, 'T'}}, ""}), Edited::done);
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(text(), "Two\n");
}

TEST_F(EditFile, AWatchedFileIsReplacedAsItWasRead) {
  const auto absent = WatchedFile::read(m_path);
  ASSERT_TRUE(absent);
  EXPECT_EQ(*absent->replace("one\n"), Edited::done);
  EXPECT_EQ(*absent->replace("two\n"), Edited::overtaken);
  const auto watched = WatchedFile::read(m_path);
  ASSERT_TRUE(watched);
  write("one\nnote\n"); // what is appended is another file, too: whoever edits has not seen it
  EXPECT_EQ(*watched->replace("two\n"), Edited::overtaken);
  EXPECT_EQ(text(), "one\nnote\n");
  fs::remove(m_path);
  EXPECT_EQ(*watched->replace("two\n"), Edited::overtaken);
  EXPECT_EQ(entries(), 0);
  write("one\n");
  const ino_t before = inode();
  EXPECT_EQ(*watched->replace("one\n"), Edited::done);
  EXPECT_EQ(inode(), before);
  EXPECT_EQ(*watched->replace("two\n"), Edited::done);
  EXPECT_EQ(text(), "two\n");
}

TEST_F(EditFile, APipeIsNotWatched) {
  ASSERT_EQ(mkfifo(m_path.c_str(), 0600), 0);
  EXPECT_EQ(WatchedFile::read(m_path).error().message,
            "cannot read " + m_path.string() + ": not a regular file");
}

TEST_F(EditFile, LosesNoNoteThatSomebodyAppendsMeanwhile) {
  constexpr int k_notes = 2000;
  write("[ ] a\n");
  std::thread person([&] {
    for (int i = 0; i < k_notes; ++i) {
      std::ofstream(m_path, std::ios::app) << "note " << i << std::endl;
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  });
  for (int i = 0; i < 300; ++i) {
    const std::string base = text();
    std::string changed = base;
    changed[1] = i % 2 == 0 ? 'x' : ' ';
    const auto edited = i % 10 == 0 ? replace_watched(m_path, base, "[ ]" + changed.substr(3))
                                    : edit_in_place(m_path, base, {{{1, changed[1]}}, "- line\n"});
    ASSERT_TRUE(edited) << edited.error().message;
  }
  person.join();
  const std::string all = text();
  int found = 0;
  for (int i = 0; i < k_notes; ++i) {
    found += all.find("note " + std::to_string(i) + "\n") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(found, k_notes);
}

} // namespace
} // namespace ctest_matrix
