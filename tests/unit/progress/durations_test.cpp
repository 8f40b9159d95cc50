#include "progress/durations.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

Plan plan_of(const std::string& row, std::vector<Column> columns) {
  Plan plan;
  plan.common.profile = "default";
  plan.common.columns = std::move(columns);
  std::vector<Row> rows(1);
  rows.front().name = row;
  plan.rows = std::move(rows);
  return plan;
}

Column column_of(const std::string& name, std::vector<Variant> variants) {
  Column column;
  column.name = name;
  column.variants = std::move(variants);
  return column;
}

const Plan k_plan = plan_of("a", {column_of("native", {{"native", {{"runtime", "native"}}}}),
                                  column_of("wasm", {{"wasm", {{"runtime", "wasm"}}}})});

const Plan k_wide = plan_of(
    "b", {column_of("wasm", {{"wasm.bare", {{"encoding", "bare"}}}, {"wasm.cbor", {{"encoding", "cbor"}}}})});

Record record(const std::string& column, Verdict verdict, int milliseconds) {
  Record record;
  record.cell = "a." + column;
  record.row = "a";
  record.column = column;
  record.profile = "default";
  record.axes = {{"runtime", column}};
  record.verdict = verdict;
  record.duration = Milliseconds(milliseconds);
  return record;
}

TEST(Durations, TheJournalsNewestRunThatTellsSomething) {
  const std::vector<Record> records{
      record("native", Verdict::pass, 5000), record("native", Verdict::fail, 7000),
      record("native", Verdict::setup, 1), record("wasm", Verdict::interrupted, 2)};
  EXPECT_THAT(cell_durations(k_plan, records, {}), ElementsAre(Pair("a.native", Milliseconds(7000))));
}

TEST(Durations, WhereTheJournalKnowsNothingTheProgressLogDoes) {
  const std::vector<std::string> log{
      "- 2026-01-31T09:05:07+01:00 a [native]: PASS (25 tests, 31.2s)",
      "- 2026-01-31T09:06:07+01:00 a [wasm]: PASS (2 tests, flaky, 4m 05s, leaked: 2)",
      "- 2026-01-31T09:07:07+01:00 a [wasm]: FAIL - expected 1 to be 2 (3s)",
      "- 2026-01-31T09:07:07+01:00 b [wasm.cbor]: PASS (1 tests, 840ms)",
      "- 2026-01-31T09:07:07+01:00 gone [wasm]: PASS (1 tests, 1h 02m)",
      "a note of somebody"};
  EXPECT_THAT(cell_durations(k_plan, {}, log),
              ElementsAre(Pair("a.native", Milliseconds(31'200)), Pair("a.wasm", Milliseconds(245'000))));
  EXPECT_THAT(cell_durations(k_wide, {}, log), ElementsAre(Pair("b.wasm.cbor", Milliseconds(840))));
  const std::vector<Record> records{record("native", Verdict::pass, 5000)};
  EXPECT_EQ(cell_durations(k_plan, records, log).at("a.native"), Milliseconds(5000));
}

/// As people write it: no count, a remark in place of both, a bare word, empty lines between the entries.
TEST(Durations, OfLinesByHand) {
  const std::vector<std::string> log{
      "- 2026-06-03T09:16:50-07:00 a [native]: PASS (32s)",
      "",
      "- 2026-06-03T09:17:19-07:00 a [native]: FAIL - exit 1 after 28s (TT-047 covers this failure)",
      "",
      "- 2026-06-03T09:22:25-07:00 a [native]: PASS after a fix of the query",
      "- 2026-06-03T09:23:07-07:00 a [wasm]: PASS",
      "- 18:25 PDT a [wasm]: PASS (3 passed, 2 skipped, 4s).",
      "- a: PASS (9s)"};
  EXPECT_THAT(cell_durations(k_plan, {}, log), ElementsAre(Pair("a.native", Milliseconds(32'000))));
}

TEST(Durations, AnotherProfilesRunsAreOfOtherCells) {
  Record other = record("native", Verdict::pass, 5000);
  other.profile = "full";
  const std::vector<Record> records{other};
  EXPECT_TRUE(cell_durations(k_plan, records, {}).empty());
}

} // namespace
} // namespace ctest_matrix
