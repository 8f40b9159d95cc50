#include "progress/samples.hpp"
#include "report/cell_history.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using std::chrono::seconds;

/// Records of one cell at one commit, a second apart: `+` passed, `-` failed, `~` passed on a retry, `!`
/// set-up failed.
std::vector<Record> runs(const std::string& kinds, const std::string& commit = "c0ffee", int first = 0) {
  std::vector<Record> records;
  for (const char kind : kinds) {
    Record record = sample_record("actor-conn", "wasm", seconds(first + static_cast<int>(records.size())),
                                  kind == '-'   ? Verdict::fail
                                  : kind == '!' ? Verdict::setup
                                                : Verdict::pass);
    record.flaky = kind == '~';
    record.commit = commit;
    records.push_back(std::move(record));
  }
  return records;
}

CellHistory history_of(const std::vector<Record>& records) {
  return find_histories(records, driver_plan()).at("actor-conn.wasm");
}

TEST(CellHistory, CountsWhatSaysSomething) {
  const CellHistory history = history_of(runs("+!-!+"));
  EXPECT_EQ(history.runs.size(), 5U);
  EXPECT_EQ(history.told, 3);
  EXPECT_EQ(history.passed, 2);
}

TEST(CellHistory, AMendIsNotFlaky) {
  EXPECT_EQ(history_of(runs("+++")).flaky, 0);
  EXPECT_EQ(history_of(runs("--++")).flaky, 0);
  EXPECT_EQ(history_of(runs("+-+")).flaky, 1);
  EXPECT_EQ(history_of(runs("+-+-!+")).flaky, 3);
  EXPECT_EQ(history_of(runs("+~+~")).flaky, 2);
}

TEST(CellHistory, AnotherCommitOrAnotherFileIsAnotherCell) {
  std::vector<Record> records = runs("+-", "one");
  for (const Record& record : runs("+-", "two", 2)) {
    records.push_back(record);
  }
  EXPECT_EQ(history_of(records).flaky, 0);
  records = runs("+-+");
  records[1].basis = {{"test file", "edited"}};
  EXPECT_EQ(history_of(records).flaky, 0);
  EXPECT_EQ(history_of(runs("+-+", "")).flaky, 0) << "without a commit nothing is known to be the same";
}

TEST(CellHistory, IsInOrderAcrossResetsAndLeavesInterruptedRunsOut) {
  std::vector<Record> records = runs("+-");
  std::swap(records[0], records[1]);
  records.insert(records.begin() + 1, sample_reset(seconds(1)));
  records.push_back(sample_record("actor-conn", "wasm", seconds(5), Verdict::interrupted));
  Record other = sample_record("actor-conn", "wasm", seconds(6));
  other.profile = "full";
  records.push_back(other);
  const CellHistory history = history_of(records);
  ASSERT_EQ(history.runs.size(), 2U);
  EXPECT_EQ(history.runs[0].verdict, Verdict::pass);
  EXPECT_EQ(history.runs[1].verdict, Verdict::fail);
}

} // namespace
} // namespace ctest_matrix
