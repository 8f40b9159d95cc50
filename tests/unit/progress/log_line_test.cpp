#include "progress/log_line.hpp"
#include "progress/samples.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using std::chrono::seconds;

class LogLine : public ::testing::Test {
protected:
  void SetUp() override { use_utc(); }

  static std::string line(const Record& record) { return log_line(record, "actor-conn [wasm]"); }

  static std::string failure(Verdict verdict, std::string brief) {
    return line(sample_record("actor-conn", "wasm", seconds(7), verdict, std::move(brief)));
  }
};

TEST_F(LogLine, OfAPass) {
  Record record = sample_record("actor-conn", "wasm", seconds(7));
  EXPECT_EQ(line(record), "- 2026-05-02T12:00:07+00:00 actor-conn [wasm]: PASS (25 tests, 31.2s)");
  record.counts.skipped = 2;
  EXPECT_EQ(line(record), "- 2026-05-02T12:00:07+00:00 actor-conn [wasm]: PASS (25 tests, 2 skipped, 31.2s)");
  record.flaky = true;
  EXPECT_EQ(line(record),
            "- 2026-05-02T12:00:07+00:00 actor-conn [wasm]: PASS (25 tests, 2 skipped, flaky, 31.2s)");
  record.counts.skipped = 0;
  record.leaked = 2;
  EXPECT_EQ(line(record),
            "- 2026-05-02T12:00:07+00:00 actor-conn [wasm]: PASS (25 tests, flaky, 31.2s, leaked: 2)");
}

TEST_F(LogLine, OfAShare) {
  Record record = sample_record("actor-conn", "wasm", seconds(7));
  record.share = "2/5 by runtime";
  const std::string pass = line(record);
  EXPECT_EQ(pass,
            "- 2026-05-02T12:00:07+00:00 actor-conn [wasm]: PASS (25 tests, 31.2s) (share 2/5 by runtime)");
  const auto entry = parse_log_line(pass);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->share, "2/5 by runtime");
  EXPECT_EQ(entry->outcome, "PASS (25 tests, 31.2s)");
  EXPECT_EQ(entry->duration, Milliseconds(31'200));
  // What a test says is none.
  EXPECT_EQ(parse_log_line(failure(Verdict::fail, "lost (share 9/2)"))->share, "");
}

TEST_F(LogLine, OfAPassWithFewerTests) {
  Record record = sample_record("actor-conn", "wasm", seconds(7));
  record.lost = 2;
  EXPECT_EQ(line(record),
            "- 2026-05-02T12:00:07+00:00 actor-conn [wasm]: PASS (25 tests, 2 fewer than before, 31.2s)");
}

TEST_F(LogLine, OfAPassWhoseTestsNobodyCounted) {
  Record record = sample_record("actor-conn", "wasm", seconds(7));
  record.counts = {};
  EXPECT_EQ(line(record), "- 2026-05-02T12:00:07+00:00 actor-conn [wasm]: PASS (31.2s)");
}

TEST_F(LogLine, OfASkip) {
  EXPECT_EQ(failure(Verdict::skip, "no hibernation on wasm"),
            "- 2026-05-02T12:00:07+00:00 actor-conn [wasm]: SKIP - no hibernation on wasm");
  EXPECT_EQ(failure(Verdict::skip, ""),
            "- 2026-05-02T12:00:07+00:00 actor-conn [wasm]: SKIP - no reason given");
}

TEST_F(LogLine, OfAFailure) {
  const std::string start = "- 2026-05-02T12:00:07+00:00 actor-conn [wasm]: FAIL - ";
  EXPECT_EQ(failure(Verdict::fail, "one > two: expected 1"), start + "one > two: expected 1");
  EXPECT_EQ(failure(Verdict::no_tests, "the filter matched nothing"),
            start + "NO-TESTS: the filter matched nothing");
  EXPECT_EQ(failure(Verdict::no_tests, "NO-TESTS: the filter matched nothing"),
            start + "NO-TESTS: the filter matched nothing");
  EXPECT_EQ(failure(Verdict::timeout, ""), start + "TIMEOUT");
  EXPECT_EQ(failure(Verdict::fail, ""), start + "no reason given");
  EXPECT_EQ(failure(Verdict::fail, " PASS (25 tests, 1s)\r\n- [x]\t\x1b[31mred \xFF"),
            start + "PASS (25 tests, 1s) - [x] [31mred \xEF\xBF\xBD");
  Record record = sample_record("actor-conn", "wasm", seconds(7), Verdict::fail);
  record.failures = {{"Large Payloads > one", "boom", "", 0}};
  EXPECT_EQ(line(record), start + "Large Payloads > one");
}

TEST_F(LogLine, StaysOfBoundedLength) {
  const std::string start = "- 2026-05-02T12:00:07+00:00 actor-conn [wasm]: FAIL - ";
  EXPECT_EQ(failure(Verdict::fail, std::string(5000, 'a')), start + std::string(300, 'a') + "…");
}

TEST_F(LogLine, OfTheEnd) {
  EXPECT_EQ(completion_line(k_noon), "- 2026-05-02T12:00:00+00:00 ALL TESTS COMPLETE");
}

TEST_F(LogLine, ReadsWhatItWrites) {
  for (const Verdict verdict :
       {Verdict::pass, Verdict::skip, Verdict::fail, Verdict::timeout, Verdict::setup}) {
    const auto entry = parse_log_line(failure(verdict, "a [wasm]: PASS (1 tests)"));
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->time, k_noon + seconds(7));
    EXPECT_EQ(entry->label, "actor-conn [wasm]");
    EXPECT_EQ(entry->passed, earns_tick(verdict));
  }
}

TEST_F(LogLine, ReadsTheHandWrittenOnlyWhenItIsOfTheForm) {
  EXPECT_TRUE(parse_log_line("- 2026-05-02T12:00:07Z actor-conn [wasm]: PASS (24/24, 7.4s) after a rebuild"));
  for (const char* text : {
           "",
           "-",
           "- ",
           "passed after a rebuild",
           "- 2026-05-02 actor-conn [wasm]: PASS (24/24)",
           "- 2026-05-02T12:00:07Z actor-conn: PASS (24/24)",
           "- 2026-05-02T12:00:07Z actor-conn [wasm]: PASSED",
           "- 2026-05-02T12:00:07Z actor-conn [wasm]: looks flaky",
           "- 2026-05-02T12:00:07Z actor-conn wasm]: PASS (1 tests)",
           "- 2026-05-02T12:00:07Z ALL TESTS COMPLETE",
           "- 2026-05-02T12:00:07Z",
       }) {
    EXPECT_FALSE(parse_log_line(text)) << text;
  }
}

} // namespace
} // namespace ctest_matrix
