#include "base/text.hpp"
#include "progress/checkout_testing.hpp"
#include "progress/last_pass.hpp"

namespace ctest_matrix {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = TestOutcome::Kind;

const std::vector<TestOutcome> k_two{{"a", Kind::passed}, {"b > c", Kind::passed}};

TEST(LostTests, AreThoseThatAreGoneOrSkippedNow) {
  EXPECT_THAT(lost_tests({}, k_two, k_two), IsEmpty());
  EXPECT_THAT(lost_tests({}, k_two, {{"a", Kind::passed}}), ElementsAre("b > c"));
  EXPECT_THAT(lost_tests({}, k_two, {{"a", Kind::passed}, {"b > c", Kind::skipped}}), ElementsAre("b > c"));
  EXPECT_THAT(lost_tests({}, k_two, {}), ElementsAre("a", "b > c"));
  // One that was skipped before may stay away, and new ones may come.
  EXPECT_THAT(lost_tests({}, {{"a", Kind::passed}, {"b", Kind::skipped}}, {{"a", Kind::passed}}), IsEmpty());
  EXPECT_THAT(lost_tests({}, {{"a", Kind::passed}}, k_two), IsEmpty());
}

TEST(LostTests, AreCountedWhereTheyHaveOneName) {
  EXPECT_THAT(lost_tests({}, {{"a", Kind::passed}, {"a", Kind::passed}}, {{"a", Kind::passed}}),
              ElementsAre("a"));
}

TEST(LostTests, AreNoneWhereTheyOnlyHaveOtherNames) {
  const std::vector<TestOutcome> renamed{{"a", Kind::passed}, {"at 12:01", Kind::passed}};
  EXPECT_THAT(lost_tests({}, k_two, renamed), IsEmpty());
  const std::vector<TestOutcome> skipped{
      {"a", Kind::passed}, {"new", Kind::passed}, {"b > c", Kind::skipped}};
  EXPECT_THAT(lost_tests({}, k_two, skipped), ElementsAre("b > c"));
}

TEST(LostTests, AreLostForAllOthersWhereTheirTitlesStandInTheFile) {
  const std::vector<TestOutcome> others{{"a", Kind::passed}, {"at 12:01", Kind::passed}};
  EXPECT_THAT(lost_tests({}, k_two, others, "describe('b', () => it('c', f)); it(`at ${now}`, f)"),
              ElementsAre("b > c"));
  EXPECT_THAT(lost_tests({}, k_two, others, "describe('b', () => it(`c${now}`, f))"), IsEmpty());
}

TEST(LostTests, MayBeSkippedByTheirRow) {
  Cell cell;
  cell.may_skip = true;
  EXPECT_THAT(lost_tests(cell, k_two, {{"a", Kind::passed}, {"b > c", Kind::skipped}}), IsEmpty());
  EXPECT_THAT(lost_tests(cell, k_two, {{"a", Kind::passed}}), ElementsAre("b > c"));
}

class LastPassTest : public CheckoutTest {
protected:
  const Cell& cell() const { return *find_cell(m_plan, "actor-conn.wasm"); }

  void record(const Record& record) {
    ASSERT_TRUE(record_and_apply(store_paths(m_plan.common), record, m_plan, FakeClock(k_noon + hours(1))));
  }

  bool waived() const { return is_waived(m_plan, cell(), k_noon + minutes(1)); }
};

TEST_F(LastPassTest, IsReadBack) {
  EXPECT_FALSE(last_pass(m_plan.common, cell()));
  Record pass = sample_record("actor-conn", "wasm", minutes(1));
  pass.basis = {{"test file", "1"}};
  pass.runner = "vitest 3";
  pass.tests = k_two;
  remember_pass(m_plan.common, cell(), pass);
  const auto last = last_pass(m_plan.common, cell());
  ASSERT_TRUE(last);
  EXPECT_EQ(last->tests, k_two);
  EXPECT_TRUE(has_same_basis(*last, pass.basis, "vitest 3"));
  EXPECT_FALSE(has_same_basis(*last, pass.basis, "vitest 4"));
  EXPECT_FALSE(has_same_basis(*last, {{"test file", "2"}}, "vitest 3"));
  EXPECT_FALSE(last_pass(m_plan.common, *find_cell(m_plan, "actor-conn.native")));
}

TEST_F(LastPassTest, CountsUntilSomebodySaysOtherwise) {
  record(sample_record("actor-conn", "wasm", minutes(1)));
  record(sample_record("actor-conn", "wasm", minutes(2), Verdict::shrunk, "gone"));
  EXPECT_FALSE(waived());
  record(sample_reset(minutes(3)));
  EXPECT_TRUE(waived());
}

TEST_F(LastPassTest, IsWaivedByATickByHand) {
  record(sample_record("actor-conn", "wasm", minutes(1)));
  record(sample_record("actor-conn", "wasm", minutes(2), Verdict::shrunk, "gone"));
  write("progress.md", replace_all(document(), "[ ] [ ] actor-conn", "[ ] [x] actor-conn"));
  EXPECT_TRUE(waived());
  // Also once it was seen.
  ASSERT_TRUE(apply_journal(store_paths(m_plan.common), m_plan, FakeClock(k_noon + hours(1))));
  EXPECT_TRUE(waived());
}

TEST_F(LastPassTest, StandsAgainstAnOpenedBox) {
  record(sample_record("actor-conn", "wasm", minutes(1)));
  write("progress.md", replace_all(document(), "[ ] [x] actor-conn", "[ ] [ ] actor-conn"));
  EXPECT_FALSE(waived());
}

TEST_F(LastPassTest, IsWaivedByTakingTheFileAway) {
  record(sample_record("actor-conn", "wasm", minutes(1)));
  EXPECT_FALSE(waived());
  std::filesystem::remove(m_plan.common.progress);
  EXPECT_TRUE(waived());
}

} // namespace
} // namespace ctest_matrix
