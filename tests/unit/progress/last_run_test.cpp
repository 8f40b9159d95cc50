#include "base/text.hpp"
#include "progress/checkout_testing.hpp"
#include "progress/last_run.hpp"

namespace ctest_matrix {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class LastRun : public CheckoutTest {
protected:
  /// What CTest leaves of a run in which the cell failed.
  void ctest_ran() const {
    write("build/Testing/Temporary/LastTest.log", "1/1 Testing: actor-conn.wasm\n");
    write("build/Testing/Temporary/LastTestsFailed.log", "1:actor-conn.wasm\n");
  }

  Result<IntakeOutcome> take(UnknownLoad unknown = UnknownLoad::leave) const {
    return take_in_last_run(m_plan, m_project, seconds(1), unknown);
  }

  std::size_t added(UnknownLoad unknown = UnknownLoad::leave) const {
    const auto outcome = take(unknown);
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome ? outcome->added : 0;
  }

  ProjectOptions m_project;
};

TEST_F(LastRun, IsTakenInOnce) {
  EXPECT_EQ(added(), 0U); // a load before anything ran: from now on it is known what CTest's results are of
  ctest_ran();
  EXPECT_EQ(added(), 1U);
  EXPECT_EQ(added(), 0U);
  ASSERT_THAT(journal(), SizeIs(1));
  EXPECT_EQ(journal().front().verdict, Verdict::setup);
  EXPECT_EQ(journal().front().source, "last-tests-failed");
}

// `ctest -N` writes a log of no tests, and leaves the list of the run before it.
TEST_F(LastRun, IsTakenInOnceBehindAListing) {
  EXPECT_EQ(added(), 0U);
  ctest_ran();
  EXPECT_EQ(added(), 1U);
  write("build/Testing/Temporary/LastTest.log", "Start testing: \nEnd testing: \n");
  EXPECT_EQ(added(), 0U);
  EXPECT_THAT(journal(), SizeIs(1));
}

// CTest leaves the list of an earlier run in its place where nothing failed.
TEST_F(LastRun, OfAnEarlierRunSaysNothing) {
  EXPECT_EQ(added(), 0U);
  ctest_ran();
  std::filesystem::last_write_time(m_root / "build/Testing/Temporary/LastTest.log",
                                   std::filesystem::file_time_type::clock::now() + seconds(3));
  EXPECT_EQ(added(), 0U);
  EXPECT_THAT(journal(), IsEmpty());
}

TEST_F(LastRun, OfAnUnknownLoadIsLeftUnlessItIsToBeTakenAsTheCurrentOne) {
  ctest_ran();
  EXPECT_EQ(added(), 0U);
  EXPECT_EQ(added(UnknownLoad::take_as_current), 0U); // it has been seen
  std::filesystem::remove(m_plan.common.places.state / "last-load");
  EXPECT_EQ(added(UnknownLoad::take_as_current), 1U);
}

TEST_F(LastRun, OfAnotherProfileNeedsItsMatrix) {
  m_plan.common.profile = "other";
  EXPECT_EQ(added(), 0U);
  m_plan.common.profile = "default";
  ctest_ran();
  m_project.matrix = m_root / "gone.yaml";
  const auto outcome = take();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ExitCode::input);
  EXPECT_THAT(journal(), IsEmpty());
  EXPECT_EQ(added(), 0U); // and is not tried again
}

TEST_F(LastRun, HandsOnTheProgressFileThatItLeftAsItWas) {
  const auto none = take();
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->seen);
  ASSERT_TRUE(apply_journal(store_paths(m_plan.common), m_plan, FakeClock()));
  write("progress.md", replace_all(document(), "[ ] [ ] actor-conn", "[ ] [x] actor-conn"));
  const auto read = take();
  ASSERT_TRUE(read && read->seen);
  EXPECT_TRUE(read->seen->has_text(document()));
  EXPECT_EQ(ticked_boxes(m_plan, *read->seen), ticked_boxes(m_plan));
  EXPECT_THAT(ticked_boxes(m_plan), SizeIs(1));
  write("progress.md",
        replace_all(document(), "- [ ] [x] actor-conn", "- [x] actor-gone | x\n- [ ] [ ] actor-conx"));
  const auto changed = take(); // gets the row that it lacks
  ASSERT_TRUE(changed);
  EXPECT_FALSE(changed->seen);
}

TEST_F(LastRun, WhatAPersonTicksStandsAgainstOlderResults) {
  const StorePaths paths = store_paths(m_plan.common);
  ASSERT_TRUE(record_and_apply(paths, sample_record("actor-conn", "wasm", seconds(1), Verdict::fail, "boom"),
                               m_plan, FakeClock()));
  write("progress.md", replace_all(document(), "[ ] [ ] actor-conn", "[ ] [x] actor-conn"));
  std::filesystem::last_write_time(m_plan.common.progress,
                                   std::chrono::file_clock::from_sys(k_noon + seconds(60)));
  EXPECT_EQ(added(), 0U);
  ASSERT_TRUE(record_and_apply(paths, sample_record("actor-conn", "wasm", seconds(30), Verdict::fail, "late"),
                               m_plan, FakeClock(k_noon + hours(1))));
  EXPECT_EQ(Document::parse(document()).box("actor-conn", "wasm"), BoxState::ticked);
}

} // namespace
} // namespace ctest_matrix
