#include "runners/go_output.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

std::string placed(std::string_view output) {
  TestCase test;
  place_go_failure(output, "example.org/shop/http", test);
  return test.source_file + ":" + std::to_string(test.source_line);
}

TEST(GoOutput, WhatIsSaidLastIsTheErrorAndTheRestFollows) {
  const std::string_view output =
      "Failed\n=== RUN   TestFails\n    a_test.go:6: before\n    a_test.go:7: got 2, want 3\n"
      "        of all\n--- FAIL: TestFails (0.00s)\n";
  EXPECT_EQ(go_test_message(output),
            "got 2, want 3\n    of all\nbefore it, the test said:\na_test.go:6: before");
  EXPECT_EQ(placed(output), "example.org/shop/http/a_test.go:7");
}

TEST(GoOutput, TestifysErrorStandsWithoutItsHeading) {
  EXPECT_EQ(go_test_message("=== RUN   TestA\n    b_test.go:5: \n        \tError Trace:\t/shop/b_test.go:5\n"
                            "        \tError:      \tNot equal: \n        \t            \texpected: 1\n"
                            "        \t            \tactual  : 2\n        \tTest:       \tTestA\n"
                            "        \tMessages:   \tthey should be equal\n--- FAIL: TestA (0.00s)\n"),
            "Not equal:\nexpected: 1\nactual  : 2\nMessages:   \tthey should be equal");
}

TEST(GoOutput, APanicIsPlacedByItsStack) {
  const std::string_view output =
      "=== RUN   TestPanics\n    a_test.go:8: first\n--- FAIL: TestPanics (0.00s)\n"
      "panic: assignment to entry in nil map [recovered]\n\ngoroutine 23 [running]:\n"
      "panic({0x508ec0})\n\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\n"
      "example.org/m.TestPanics(0xc0000989c0?)\n\t/shop/a_test.go:9 +0x2e\n";
  EXPECT_THAT(go_test_message(output), ::testing::StartsWith("panic: assignment to entry in nil map"));
  EXPECT_EQ(placed(output), "/shop/a_test.go:9");
}

TEST(GoOutput, ATestThatSaysNothingFailed) {
  EXPECT_EQ(go_test_message("Failed\n=== RUN   TestSub\n--- FAIL: TestSub (0.00s)\n"), "Failed");
  EXPECT_EQ(go_test_message(""), "Failed");
  EXPECT_EQ(placed(""), ":0");
  EXPECT_EQ(go_test_message("=== RUN   TestPrints\nprinted: 12\n--- FAIL: TestPrints (0.00s)\n"),
            "printed: 12");
}

} // namespace
} // namespace ctest_matrix
