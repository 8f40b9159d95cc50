#include "run/failure_groups.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

Record failed(const std::string& row, const std::string& column, const std::string& test,
              const std::string& message) {
  Record record;
  record.cell = row + "." + column;
  record.row = row;
  record.column = column;
  record.verdict = Verdict::fail;
  record.failures = {{test, message, "", 0}};
  return record;
}

Record blocked(const std::string& row, const std::string& brief) {
  Record record = failed(row, "native", "", "");
  record.verdict = Verdict::setup;
  record.brief = brief;
  record.failures.clear();
  return record;
}

TEST(FailureGroups, TellTheSameFailureOnce) {
  const std::vector<Record> records{failed("a", "native", "S > t", "Error: 1\n  at x:1"),
                                    failed("a", "wasm", "S > t", "Error: 1\n  at y:2"),
                                    failed("a", "bun", "S > t", "Error: 2"),
                                    failed("b", "native", "S > u", "Error: 1")};
  const auto groups = group_failures(records);
  ASSERT_THAT(groups, SizeIs(3));
  EXPECT_EQ(groups[0].first->cell, "a.native");
  EXPECT_THAT(groups[0].others, ElementsAre("a.wasm"));
  EXPECT_EQ(others_line(groups[0]), "the same in 1 more cell: a.wasm\n");
  EXPECT_EQ(others_line(groups[1]), "");
}

TEST(FailureGroups, ASetUpStandsForAllThatItBlocks) {
  std::vector<Record> records;
  for (int i = 0; i < 12; ++i) {
    records.push_back(blocked("row-" + std::to_string(i), "the service engine is not healthy"));
  }
  records.push_back(blocked("last", "the artifact napi could not be built"));
  const auto groups = group_failures(records);
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_EQ(others_line(groups[0]), "the same in 11 more cells: row-1.native, row-2.native, row-3.native, "
                                    "row-4.native, row-5.native, row-6.native, row-7.native, row-8.native, "
                                    "and 3 more\n");
}

TEST(FailureGroups, TheNamesOfRowAndColumnTellNoFailuresApart) {
  EXPECT_EQ(failure_key(failed("http/get", "node", "tests/http/get.test.ts", "no module on node")),
            failure_key(failed("put", "bun", "tests/put.test.ts", "no module on bun")));
  // A name inside of another word is none.
  EXPECT_NE(failure_key(failed("a", "node", "S > at", "Error")),
            failure_key(failed("b", "node", "S > bt", "Error")));
  Record other = failed("a", "node", "S > t", "Error");
  other.verdict = Verdict::timeout;
  EXPECT_NE(failure_key(failed("a", "node", "S > t", "Error")), failure_key(other));
}

} // namespace
} // namespace ctest_matrix
