#include "base/files.hpp"
#include "base/read_log.hpp"
#include "run/load_memory.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

#include <fstream>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;

class LoadMemory : public ::testing::Test {
protected:
  LoadMemory() {
    fs::create_directories(m_state);
    std::ofstream(m_index) << "index";
    std::ofstream(m_matrix) << "matrix";
    ReadLog log;
    EXPECT_TRUE(log.file(m_matrix));
    EXPECT_TRUE(remember_script(m_state, "add_test(a b)\n",
                                {.asked = "one\nthing", .made = {m_index}, .read = log.text()}));
  }

  ~LoadMemory() override { fs::remove_all(m_state); }

  fs::path m_state = fs::temp_directory_path() / ("load_memory_test." + std::to_string(getpid()));
  fs::path m_index = m_state / "index";
  fs::path m_matrix = m_state / "matrix";
  fs::path m_file = m_state / "last-good.cmake";
};

TEST_F(LoadMemory, TheSameQuestionHasTheSameAnswer) {
  EXPECT_EQ(remembered_script(m_state, "one\nthing"), "add_test(a b)\n");
  EXPECT_EQ(remembered_script(m_state, "one\nother thing"), std::nullopt);
  EXPECT_EQ(remembered_script(m_state / "none", "one\nthing"), std::nullopt);
}

TEST_F(LoadMemory, WhatWasReadHasChanged) {
  std::ofstream(m_matrix) << "m*trix";
  EXPECT_EQ(remembered_script(m_state, "one\nthing"), std::nullopt);
}

TEST_F(LoadMemory, WhatWasMadeIsGoneOrCutOff) {
  fs::resize_file(m_index, 3);
  EXPECT_EQ(remembered_script(m_state, "one\nthing"), std::nullopt);
  fs::remove(m_index);
  EXPECT_EQ(remembered_script(m_state, "one\nthing"), std::nullopt);
}

TEST_F(LoadMemory, AFileThatIsCutOffAnywhereIsNone) {
  const std::string whole = *read_file(m_file);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::ofstream(m_file) << whole.substr(0, size);
    EXPECT_EQ(remembered_script(m_state, "one\nthing"), std::nullopt) << size;
  }
  std::ofstream(m_file) << whole.substr(1);
  EXPECT_EQ(remembered_script(m_state, "one\nthing"), std::nullopt);
  std::ofstream(m_file) << whole;
  EXPECT_EQ(remembered_script(m_state, "one\nthing"), "add_test(a b)\n");
}

TEST_F(LoadMemory, AScriptWithoutABasisAnswersNothing) {
  EXPECT_TRUE(remember_script(m_state, "add_test(a b)\n", {}));
  EXPECT_EQ(remembered_script(m_state, "one\nthing"), std::nullopt);
}

} // namespace
} // namespace ctest_matrix
