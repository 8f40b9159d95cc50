#include "cell/file_proof.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;

class FileProofTest : public ::testing::Test {
protected:
  FileProofTest() {
    fs::create_directories(m_directory / "tests");
    for (const char* const name : {"a.test.js", "b.test.js"}) {
      std::ofstream(m_directory / "tests" / name) << "";
    }
  }

  ~FileProofTest() override { fs::remove_all(m_directory); }

  bool proven(const std::vector<std::string>& argv, std::string_view writer = "") const {
    return file_proof_of(argv, m_directory, m_directory / "tests/a.test.js", writer) == FileProof::command;
  }

  fs::path m_directory =
      fs::path(::testing::TempDir()) / ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(FileProofTest, TheWholePathIsOne) {
  EXPECT_TRUE(proven({"node", "--test", "tests/a.test.js"}));
  EXPECT_TRUE(proven({"node", "--test", "./tests/../tests/a.test.js"}));
  EXPECT_TRUE(proven({"node", "--test", (m_directory / "tests/a.test.js").string()}));
  EXPECT_TRUE(proven({"x", "--file=tests/a.test.js"}));
  EXPECT_TRUE(proven({"pytest", "tests/a.test.js::TestNode"}));
}

TEST_F(FileProofTest, AnotherDirectorysOptionOrAShellsLineDoesNotMatter) {
  std::filesystem::create_directories(m_directory / "test");
  EXPECT_TRUE(proven({"npx", "playwright", "test", "tests/a.test.js"}));
  EXPECT_TRUE(proven({"jest", "--rootDir", ".", "tests/a.test.js"}));
  EXPECT_TRUE(proven({"pytest", "--rootdir=.", "tests/a.test.js"}));
  EXPECT_TRUE(proven({"sh", "-c", "node --test tests/a.test.js | tee log"}));
  EXPECT_FALSE(proven({"sh", "-c", "node --test tests/a.test.js tests/b.test.js"}));
}

TEST_F(FileProofTest, APartOrMoreIsNone) {
  EXPECT_FALSE(proven({"node", "--test", "a.test.js"}));
  EXPECT_FALSE(proven({"node", "--test"}));
  EXPECT_FALSE(proven({"node", "--test", "tests/a.test.js", "tests/b.test.js"}));
  EXPECT_FALSE(proven({"node", "--test", "tests/a.test.js", "tests"}));
  EXPECT_FALSE(proven({"node", "--test", "tests/a.test.js", "."}));
  EXPECT_FALSE(proven({"node", "--test", "tests/a.test.js", "tests/*.test.js"}));
}

TEST_F(FileProofTest, MochasConfigurationMayAddFiles) {
  const std::vector<std::string> argv{"node_modules/.bin/mocha", "tests/a.test.js"};
  EXPECT_TRUE(proven(argv));
  std::ofstream(m_directory / "package.json")
      << R"({"mocha": {"timeout": 3}, "devDependencies": {"mocha": "1"}})";
  EXPECT_TRUE(proven(argv));
  std::ofstream(m_directory / "package.json") << R"({"mocha": {"timeout": 3, "spec": ["tests/b.test.js"]}})";
  EXPECT_FALSE(proven(argv));
  EXPECT_FALSE(proven({"npm", "test", "--", "tests/a.test.js"}, "mocha-junit-reporter"));
  EXPECT_TRUE(proven({"node", "--test", "tests/a.test.js"}));
  std::ofstream(m_directory / ".mocharc.yml") << "timeout: 3\n";
  EXPECT_TRUE(proven(argv));
  std::ofstream(m_directory / ".mocharc.cjs") << "module.exports = {file: ['tests/b.test.js']};\n";
  EXPECT_FALSE(proven(argv));
}

TEST_F(FileProofTest, JestTakesAPathForAPatternUnlessToldOtherwise) {
  EXPECT_FALSE(proven({"jest", "tests/a.test.js"}, "jest-junit"));
  EXPECT_TRUE(proven({"jest", "--runTestsByPath", "tests/a.test.js"}, "jest-junit"));
}

} // namespace
} // namespace ctest_matrix
