#include "base/file_lock.hpp"
#include "base/text.hpp"
#include "plan/identity.hpp"
#include "progress/checkout_testing.hpp"
#include "progress/intake.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {
namespace {

using std::chrono::minutes;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class Intake : public CheckoutTest {
protected:
  /// A journal of another machine, by its path.
  std::filesystem::path foreign_journal(std::vector<Record> records) const {
    for (Record& record : records) {
      record.identity = cell_identity(m_plan.common, record.row, record.axes);
    }
    return anybodys_journal(records);
  }

  std::filesystem::path anybodys_journal(const std::vector<Record>& records) const {
    const std::filesystem::path path = m_root / "other" / "journal.jsonl";
    EXPECT_TRUE(append_records(path, records));
    return path;
  }

  std::string failed_junit() const {
    return fmt::format(
        R"(<testsuite name="demo" tests="1" failures="1" disabled="0" skipped="0" hostname="box" time="1" )"
        R"(timestamp="2026-05-02T12:05:00"><testcase name="actor-conn.wasm" classname="actor-conn.wasm" )"
        R"(time="1" status="fail"><failure message="Timeout"/><system-out></system-out></testcase></testsuite>)");
  }

  IntakeOutcome take(const ResultFiles& files) const {
    const auto outcome = take_in(m_plan, files);
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome ? *outcome : IntakeOutcome();
  }
};

TEST_F(Intake, TakesARecordInOnce) {
  ResultFiles files;
  files.journal = {
      foreign_journal({sample_record("actor-conn", "wasm", minutes(2)),
                       sample_record("actor-conn", "native", minutes(1), Verdict::fail, "boom")})};
  const IntakeOutcome first = take(files);
  EXPECT_EQ(first.added, 2U);
  EXPECT_EQ(first.progress, m_plan.common.progress);
  EXPECT_THAT(first.message, StartsWith(fmt::format("{}: 2 new results, 2 lines in the log\n",
                                                    m_plan.common.progress.string())));
  EXPECT_THAT(first.message, HasSubstr("Parity gaps: 1\n"));
  EXPECT_THAT(document(), HasSubstr("- [ ] [x] actor-conn | "));
  ASSERT_THAT(journal(), SizeIs(2));
  EXPECT_EQ(journal().front().column, "native"); // the oldest first
  const std::string before = document();
  EXPECT_EQ(take(files).added, 0U);
  EXPECT_EQ(document(), before);
  EXPECT_THAT(journal(), SizeIs(2));
}

// Shares with all that can be wrong with them, in every order: one and the same journal and progress file.
TEST_F(Intake, AnyOrderOfTheFilesGivesTheSameBytes) {
  const auto in_share = [&](const char* share, Record record) {
    record.share = share;
    record.split = "5";
    record.commit = "c0ffee";
    record.identity = cell_identity(m_plan.common, record.row, record.axes);
    return serialise_record(record) + "\n";
  };
  const Record pass = sample_record("actor-conn", "wasm", minutes(1));
  Record contrary = pass;
  contrary.verdict = Verdict::fail;
  Record begin = sample_record("actor-state", "wasm", minutes(9));
  begin.kind = RecordKind::begin;
  const std::vector<std::string> texts{
      in_share("1/4", pass) + in_share("1/4", sample_record("actor-conn", "native", minutes(4))),
      in_share("1/4", contrary) + in_share("4/4", sample_record("manager-driver", "native", minutes(2))),
      in_share("2/4", sample_record("actor-conn", "native", minutes(3), Verdict::fail, "boom")) +
          in_share("2/4", sample_record("actor-state", "wasm", minutes(5))),
      in_share("3/4", sample_record("manager-driver", "wasm", minutes(6))) + in_share("3/4", begin) +
          "damaged\n"};
  std::vector<std::size_t> order{0, 1, 2, 3};
  std::string wanted;
  do {
    std::filesystem::remove_all(store_paths(m_plan.common).journal.parent_path());
    std::filesystem::remove(m_plan.common.progress);
    ResultFiles files;
    for (const std::size_t i : order) {
      write("other/" + std::to_string(i) + ".jsonl", texts[i]);
      files.journal.push_back(m_root / "other" / (std::to_string(i) + ".jsonl"));
    }
    const IntakeOutcome outcome = take(files);
    EXPECT_THAT(outcome.message, HasSubstr("other/3.jsonl:3: no record of a journal"));
    const auto text = read_file(store_paths(m_plan.common).journal);
    ASSERT_TRUE(text);
    const std::string got = *text + document();
    wanted = wanted.empty() ? got : wanted;
    EXPECT_EQ(got, wanted);
  } while (std::ranges::next_permutation(order).found);
  EXPECT_THAT(wanted, HasSubstr("- [ ] [ ] actor-conn | "));     // both contradicted
  EXPECT_THAT(wanted, HasSubstr("- [ ] [ ] actor-state | "));    // it began again
  EXPECT_THAT(wanted, HasSubstr("- [x] [ ] manager-driver | ")); // a line that may be of any cell before it
}

// Two packages of a repository whose cells have the same names, and journals of a version that says nothing
// of it.
TEST_F(Intake, LeavesOutWhatIsOfAnotherMatrix) {
  Record other = sample_record("actor-conn", "wasm", minutes(2));
  other.identity = "0123456789abcdef";
  const Record nobodys = sample_record("actor-conn", "native", minutes(2));
  ResultFiles files;
  files.journal = {anybodys_journal({other, nobodys})};
  const auto refused = take_in(m_plan, files);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ExitCode::input);
  EXPECT_THAT(refused.error().message,
              HasSubstr("expected results of the matrix demo, found 2 results of another one"));
  EXPECT_EQ(document(), "");
  files.journal = {foreign_journal({sample_record("actor-state", "wasm", minutes(3)),
                                    sample_record("actor-state", "native", minutes(3))})};
  const IntakeOutcome outcome = take(files);
  EXPECT_EQ(outcome.added, 2U);
  EXPECT_EQ(outcome.foreign, 2);
  EXPECT_THAT(outcome.message, HasSubstr("2 results of another matrix or of unknown origin: left out\n"));
  EXPECT_THAT(document(), HasSubstr("- [ ] [ ] actor-conn | "));
  EXPECT_THAT(document(), HasSubstr("- [x] [x] actor-state | "));
}

