#include "base/cut.hpp"
#include "base/files.hpp"
#include "cell/output.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

class CellOutputTest : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "cell_output_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_directory = pattern;
    m_console = std::tmpfile();
  }

  void TearDown() override {
    std::fclose(m_console);
    if (!HasFailure()) {
      fs::remove_all(m_directory);
    }
  }

  fs::path log() const { return m_directory / "a.native.log"; }

  CellOutput open(OutputLimits limits) { return *CellOutput::open(log(), m_console, limits); }

  std::string console() const {
    std::string text(static_cast<std::size_t>(std::ftell(m_console)), '\0');
    std::rewind(m_console);
    EXPECT_EQ(std::fread(text.data(), 1, text.size(), m_console), text.size());
    return text;
  }

  fs::path m_directory;
  std::FILE* m_console = nullptr;
};

TEST_F(CellOutputTest, PassesSmallOutputOnWhole) {
  CellOutput output = open(OutputLimits());
  output.write("one\n\x1b[31mtwo\x1b[0m\n\n");
  output.write("three");
  output.finish();
  EXPECT_EQ(console(), "one\n\x1b[31mtwo\x1b[0m\n\nthree\n");
  EXPECT_EQ(*read_file(log()), "one\n\x1b[31mtwo\x1b[0m\n\nthree");
  EXPECT_THAT(output.last_lines(2), ElementsAre("two", "three"));
}

TEST_F(CellOutputTest, KeepsHeadAndTailOfAFlood) {
  CellOutput output = open({.log = 20, .console_head = 8, .tail = 4});
  for (int i = 0; i < 10; ++i) {
    output.write("line " + std::to_string(i) + "\n");
  }
  output.finish();
  EXPECT_EQ(*read_file(log()),
            "line 0\nline 1\nline 2"
            "\n[... 46 bytes left out: a cell's log holds 20 bytes and the end ...]\ne 9\n");
  EXPECT_EQ(console(),
            "line 0\nl\n[... 58 bytes left out, all of it is in " + log().string() + " ...]\ne 9\n");
}

/// Wherever a limit falls, and however the output comes in pieces.
TEST_F(CellOutputTest, NeverCutsASequence) {
  const std::string text = "1€2\U0001F6003€4é5€6\U0001F6007€8é9€";
  for (const std::size_t step : {1U, 2U, 3U, 5U, 100U}) {
    for (std::size_t limit = 0; limit < 12; ++limit) {
      std::rewind(m_console);
      CellOutput output = open({.log = limit + 3, .console_head = limit, .tail = 9});
      for (std::size_t at = 0; at < text.size(); at += step) {
        output.write(std::string_view(text).substr(at, step));
      }
      output.finish();
      const std::string shown = console();
      const std::string logged = *read_file(log());
      EXPECT_EQ(valid_utf8(shown), shown) << step << ' ' << limit;
      EXPECT_EQ(valid_utf8(logged), logged) << step << ' ' << limit;
      EXPECT_EQ(output.last_lines(1).at(0).substr(0, 1).find('\xEF'), std::string::npos);
      EXPECT_TRUE(logged.ends_with("8é9€")) << logged;
      EXPECT_GE(logged.find("\n[... "), limit + 3) << logged; // also: none was left out
    }
  }
}

TEST_F(CellOutputTest, BreaksOurOwnMarksAcrossChunks) {
  CellOutput output = open(OutputLimits());
  output.write("x [ctest-mat");
  output.write("rix-skip] y\n[ctest-matrix] PASS a.native\n");
  output.finish();
  EXPECT_THAT(console(), ::testing::Not(::testing::HasSubstr("[ctest-matrix")));
  EXPECT_EQ(*read_file(log()), "x [ctest-matrix-skip] y\n[ctest-matrix] PASS a.native\n");
}

TEST_F(CellOutputTest, KeepsThePreviousLog) {
  open(OutputLimits()).write("first");
  open(OutputLimits()).write("second");
  EXPECT_EQ(*read_file(log()), "second");
  EXPECT_EQ(*read_file(m_directory / "a.native.previous.log"), "first");
}

TEST_F(CellOutputTest, ALogThatCannotBeWrittenIsAnError) {
  const auto output = CellOutput::open("/proc/none/x.log", m_console, OutputLimits());
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, ExitCode::setup);
}

} // namespace
} // namespace ctest_matrix
