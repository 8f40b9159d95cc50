#include "base/text.hpp"
#include "progress/adopt.hpp"
#include "progress/checkout_testing.hpp"

namespace ctest_matrix {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::SizeIs;

/// A build directory of version 0.1, with a journal of its own.
class Adopt : public CheckoutTest {
protected:
  /// Into the journal of the build directory, as version 0.1.
  void record_there(const Record& record) {
    Plan old = m_plan;
    old.common.places.evidence.clear();
    ASSERT_TRUE(record_and_apply(store_paths(old.common), record, old, m_clock));
  }

  void adopt() {
    m_plan.common.places.evidence = m_root / ".git" / "ctest-matrix" / "demo";
    const auto adopted = adopt_journal(m_plan);
    ASSERT_TRUE(adopted) << adopted.error().message;
  }

  FoldResult apply() {
    const auto applied = apply_journal(store_paths(m_plan.common), m_plan, m_clock);
    EXPECT_TRUE(applied);
    return applied ? applied->fold : FoldResult();
  }

  FakeClock m_clock{k_noon + hours(1)};
};

TEST_F(Adopt, AppliesNothingAgain) {
  record_there(sample_record("actor-conn", "wasm", minutes(1)));
  record_there(sample_record("actor-state", "wasm", minutes(2), Verdict::fail, "boom"));
  write("progress.md", replace_all(document(), "[ ] [x] actor-conn", "[ ] [ ] actor-conn"));
  const std::string before = document();
  adopt();
  EXPECT_EQ(apply().already, 2);
  EXPECT_EQ(document(), before);
  EXPECT_THAT(journal(), SizeIs(2));
  EXPECT_FALSE(std::filesystem::exists(m_plan.common.places.state / "journal.jsonl"));
  adopt();
  EXPECT_THAT(journal(), SizeIs(2));
}

TEST_F(Adopt, LosesNothingThatWasNotAppliedYet) {
  record_there(sample_record("actor-conn", "wasm", minutes(1)));
  ASSERT_TRUE(append_record(m_plan.common.places.state / "journal.jsonl",
                            sample_record("actor-state", "wasm", minutes(2))));
  adopt();
  EXPECT_EQ(apply().applied, 1);
  EXPECT_EQ(Document::parse(document()).box("actor-state", "wasm"), BoxState::ticked);
}

TEST_F(Adopt, OfASecondBuildDirectoryOnlyWhatIsNew) {
  record_there(sample_record("actor-conn", "wasm", minutes(1)));
  adopt();
  apply();
  m_plan.common.places.state = m_root / "second" / "ctest-matrix" / "demo";
  record_there(sample_record("actor-state", "wasm", minutes(2)));
  ASSERT_TRUE(append_record(m_plan.common.places.state / "journal.jsonl",
                            sample_record("actor-conn", "wasm", minutes(1))));
  const std::string before = document();
  adopt();
  const FoldResult result = apply();
  EXPECT_EQ(result.applied, 0);
  EXPECT_EQ(document(), before);
}

TEST_F(Adopt, LeavesWhatALaterProgramWrote) {
  record_there(sample_record("actor-conn", "wasm", minutes(1)));
  const std::filesystem::path old = m_plan.common.places.state / "journal.jsonl";
  ASSERT_TRUE(append_line_durably(old, R"({"version":2,"kind":"cell"})"));
  m_plan.common.places.evidence = m_root / ".git" / "ctest-matrix" / "demo";
  EXPECT_FALSE(adopt_journal(m_plan));
  EXPECT_TRUE(std::filesystem::exists(old));
}

TEST_F(Adopt, WhereThereIsNoOtherPlaceIsNothingToDo) {
  record_there(sample_record("actor-conn", "wasm", minutes(1)));
  ASSERT_TRUE(adopt_journal(m_plan));
  EXPECT_THAT(journal(), SizeIs(1));
}

} // namespace
} // namespace ctest_matrix
