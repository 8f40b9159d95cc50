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

TEST_F(WhereCtestWrites, AreNoneBeforeTheFirstRun) {
  EXPECT_EQ(last_test_log_of(m_build_dir), std::nullopt);
  EXPECT_EQ(test_xml_of(m_build_dir), std::nullopt);
}

TEST_F(WhereCtestWrites, AreTheLogAndTheResultsOfTheTag) {
  write("Testing/Temporary/LastTest.log", "");
  write("Testing/TAG", "20260131-0905\nExperimental\n");
  EXPECT_EQ(test_xml_of(m_build_dir), std::nullopt);
  write("Testing/20260131-0905/Test.xml", "");
  EXPECT_EQ(last_test_log_of(m_build_dir), m_build_dir / "Testing/Temporary/LastTest.log");
  EXPECT_EQ(test_xml_of(m_build_dir), m_build_dir / "Testing/20260131-0905/Test.xml");
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
