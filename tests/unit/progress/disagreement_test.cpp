#include "matrix/own_parts.hpp"
#include "progress/disagreement.hpp"
#include "progress/samples.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <random>

namespace ctest_matrix {
namespace {

using std::chrono::minutes;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Record in_share(const std::string& share, const std::string& row, int after,
                Verdict verdict = Verdict::pass) {
  Record record = sample_record(row, "wasm", minutes(after), verdict, verdict == Verdict::pass ? "" : "boom");
  record.share = share;
  record.commit = "c0ffee";
  return record;
}

// The same bytes, whichever order the files come in.
TEST(Disagreement, TheOrderOfTheSourcesIsNoMatter) {
  std::vector<Record> records;
  for (int i = 0; i < 20; ++i) {
    records.push_back(in_share(i % 2 == 0 ? "1/2" : "2/2", "row-" + std::to_string(i / 2 * 2 + i % 2), 1));
  }
  records.push_back(records.front());
  records.push_back(in_share("1/2", "row-3", 2, Verdict::fail)); // row-3 is in the other share
  const std::vector<Record> wanted = without_conflicts(records, {});
  std::mt19937 random(3);
  for (int i = 0; i < 20; ++i) {
    std::ranges::shuffle(records, random);
    EXPECT_EQ(without_conflicts(records, {}), wanted);
  }
  EXPECT_THAT(wanted, SizeIs(20)); // one conflict in the place of two results
}

TEST(Disagreement, AResultThatStandsTwiceAndDisagreesTicksNothing) {
  Record pass = in_share("1/2", "actor-conn", 1);
  Record fail = pass;
  fail.verdict = Verdict::fail;
  const std::vector<Record> merged = without_conflicts({pass, fail}, {});
  ASSERT_THAT(merged, SizeIs(1));
  EXPECT_EQ(merged[0].verdict, Verdict::fail);
  EXPECT_EQ(merged[0].brief, "conflict: FAIL in share 1/2, PASS in share 1/2");
  EXPECT_GT(merged[0].finished, pass.finished);
  EXPECT_TRUE(is_conflict(merged[0]));
  EXPECT_EQ(without_conflicts({fail, pass}, {}), merged);
  // One of the two is known already, and stays.
  const std::vector<Record> known{pass};
  EXPECT_EQ(without_conflicts({fail}, known), merged);
  // The conflict can be kept.
  EXPECT_EQ(parse_record(serialise_record(merged[0])), merged[0]);
}

TEST(Disagreement, ACellThatTwoSharesRan) {
  const Record pass = in_share("1/2", "actor-conn", 1);
  const Record fail = in_share("2/2", "actor-conn", 2, Verdict::fail);
  EXPECT_THAT(without_conflicts({pass, fail}, {}), SizeIs(1));
  EXPECT_EQ(without_conflicts({pass, fail}, {})[0].brief, "conflict: PASS in share 1/2, FAIL in share 2/2");
  // A share that ran it again, one that agrees, and what says nothing of the cell.
  EXPECT_THAT(conflicts_of_shares(std::vector{in_share("1/2", "actor-conn", 1, Verdict::fail),
                                              in_share("1/2", "actor-conn", 2)}),
              IsEmpty());
  EXPECT_THAT(conflicts_of_shares(std::vector{pass, in_share("2/2", "actor-conn", 2)}), IsEmpty());
  EXPECT_THAT(conflicts_of_shares(std::vector{pass, in_share("2/2", "actor-conn", 2, Verdict::interrupted)}),
              IsEmpty());
  EXPECT_THAT(conflicts_of_shares(std::vector{pass, in_share("2/2", "actor-conn", 2, Verdict::setup)}),
              IsEmpty());
  Record elsewhere = fail;
  elsewhere.commit = "decaf";
  EXPECT_THAT(conflicts_of_shares(std::vector{pass, elsewhere}), IsEmpty());
}

// Whether the shares are merged together or one after the other.
TEST(Disagreement, ACellThatTwoSharesRanOfWhichOneIsKnown) {
  const Record pass = in_share("1/2", "actor-conn", 2);
  const Record fail = in_share("2/2", "actor-conn", 1, Verdict::fail);
  const std::vector<Record> together = without_conflicts({pass, fail}, {});
  EXPECT_EQ(without_conflicts({fail}, std::vector{pass}), together);
  EXPECT_EQ(without_conflicts({pass}, std::vector{fail}), together);
  // Both are known: what was said then, was said.
  EXPECT_THAT(conflicts_of_shares(std::vector{pass, fail}, std::vector{pass, fail}), IsEmpty());
  // In another run the cell may be in another share.
  Record other_run = fail;
  other_run.run = "4711";
  EXPECT_THAT(conflicts_of_shares(std::vector{pass, other_run}), IsEmpty());
}

// What decides how a result counts cannot be another one in a copy.
TEST(Disagreement, CopiesOfARecordAreTheSame) {
  const Record pass = in_share("1/2", "actor-conn", 1);
  for (const auto& change : std::vector<std::function<void(Record&)>>{
           [](Record& record) { record.commit = "decaf"; },
           [](Record& record) {
             record.basis = {{"sources", "1"}};
           },
           [](Record& record) { record.share = "2/2"; }, [](Record& record) { record.run = "1"; },
           [](Record& record) { record.split = "1"; }, [](Record& record) { record.profile = "full"; },
           [](Record& record) { record.flaky = true; },
           [](Record& record) {
             record.tests = {{"a", TestOutcome::Kind::passed}};
           },
           [](Record& record) { record.finished += minutes(1); }}) {
    Record other = pass;
    change(other);
    EXPECT_TRUE(disagree(pass, other));
  }
  Record merged = pass;
  merged.origin = Origin::merged;
  mark_other_commit(merged, "decaf");
  EXPECT_FALSE(disagree(pass, merged));
}

TEST(Disagreement, OfAnotherCommit) {
  Record record = in_share("1/2", "actor-conn", 1);
  mark_other_commit(record, "c0ffee");
  EXPECT_EQ(other_commit(record), std::nullopt);
  mark_other_commit(record, "");
  EXPECT_EQ(other_commit(record), std::nullopt);
  mark_other_commit(record, "decaf");
  EXPECT_EQ(other_commit(record), "c0ffee");
  const Record once = record;
  mark_other_commit(record, "decaf");
  EXPECT_EQ(record, once);
  Record own = sample_record("actor-conn", "wasm", minutes(1));
  own.commit = "c0ffee";
  mark_other_commit(own, "decaf"); // of no share: what it rests on says whether it counts
  EXPECT_EQ(other_commit(own), std::nullopt);
}

TEST(Disagreement, OfAnotherConfiguration) {
  Plan plan = driver_plan();
  Cell& cell = plan.cells.emplace_back();
  cell.name = "actor-conn.wasm";
  own_variant(cell).axes = sample_axes("wasm", "bare");
  Record record = in_share("1/2", "actor-conn", 1);
  record.axes = sample_axes("wasm", "cbor");
  EXPECT_EQ(other_configuration(plan, record), "encoding cbor there, bare here");
  record.cell = "actor-conn.wasm.remote.cbor";
  record.profile = "full";
  EXPECT_EQ(other_configuration(plan, record), "profile full there, default here");
}

} // namespace
} // namespace ctest_matrix
