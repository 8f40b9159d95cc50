#include "base/files.hpp"
#include "ctest/entry_file.hpp"

#include <gtest/gtest.h>

#include <stdlib.h>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;

class EntryFile : public ::testing::Test {
protected:
  EntryFile() {
    std::string pattern = (fs::temp_directory_path() / "entry_file_test.XXXXXX").string();
    m_build_dir = mkdtemp(pattern.data());
  }

  ~EntryFile() override {
    std::error_code ignored;
    fs::remove_all(m_build_dir, ignored);
  }

  fs::path file() const { return m_build_dir / "CTestTestfile.cmake"; }

  static bool never(const fs::path& /*script*/) { return false; }

  fs::path m_build_dir;
};

TEST_F(EntryFile, IncludesEachScriptOnceAndFromItself) {
  EXPECT_TRUE(check_entry_file(m_build_dir));
  const fs::path here = m_build_dir / "ctest-matrix" / "a" / "load.cmake";
  for (const fs::path& script : {here, fs::path("/b/b c/load.cmake"), here}) {
    EXPECT_TRUE(include_in_entry_file(m_build_dir, script, never));
  }
  EXPECT_TRUE(check_entry_file(m_build_dir));
  EXPECT_EQ(*read_file(file()), "# Written by ctest-matrix generate; its matrices:\n"
                                "include([==[./ctest-matrix/a/load.cmake]==])\n"
                                "include([==[/b/b c/load.cmake]==])\n");
}

TEST_F(EntryFile, TakesTheNewNameForTheOldOne) {
  const auto script = [&](const char* name) { return m_build_dir / "ctest-matrix" / name / "load.cmake"; };
  EXPECT_TRUE(include_in_entry_file(m_build_dir, script("old"), never));
  EXPECT_TRUE(include_in_entry_file(m_build_dir, script("other"), never));
  EXPECT_TRUE(include_in_entry_file(m_build_dir, script("new"),
                                    [&](const fs::path& path) { return path == script("old"); }));
  EXPECT_EQ(*read_file(file()), "# Written by ctest-matrix generate; its matrices:\n"
                                "include([==[./ctest-matrix/other/load.cmake]==])\n"
                                "include([==[./ctest-matrix/new/load.cmake]==])\n");
}

TEST_F(EntryFile, OfSomebodyElseStays) {
  ASSERT_TRUE(write_file_atomic(file(), "# CMake generated Testfile\n"));
  const auto refused = include_in_entry_file(m_build_dir, "/b/a/load.cmake", never);
  EXPECT_EQ(refused.error().code, ExitCode::input);
  EXPECT_EQ(refused.error().message,
            file().string() + " was not written by ctest-matrix and stays as it is; choose another "
                              "--build-dir, or use matrix_discover_tests() in the CMake project");
  EXPECT_FALSE(check_entry_file(m_build_dir));
  EXPECT_EQ(*read_file(file()), "# CMake generated Testfile\n");
}

} // namespace
} // namespace ctest_matrix
