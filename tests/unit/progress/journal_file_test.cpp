#include "base/files.hpp"
#include "progress/checkout_testing.hpp"
#include "progress/journal_file.hpp"
#include "progress/kept_formats.hpp"

#include <fmt/format.h>

#include <sys/wait.h>
#include <unistd.h>

namespace ctest_matrix {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::SizeIs;
using ::testing::StartsWith;

class CompactJournal : public CheckoutTest {
protected:
  std::filesystem::path path() const { return store_paths(m_plan.common).journal; }

  static Record result(int number, const std::string& column = "wasm") {
    Record record = sample_record("actor-conn", column, milliseconds(number));
    record.id = fmt::format("{:012x}-{:08x}", number, number);
    return record;
  }

  void append(int from, int to) const {
    std::vector<Record> records;
    for (int i = from; i < to; ++i) {
      records.push_back(result(i));
    }
    ASSERT_TRUE(append_records(path(), records));
  }

  ApplySummary apply() const {
    const auto applied = apply_journal(store_paths(m_plan.common), m_plan, FakeClock(k_noon + hours(1)));
    EXPECT_TRUE(applied);
    return applied ? *applied : ApplySummary();
  }

  void compact() const {
    const auto compacted = compact_journal(path());
    ASSERT_TRUE(compacted) << compacted.error().message;
  }
};

/// What a later program has recorded is not to be overlooked: neither taken in by halves, nor taken out, nor
/// given up.
TEST_F(CompactJournal, WithALaterRecordIsRefused) {
  append(0, 3);
  apply();
  const StorePaths paths = store_paths(m_plan.common);
  EXPECT_TRUE(check_kept_formats(paths));
  ASSERT_TRUE(append_line_durably(path(), R"({"version":2,"kind":"cell","id":"x"})"));
  append(3, 4);
  const std::string before = document();
  for (const auto& refused : {apply_journal(paths, m_plan, FakeClock(k_noon + hours(1))).error(),
                              read_journal(path()).error(), check_kept_formats(paths).error()}) {
    EXPECT_EQ(refused.code, ExitCode::input);
    EXPECT_THAT(refused.message,
                StartsWith(path().string() + " was written by a later ctest-matrix: expected format 1 or "
                                             "an earlier one, got 2"));
  }
  EXPECT_EQ(document(), before);
  compact();
  EXPECT_FALSE(read_journal(path()));
}

TEST_F(CompactJournal, KeepsTheNewestResultsOfACell) {
  append(0, 1000);
  apply();
  const auto before = read_journal(path());
  const auto size = std::filesystem::file_size(path());
  compact();
  EXPECT_LT(std::filesystem::file_size(path()), size / 5);
  ASSERT_THAT(journal(), SizeIs(100));
  EXPECT_EQ(journal().front().id, result(900).id);
  EXPECT_EQ(read_journal(path())->unreadable, 0);
  EXPECT_EQ(read_journal(path())->end, before->end);
  EXPECT_THAT(dropped_ids(path()), SizeIs(900));
  EXPECT_EQ(dropped_ids(path()).count(result(899).id), 1U);
}

TEST_F(CompactJournal, ChangesNoOffset) {
  append(0, 1000);
  apply();
  const std::uint64_t end = read_journal(path())->end;
  const std::string document_before = document();
  compact();
  append(1000, 1003);
  const auto more = read_journal(path(), end);
  ASSERT_TRUE(more);
  EXPECT_THAT(more->records, SizeIs(3));
  EXPECT_EQ(more->unreadable, 0);
  const ApplySummary applied = apply();
  EXPECT_EQ(applied.fold.applied, 3); // and nothing was looked at again
  EXPECT_EQ(applied.fold.ignored, 0);
  // Whoever had stopped before finds all that was kept since.
  const auto earlier = read_journal(path(), end / 2);
  ASSERT_TRUE(earlier);
  EXPECT_EQ(earlier->records.back().id, result(1002).id);
  append(1003, 2000);
  apply();
  compact();
  ASSERT_THAT(journal(), SizeIs(100));
  EXPECT_EQ(journal().back().id, result(1999).id);
  EXPECT_THAT(dropped_ids(path()), SizeIs(1900));
}

TEST_F(CompactJournal, KeepsWhatIsNotAppliedYet) {
  append(0, 300);
  apply();
  append(300, 600);
  compact();
  EXPECT_THAT(journal(), SizeIs(300));
  EXPECT_EQ(journal().front().id, result(300).id);
  EXPECT_EQ(apply().fold.applied, 300);
}

TEST_F(CompactJournal, LeavesAloneWhatIsAsked) {
  append(0, 150);
  apply();
  compact();
  EXPECT_THAT(journal(), SizeIs(150));
  EXPECT_THAT(dropped_ids(path()), SizeIs(0));
  EXPECT_FALSE(is_large_journal(path()));
}

TEST_F(CompactJournal, LosesNothingThatIsAppendedMeanwhile) {
  append(0, 1000);
  apply();
  const pid_t child = fork();
  if (child == 0) {
    for (int i = 0; i < 300; ++i) {
      if (!append_record_quickly(path(), result(i, "native"))) {
        _exit(1);
      }
    }
    _exit(0);
  }
  for (int round = 0; round < 40; ++round) {
    compact();
    append(1000 + round * 250, 1000 + (round + 1) * 250);
    apply();
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  apply();
  const std::string text = document();
  std::set<std::string> known = dropped_ids(path());
  for (const Record& record : journal()) {
    known.insert(record.id + record.column);
  }
  // Ids of the two columns are the same: those of the appender are kept or were dropped as the oldest of 100.
  int found = 0;
  for (int i = 200; i < 300; ++i) {
    found += known.contains(result(i).id + "native") ? 1 : 0;
  }
  EXPECT_EQ(found, 100);
}

} // namespace
} // namespace ctest_matrix
