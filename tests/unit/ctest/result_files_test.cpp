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

} // namespace
} // namespace ctest_matrix
