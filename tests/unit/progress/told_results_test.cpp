#include "progress/log_line.hpp"
#include "progress/samples.hpp"
#include "progress/told_results.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string document_of(const Plan& plan, const std::string& boxes, const std::string& log) {
  return "# X\n\nStarted: 2026-05-02T12:00:00Z\nConfig: " + plan.common.config +
         "\n\nEach row: `[native] [wasm] <file> | <suite description>`\n\n## Fast Tests\n\n- " + boxes +
         " actor-conn | Actor Connection Tests\n\n## Log\n\n" + log;
}

TEST(ToldResults, AreTheNewestOfEachCell) {
  const Plan plan = driver_plan();
  const auto records = told_results(
      plan, document_of(plan, "[x] [ ]",
                        "- 2026-05-02T12:01:00Z actor-conn [native]: FAIL - boom\n"
                        "- 2026-05-02T12:02:00Z actor-conn [native]: PASS (25 tests, 31.2s)\n"
                        "- 2026-05-02T12:03:00Z actor-conn [wasm]: FAIL - Suite > x: expected 1 to be 2\n"
                        "- 2026-05-02T11:59:00Z actor-state [wasm]: PASS (1 tests, 1s)\n" // before it began
                        "- 2026-05-02T12:03:00Z gone [wasm]: PASS (1 tests, 1s)\n"
                        "- a note\n"));
  ASSERT_TRUE(records) << records.error().message;
  ASSERT_THAT(*records, SizeIs(2));
  EXPECT_EQ((*records)[0].cell, "actor-conn.native");
  EXPECT_EQ((*records)[0].verdict, Verdict::pass);
  EXPECT_EQ((*records)[0].counts.passed, 25);
  EXPECT_EQ((*records)[0].duration, Milliseconds(31'200));
  EXPECT_EQ((*records)[1].verdict, Verdict::fail);
  EXPECT_EQ((*records)[1].brief, "Suite > x: expected 1 to be 2");
  EXPECT_EQ(parse_record(serialise_record((*records)[0])), (*records)[0]);
  use_utc();
  EXPECT_EQ(log_line((*records)[0], "actor-conn [native]"),
            "- 2026-05-02T12:02:00+00:00 actor-conn [native]: PASS (25 tests, 31.2s)");
}

TEST(ToldResults, ABoxThatSomebodyOpenedIsNoPass) {
  const Plan plan = driver_plan();
  const auto records =
      told_results(plan, document_of(plan, "[ ] [ ]",
                                     "- 2026-05-02T12:02:00Z actor-conn [native]: PASS (25 tests, 31.2s)\n"));
  ASSERT_TRUE(records);
  EXPECT_THAT(*records, IsEmpty());
}

/// `PASS (32s)` is what people write by hand.
TEST(ToldResults, ADurationIsNoCount) {
  const Plan plan = driver_plan();
  const auto records = told_results(
      plan, document_of(plan, "[x] [ ]", "- 2026-05-02T12:02:00Z actor-conn [native]: PASS (32s)\n"));
  ASSERT_TRUE(records);
  ASSERT_THAT(*records, SizeIs(1));
  EXPECT_EQ((*records)[0].counts.passed, 0);
  EXPECT_FALSE((*records)[0].counted);
}

TEST(ToldResults, OfAnotherConfigurationAreRefused) {
  const Plan plan = driver_plan();
  const auto other = told_results(plan, document_of(driver_plan("cbor"), "[x] [x]", ""));
  ASSERT_FALSE(other);
  EXPECT_EQ(
      other.error().message,
      "it is of another configuration: registry (static), encoding (cbor), runtimes (native, wasm) there, "
      "registry (static), encoding (bare), runtimes (native, wasm) here");
  EXPECT_FALSE(told_results(plan, "nothing"));
}

} // namespace
} // namespace ctest_matrix
