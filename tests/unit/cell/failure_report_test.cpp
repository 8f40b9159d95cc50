#include "cell/failure_report.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Record record(const std::string& column, Verdict verdict, std::vector<TestOutcome> tests) {
  Record result;
  result.cell = "actor-a." + column;
  result.row = "actor-a";
  result.column = column;
  result.profile = "default";
  result.verdict = verdict;
  result.tests = std::move(tests);
  return result;
}

TestOutcome outcome(const std::string& test, TestOutcome::Kind kind) {
  return {test, kind};
}

FailedCell failed_cell() {
  FailedCell cell;
  cell.record = record("wasm", Verdict::fail, {outcome("S > b", TestOutcome::Kind::failed)});
  cell.record.brief = "S > b: expected 1";
  cell.record.failures = {{"S > b", "expected 1\n  at x", "/repo/a.test.ts", 7}};
  cell.record.command = "cd /repo && run";
  cell.others = {record("native", Verdict::pass, {outcome("S > b", TestOutcome::Kind::passed)})};
  cell.narrowed = "cd /repo && run -t b";
  cell.log = "/build/a.log";
  cell.next_steps = {
      {"native", {"look at napi"}}, {"wasm", {"look at wasm-runtime.ts"}}, {"", {"look at core"}}};
  return cell;
}

TEST(FailureReport, SaysWhatWhereAndWhatNext) {
  EXPECT_EQ(render_failure(failed_cell()), "\n"
                                           "/repo/a.test.ts:7: error: expected 1\n"
                                           "failed: S > b\n"
                                           "    expected 1\n"
                                           "      at x\n"
                                           "  this test passes on native\n"
                                           "cell:    actor-a.wasm (actor-a on wasm)\n"
                                           "why:     FAIL - S > b: expected 1\n"
                                           "parity:  only wasm fails\n"
                                           "command: cd /repo && run\n"
                                           "narrow:  cd /repo && run -t b\n"
                                           "log:     /build/a.log\n"
                                           "next steps:\n"
                                           "  - look at wasm-runtime.ts\n");
}

TEST(FailureReport, ASharedFailureHasItsOwnNextSteps) {
  FailedCell cell = failed_cell();
  cell.others = {record("native", Verdict::fail, {outcome("S > b", TestOutcome::Kind::failed)})};
  const std::string text = render_failure(cell);
  EXPECT_THAT(text, HasSubstr("  this test fails on native too\n"));
  EXPECT_THAT(text, HasSubstr("parity:  shared with another column\n"));
  EXPECT_THAT(text, HasSubstr("next steps:\n  - look at core\n"));
}

TEST(FailureReport, WithoutAnotherColumnParityIsNotKnown) {
  FailedCell cell = failed_cell();
  cell.others.clear();
  EXPECT_THAT(render_failure(cell),
              HasSubstr("parity:  not known: no other column has run this test as it is now\n"));
  EXPECT_EQ(parity_of("S > b", {}), Parity::unknown);
}

TEST(FailureReport, ATimeOutShowsTheEndOfTheOutput) {
  FailedCell cell;
  cell.record = record("wasm", Verdict::timeout, {});
  cell.record.brief = "the runner did not end";
  cell.last_lines = {"one", "two"};
  cell.last_test = "S > hangs";
  EXPECT_EQ(render_failure(cell), "\n"
                                  "cell:    actor-a.wasm (actor-a on wasm)\n"
                                  "why:     TIMEOUT - the runner did not end\n"
                                  "last test seen: S > hangs\n"
                                  "from its output:\n"
                                  "    one\n"
                                  "    two\n");
}

TEST(FailureReport, ManyFailuresAreCut) {
  FailedCell cell = failed_cell();
  cell.record.failures.assign(25, cell.record.failures.front());
  EXPECT_THAT(render_failure(cell), HasSubstr("... and 5 more failing tests\n"));
}

const std::vector<Column> k_columns{{.name = "native", .variants = {{.suffix = "native", .axes = {}}}},
                                    {.name = "wasm", .variants = {{.suffix = "wasm", .axes = {}}}}};

TEST(OtherColumns, AreThoseOfTheMatrix) {
  const std::vector<Record> journal{record("gone", Verdict::pass, {}), record("native", Verdict::pass, {})};
  ASSERT_EQ(other_columns(k_columns, journal, record("wasm", Verdict::fail, {})).size(), 1U);
  EXPECT_EQ(other_columns({}, journal, record("wasm", Verdict::fail, {})).size(), 0U);
}

TEST(OtherColumns, OfOtherValuesSayNothing) {
  Record other = record("native", Verdict::pass, {});
  other.axes = {{"encoding", "cbor"}};
  EXPECT_EQ(other_columns(k_columns, std::vector{other}, record("wasm", Verdict::fail, {})).size(), 0U);
}

TEST(OtherColumns, BeforeAResetSayNothing) {
  std::vector<Record> journal{record("native", Verdict::pass, {}), Record()};
  journal.back().kind = RecordKind::reset;
  journal.back().profile = "default";
  EXPECT_EQ(other_columns(k_columns, journal, record("wasm", Verdict::fail, {})).size(), 0U);
}

TEST(OtherColumns, AreTheLatestThatSaySomething) {
  std::vector<Record> journal{record("native", Verdict::fail, {}), record("native", Verdict::pass, {}),
                              record("native", Verdict::setup, {}), record("wasm", Verdict::pass, {})};
  journal.push_back(record("native", Verdict::fail, {}));
  journal.back().profile = "full";
  journal.push_back(record("native", Verdict::fail, {}));
  journal.back().row = "actor-b";
  const auto others = other_columns(k_columns, journal, record("wasm", Verdict::fail, {}));
  ASSERT_EQ(others.size(), 1U);
  EXPECT_EQ(others[0].verdict, Verdict::pass);
}

TEST(OtherColumns, OfOtherSourcesSayNothing) {
  Record failed = record("wasm", Verdict::fail, {});
  failed.basis = {{"test file", "new"}, {"inputs", "of wasm"}, {"artifact wasm", "w"}};
  Record other = record("native", Verdict::pass, {});
  const auto counts_with = [&](std::vector<std::pair<std::string, std::string>> basis) {
    other.basis = std::move(basis);
    return other_columns(k_columns, std::vector{other}, failed).size() == 1;
  };
  EXPECT_TRUE(counts_with({}));
  EXPECT_TRUE(counts_with({{"test file", "new"}, {"inputs", "of native"}, {"artifact napi", "n"}}));
  EXPECT_FALSE(counts_with({{"test file", "old"}, {"inputs", "of native"}}));
  EXPECT_FALSE(counts_with({{"test file", "new"}, {"artifact wasm", "older"}}));
}

} // namespace
} // namespace ctest_matrix
