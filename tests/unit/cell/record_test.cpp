#include "cell/cell_testing.hpp"
#include "cell/record.hpp"
#include "progress/store.hpp"

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

class StoppedClock : public Clock {
public:
  TimePoint now() const override { return TimePoint(seconds(1'000'000)); }

  Milliseconds monotonic() const override { return Milliseconds(5'250); }
};

class CellRecord : public CellStepTest {
protected:
  Record record(Judgement judgement) const {
    Preparation prepared;
    prepared.begin = Milliseconds(5'000);
    RunnerRun run;
    run.command = "cd DIR && runner";
    run.basis = {{"test file", "1"}};
    return make_record(task(), prepared, run, judgement, m_clock);
  }

  KeptRecord keep(const Record& record, Purpose purpose = Purpose::record,
                  const std::string& log_error = "") const {
    return keep_record(task(purpose), record, log_error, plan(), m_clock);
  }

  std::size_t journal_size() const { return read_journal(store_paths(m_common).journal)->records.size(); }

  StoppedClock m_clock;
};

TEST_F(CellRecord, HoldsTheRun) {
  const Record made = record({.verdict = Verdict::pass, .counts = {.passed = 2}, .retries = 1});
  EXPECT_EQ(made.id, "01-ab");
  EXPECT_EQ(made.cell, "a.native");
  EXPECT_EQ(made.finished, TimePoint(seconds(1'000'000)));
  EXPECT_EQ(made.duration, Milliseconds(250));
  EXPECT_EQ(made.verdict, Verdict::pass);
  EXPECT_EQ(made.command, "cd DIR && runner");
  EXPECT_FALSE(made.counted); // exit status only
  EXPECT_EQ(made.commit, "");
  EXPECT_EQ(made.source, "cell");
}

TEST_F(CellRecord, FailuresAreShortAndTheirFilesAreFound) {
  write("a.test", "");
  const Record made =
      record({.verdict = Verdict::fail, .failures = {{"one", std::string(5'000, 'x'), "a.test", 7}}});
  EXPECT_LT(made.failures.front().message.size(), 4'100U);
  EXPECT_EQ(made.failures.front().file, (m_root / "a.test").string());
}

TEST_F(CellRecord, OfALongMessageTheMiddleIsNotForgotten) {
  const auto message_with = [&](const std::string& middle) {
    const std::string lines(2'000, 'x');
    const std::string message =
        "first\n" + lines + "\n" + lines + "\n" + middle + "\n" + lines + "\nE   last\n";
    return record({.verdict = Verdict::fail, .failures = {{"one", message, "", 0}}}).failures.front().message;
  };
  const std::string kept = message_with("expected 'south' in 7 runs of job 3f0a9c1d7b22");
  EXPECT_TRUE(kept.starts_with("first\n"));
  EXPECT_TRUE(kept.ends_with("\nE   last\n"));
  EXPECT_NE(kept, message_with("expected 'north' in 7 runs of job 3f0a9c1d7b22"));
  EXPECT_EQ(kept, message_with("expected 'south' in 9 runs of job 26c3e27b9a01")); // numbers and ids
}

TEST_F(CellRecord, IsWrittenAndTicksItsBox) {
  const KeptRecord kept = keep(record({.verdict = Verdict::pass}));
  EXPECT_EQ(kept.trouble, "");
  EXPECT_EQ(kept.record.verdict, Verdict::pass);
  EXPECT_EQ(journal_size(), 1U);
  EXPECT_NE(read_file(m_common.progress)->find("- [x] a | A Tests"), std::string::npos)
      << *read_file(m_common.progress);
}

TEST_F(CellRecord, OfANarrowedRunIsNot) {
  EXPECT_EQ(keep(record({.verdict = Verdict::pass}), Purpose::narrow).trouble, "");
  EXPECT_EQ(journal_size(), 0U);
  EXPECT_FALSE(fs::exists(m_common.progress));
}

TEST_F(CellRecord, APassThatCannotBeKeptIsNone) {
  fs::create_directory(m_common.progress);
  const KeptRecord kept = keep(record({.verdict = Verdict::pass}));
  EXPECT_NE(kept.trouble, "");
  EXPECT_EQ(kept.record.verdict, Verdict::setup);
  EXPECT_EQ(kept.record.brief, kept.trouble);
  EXPECT_EQ(keep(record({.verdict = Verdict::fail, .brief = "one"})).record.verdict, Verdict::fail);
}

TEST_F(CellRecord, APassWithoutItsLogIsNone) {
  const KeptRecord kept = keep(record({.verdict = Verdict::pass}), Purpose::record, "the disk is full");
  EXPECT_EQ(kept.trouble, "the disk is full");
  EXPECT_EQ(kept.record.verdict, Verdict::setup);
}

} // namespace
} // namespace ctest_matrix
