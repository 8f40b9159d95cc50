#include "base/files.hpp"
#include "ctest/result_files.hpp"

#include <gmock/gmock.h>

#include <stdlib.h>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;

class WhereCtestWrites : public ::testing::Test {
protected:
  WhereCtestWrites() {
    std::string pattern = (fs::temp_directory_path() / "result_files_test.XXXXXX").string();
    m_build_dir = mkdtemp(pattern.data());
  }

  ~WhereCtestWrites() override {
    std::error_code ignored;
    fs::remove_all(m_build_dir, ignored);
  }

  void write(const fs::path& file, std::string_view text) const {
    ASSERT_TRUE(write_file_atomic(m_build_dir / file, text));
  }

  fs::path m_build_dir;
};

TEST_F(WhereCtestWrites, IsWhatFailedInTheLastRun) {
  EXPECT_FALSE(failed_tests_of(m_build_dir));
  write("Testing/Temporary/LastTestsFailed.log", "1:demo.ready\n12:actor:conn.native\n");
  write("Testing/Temporary/LastTest.log", "");
  ASSERT_TRUE(failed_tests_of(m_build_dir));
  EXPECT_THAT(failed_tests_of(m_build_dir)->names, ::testing::ElementsAre("demo.ready", "actor:conn.native"));
  const auto later = fs::last_write_time(m_build_dir / "Testing/Temporary/LastTestsFailed.log");
  // Of an earlier run: nothing failed in the last one.
  fs::last_write_time(m_build_dir / "Testing/Temporary/LastTest.log", later + std::chrono::seconds(3));
  EXPECT_FALSE(failed_tests_of(m_build_dir));
  // Of a dashboard run.
  write("Testing/Temporary/LastTestsFailed_20260131-0905.log", "3:b\n");
  fs::last_write_time(m_build_dir / "Testing/Temporary/LastTestsFailed_20260131-0905.log",
                      later + std::chrono::seconds(4));
  write("Testing/Temporary/LastTestsDisabled_20260131-0905.log",
        "4:c\n"); // a neighbour, whenever it was written
  fs::last_write_time(m_build_dir / "Testing/Temporary/LastTestsDisabled_20260131-0905.log",
                      later + std::chrono::seconds(60));
  ASSERT_TRUE(failed_tests_of(m_build_dir));
  EXPECT_THAT(failed_tests_of(m_build_dir)->names, ::testing::ElementsAre("b"));
}

TEST_F(WhereCtestWrites, AreTheLogAndTheResultsOfTheTag) {
  write("Testing/TAG", "20260131-0905\nExperimental\n");
  EXPECT_THAT(files_of_an_end(m_build_dir), ::testing::SizeIs(3));
  write("Testing/20260131-0905/Test.xml", "<Site/>\n");
  EXPECT_THAT(files_of_an_end(m_build_dir),
              ::testing::ElementsAre(m_build_dir / "Testing/20260131-0905/Test.xml",
                                     m_build_dir / "Testing/Temporary/LastTest.log",
                                     m_build_dir / "Testing/Temporary/LastTestsFailed.log",
                                     m_build_dir / "Testing/Temporary/LastTestsDisabled.log"));
}

TEST_F(WhereCtestWrites, ARunLeavesAnotherMarkAndAListingNone) {
  const std::string none = results_mark(m_build_dir);
  const std::string listing = "Start testing: Jan 31 09:05 UTC\n---\nEnd testing: Jan 31 09:05 UTC\n";
  write("Testing/Temporary/LastTest.log", listing);
  EXPECT_EQ(results_mark(m_build_dir), none);
  write("Testing/Temporary/LastTest.log", "1/1 Testing: a\n1/1 Test: a\nCommand: \"true\"\n");
  const std::string run = results_mark(m_build_dir);
  EXPECT_NE(run, none);
  write("Testing/Temporary/LastTestsFailed.log", "1:a\n");
  EXPECT_NE(results_mark(m_build_dir), run);
}

} // namespace
} // namespace ctest_matrix
