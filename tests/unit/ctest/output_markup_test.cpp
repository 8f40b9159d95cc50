#include "base/files.hpp"
#include "base/text.hpp"
#include "ctest/output_markup.hpp"
#include "plan/verdict_line.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <regex>

namespace ctest_matrix {
namespace {

TEST(OutputMarkup, PatternsMatchWhatIsPrinted) {
  EXPECT_EQ(begin_line("actor-a.wasm"), "[ctest-matrix] begin actor-a.wasm\n");
  EXPECT_TRUE(std::regex_search(begin_line("actor-a.wasm"), std::regex(std::string(k_begin_pattern))));
  EXPECT_TRUE(std::regex_search(std::string(k_skip_marker), std::regex(std::string(k_skip_pattern))));
}

TEST(OutputMarkup, HoldsOneLineWithoutWhatWouldEndIt) {
  EXPECT_EQ(count_measurement("tests \"run\"", 3),
            "<CTestMeasurement type=\"numeric/integer\" name=\"tests 'run'\">3</CTestMeasurement>\n");
  EXPECT_EQ(
      time_measurement("engine start time", Milliseconds(1250)),
      "<CTestMeasurement type=\"numeric/double\" name=\"engine start time\">1.250</CTestMeasurement>\n");
  EXPECT_EQ(
      text_measurement("runner version", "3.2\n<b>"),
      "<CTestMeasurement type=\"text/string\" name=\"runner version\">3.2 \u2039b></CTestMeasurement>\n");
  EXPECT_EQ(details("FAIL - a\x1b[31mb"), "<CTestDetails>FAIL - ab</CTestDetails>\n");
}

TEST(OutputMarkup, AttachesWhatIsThere) {
  const std::string file = ::testing::TempDir() + "markup." + std::to_string(getpid()) + ".log";
  EXPECT_EQ(attached_file("log", file), "");
  ASSERT_TRUE(write_file_atomic(file, "output\n"));
  EXPECT_EQ(attached_file("log", file),
            "<CTestMeasurementFile type=\"file\" name=\"log\">" + file + "</CTestMeasurementFile>\n");
  unlink(file.c_str());
}

} // namespace
} // namespace ctest_matrix