TEST_F(Intake, OfVersion01OnlyFailuresCount) {
  ResultFiles files;
  files.journal = {anybodys_journal({sample_record("actor-conn", "wasm", minutes(2)),
                                     sample_record("actor-conn", "native", minutes(1), Verdict::fail, "boom"),
                                     sample_reset(minutes(3))})};
  const IntakeOutcome outcome = take(files);
  EXPECT_EQ(outcome.added, 1U);
  EXPECT_EQ(outcome.foreign, 1);
  EXPECT_THAT(document(), HasSubstr("actor-conn [native]: FAIL - boom"));
}

// A person has opened the box since.
TEST_F(Intake, AppliesNothingThatWasAppliedFromAnotherJournal) {
  const std::vector<Record> records{sample_record("actor-conn", "wasm", minutes(2))};
  ResultFiles files;
  files.journal = {foreign_journal(records)};
  Plan other = m_plan;
  other.common.places.state = m_root / "other" / "state";
  ASSERT_TRUE(record_and_apply(store_paths(m_plan.common),
                               sample_record("actor-conn", "wasm", minutes(1), Verdict::fail, "boom"), m_plan,
                               FakeClock(k_noon + minutes(3))));
  ASSERT_TRUE(record_and_apply(store_paths(other.common), records[0], other, FakeClock(k_noon + minutes(3))));
  write("progress.md", replace_all(document(), "[ ] [x] actor-conn", "[ ] [ ] actor-conn"));
  const std::string before = document();
  EXPECT_EQ(take(files).added, 1U);
  EXPECT_EQ(document(), before);
}

TEST_F(Intake, TakesNothingInWhereOneFileCannotBeRead) {
  ResultFiles files;
  files.journal = {foreign_journal({sample_record("actor-conn", "wasm", minutes(2))})};
  write("bad.xml", "<testsuites/>");
  files.junit = {m_root / "bad.xml"};
  const auto outcome = take_in(m_plan, files);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ExitCode::input);
  EXPECT_THAT(outcome.error().message, StartsWith((m_root / "bad.xml").string() + ": "));
  EXPECT_THAT(journal(), IsEmpty());
  EXPECT_EQ(document(), "");
  write("empty.jsonl", "");
  const auto empty = take_in(
      m_plan, {.junit = {}, .test_xml = {}, .last_test_log = {}, .journal = {m_root / "empty.jsonl"}});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().message,
            (m_root / "empty.jsonl").string() + ": expected a journal, found no record");
}

TEST_F(Intake, TellsWhatCtestAloneSaw) {
  write("junit.xml", failed_junit());
  ResultFiles files;
  files.junit = {m_root / "junit.xml"};
  EXPECT_EQ(take(files).added, 1U);
  ASSERT_THAT(journal(), SizeIs(1));
  EXPECT_EQ(journal().front().cell, "actor-conn.wasm");
  EXPECT_EQ(journal().front().verdict, Verdict::timeout);
  EXPECT_EQ(journal().front().source, "junit");
  EXPECT_EQ(take(files).added, 0U);
}

TEST_F(Intake, WaitsForNobodyForLongerThanItsPatience) {
  std::filesystem::create_directories(m_plan.common.places.state);
  const auto held = FileLock::acquire(m_plan.common.places.state / "intake.lock", Milliseconds(0));
  ASSERT_TRUE(held);
  const auto outcome = take_in(m_plan, {}, Milliseconds(0));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ExitCode::setup);
}

} // namespace
} // namespace ctest_matrix
