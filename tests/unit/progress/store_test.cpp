#include "base/files.hpp"
#include "base/text.hpp"
#include "progress/samples.hpp"
#include "progress/store.hpp"
#include "progress/store_state.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <unistd.h>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using File = ApplySummary::File;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// As version 2 of the format was: a line of JSON, and lines of fields between tabs.
constexpr const char* k_older_state =
    R"({"document":"/progress.md","intent":null,"mark":{"begin":0,"last_line":"","offset":0},"outline":null,)"
    R"("size":45,"version":2})"
    "\nc\tactor-conn.wasm\t1777723260000\t0-1\t1\ns\nt\tx\n";

class Store : public ::testing::Test {
protected:
  void SetUp() override {
    use_utc();
    std::string pattern = (fs::temp_directory_path() / "store_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_directory = pattern;
    m_paths = {m_directory / "notes" / "progress.md", m_directory / "build" / "journal.jsonl",
               m_directory / "build" / "progress-state.json"};
  }

  void TearDown() override {
    if (!HasFailure()) {
      fs::remove_all(m_directory);
    }
  }

  ApplySummary apply() {
    auto summary = apply_journal(m_paths, m_plan, m_clock);
    EXPECT_TRUE(summary) << summary.error().message;
    return summary ? *summary : ApplySummary{};
  }

  ApplySummary add(const Record& record) {
    auto summary = record_and_apply(m_paths, record, m_plan, m_clock);
    EXPECT_TRUE(summary) << summary.error().message;
    return summary ? *summary : ApplySummary{};
  }

  std::string error() {
    const auto summary = apply_journal(m_paths, m_plan, m_clock);
    EXPECT_FALSE(summary);
    EXPECT_EQ(summary.error().code, ExitCode::input);
    return replace_all(summary.error().message, m_directory.string(), "DIR");
  }

  std::string document() const { return *read_file(m_paths.progress); }

  void write_document(std::string_view text) { ASSERT_TRUE(write_file_atomic(m_paths.progress, text)); }

  BoxState box(const std::string& row, const std::string& column) const {
    return *Document::parse(document()).box(row, column);
  }

  fs::path m_directory;
  StorePaths m_paths;
  Plan m_plan = driver_plan();
  FakeClock m_clock{k_noon + hours(1)};
};

TEST_F(Store, MakesAMissingFile) {
  const ApplySummary summary = apply();
  EXPECT_EQ(summary.file, File::created);
  EXPECT_FALSE(summary.complete);
  EXPECT_THAT(summary.inserted, IsEmpty());
  EXPECT_THAT(summary.problems, IsEmpty());
  EXPECT_EQ(document(), render_document(m_plan, m_clock.now()));
  EXPECT_EQ(apply().file, File::untouched);
}

TEST_F(Store, AppliesARecordToANewFile) {
  EXPECT_EQ(add(sample_record("actor-conn", "wasm", minutes(1))).file, File::created);
  EXPECT_EQ(document(), R"(# Driver Test Suite Progress

Started: 2026-05-02T12:00:28+00:00
Config: registry (static), encoding (bare), runtimes (native, wasm)

Each row: `[native] [wasm] <file> | <suite description>`

## Fast Tests

- [ ] [ ] manager-driver | Manager Driver Tests
- [ ] [x] actor-conn | Actor Connection Tests

## Slow Tests

- [ ] [ ] actor-state | Actor State Tests

## Excluded

- [ ] [ ] actor-agent-os | Actor agentOS Tests (skip unless explicitly requested)

## Log

- 2026-05-02T12:01:00+00:00 actor-conn [wasm]: PASS (25 tests, 31.2s)
)");
}

TEST_F(Store, WithNothingToApplyTouchesNothing) {
  add(sample_record("actor-conn", "wasm", minutes(1)));
  write_document("\n" + document());
  EXPECT_EQ(apply().file, File::untouched);
  const auto time = fs::last_write_time(m_paths.progress) - std::chrono::seconds(100);
  fs::last_write_time(m_paths.progress, time);
  fs::last_write_time(m_paths.state, time);
  EXPECT_EQ(apply().file, File::untouched);
  EXPECT_EQ(fs::last_write_time(m_paths.progress), time);
  EXPECT_EQ(fs::last_write_time(m_paths.state), time);
  // Old, foreign and unreadable evidence moves the mark only.
  ASSERT_TRUE(append_record(m_paths.journal, sample_record("actor-conn", "wasm", seconds(1), Verdict::fail)));
  ASSERT_TRUE(append_record(m_paths.journal, sample_record("actor-gone", "wasm", minutes(2))));
  ASSERT_TRUE(append_line_durably(m_paths.journal, "{}"));
  const ApplySummary summary = apply();
  EXPECT_EQ(summary.fold,
            (FoldResult{.ignored = 1, .before_start = 1, .foreign = 1, .lines = {}, .boxless = {}}));
  EXPECT_EQ(summary.unreadable, 1);
  EXPECT_EQ(fs::last_write_time(m_paths.progress), time);
  EXPECT_EQ(apply().unreadable, 0);
}

TEST_F(Store, WhatAPersonEditsStandsUntilANewerRecord) {
  add(sample_record("actor-conn", "wasm", minutes(1)));
  add(sample_record("actor-conn", "native", minutes(1), Verdict::fail, "boom"));
  write_document(replace_all(document(), "[ ] [x] actor-conn", "[x] [ ] actor-conn"));
  fs::last_write_time(m_paths.progress, std::chrono::file_clock::from_sys(k_noon + seconds(90)));
  add(sample_record("actor-state", "wasm", minutes(2)));
  add(sample_record("actor-conn", "native", seconds(80), Verdict::fail, "late news"));
  EXPECT_EQ(box("actor-conn", "native"), BoxState::ticked);
  EXPECT_EQ(box("actor-conn", "wasm"), BoxState::open);
  add(sample_record("actor-conn", "wasm", minutes(3)));
  EXPECT_EQ(box("actor-conn", "wasm"), BoxState::ticked);
}

TEST_F(Store, KeepsEveryOtherByte) {
  const std::string text = "# Mine\r\nStarted: 2026-05-01\r\n"
                           "Config: registry (static), encoding (bare), runtimes (native)\r\n"
                           "Each row: `[native] [wasm] <file> | <suite description>`\r\n"
                           "* [-]  [!]\tactor-conn | \xFF\xFE broken\r\n\r\n## Log\r\n\r\npassed after lunch";
  write_document(text);
  m_plan.rows = {m_plan.rows[1]};
  add(sample_record("actor-conn", "wasm", minutes(1)));
  EXPECT_EQ(document(), replace_all(text, "[!]", "[x]") +
                            "\r\n- 2026-05-02T12:01:00+00:00 actor-conn [wasm]: PASS (25 tests, 31.2s)\r\n");
}

TEST_F(Store, InsertsNewRowsAndListsOldOnes) {
  apply();
  write_document(
      replace_all(document(), "actor-conn | Actor Connection Tests", "actor-old | Actor Old Tests"));
  const ApplySummary summary = apply();
  EXPECT_EQ(summary.file, File::changed);
  EXPECT_THAT(summary.inserted, ElementsAre("actor-conn"));
  EXPECT_THAT(summary.unknown_rows, ElementsAre("actor-old"));
  EXPECT_EQ(apply().file, File::untouched);
  add(sample_record("actor-conn", "wasm", minutes(61)));
  EXPECT_NE(document().find("- [ ] [ ] manager-driver | Manager Driver Tests\n"
                            "- [ ] [x] actor-conn | Actor Connection Tests\n"
                            "- [ ] [ ] actor-old | Actor Old Tests\n"),
            std::string::npos);
}

TEST_F(Store, NamesTheOdditiesOfTheFile) {
  apply();
  write_document(replace_all(document(), "- [ ] [ ] actor-state", "- [x] actor-state"));
  const ApplySummary summary = add(sample_record("actor-state", "wasm", minutes(61)));
  EXPECT_THAT(summary.problems,
              ElementsAre(m_paths.progress.string() +
                          ":15: row 'actor-state': expected 2 boxes (native, wasm), got 1"));
  EXPECT_THAT(summary.fold.boxless, ElementsAre("actor-state.wasm"));
}

TEST_F(Store, RefusesAFileOfAnotherConfiguration) {
  add(sample_record("actor-conn", "wasm", minutes(1)));
  const std::string before = document();
  m_plan = driver_plan("cbor");
  m_plan.common.config = "registry (static), encoding (cbor), runtimes (wasm)";
  Record record = sample_record("actor-state", "wasm", minutes(2));
  record.axes = sample_axes("wasm", "cbor");
  ASSERT_TRUE(append_record(m_paths.journal, record));
  EXPECT_EQ(error(), R"(DIR/notes/progress.md was made for another configuration
  asked for: registry (static), encoding (cbor), runtimes (wasm)
  in the file: registry (static), encoding (bare), runtimes (native, wasm)
  the records stay in DIR/build/journal.jsonl
  ways to go on:
    reset: start this file over for what is asked
    use a profile with a `progress:` path of its own
    move the file away: a new one is made)");
  EXPECT_EQ(document(), before);

  // The refused record never ticks a box of the other configuration.
  const Plan cbor = std::exchange(m_plan, driver_plan());
  EXPECT_EQ(apply().fold.foreign, 1);
  EXPECT_EQ(document(), before);

  m_plan = cbor;
  record.finished += minutes(1);
  ASSERT_TRUE(append_record(m_paths.journal, record));
  const ApplySummary summary = add(sample_reset(minutes(4)));
  EXPECT_EQ(summary.fold.resets, 1);
  EXPECT_EQ(box("actor-conn", "wasm"), BoxState::open);
  EXPECT_EQ(box("actor-state", "wasm"), BoxState::open);
  EXPECT_EQ(Document::parse(document()).config(), cbor.common.config);
  EXPECT_EQ(Document::parse(document()).started(), "2026-05-02T12:04:00+00:00");
}

TEST_F(Store, AnOldResetDoesNotTakeOver) {
  add(sample_reset(minutes(1)));
  add(sample_record("actor-conn", "wasm", minutes(2)));
  fs::remove(m_paths.state);
  EXPECT_FALSE(apply_journal(m_paths, driver_plan("cbor"), m_clock));
}

TEST_F(Store, AMovedAwayFileIsMadeAnew) {
  add(sample_record("actor-conn", "wasm", minutes(1)));
  fs::rename(m_paths.progress, m_directory / "old.md");
  m_plan = driver_plan("cbor");
  EXPECT_EQ(apply().file, File::created);
  EXPECT_EQ(document(), render_document(m_plan, m_clock.now()));
}

TEST_F(Store, RefusesWhatIsNoProgressFile) {
  write_document("# Shopping\n\n- milk\n");
  EXPECT_EQ(error(), R"(DIR/notes/progress.md is not a progress file: it has no `Config:` line and no rows
  the records stay in DIR/build/journal.jsonl
  ways to go on:
    use a profile with a `progress:` path of its own
    move the file away: a new one is made)");
  EXPECT_EQ(document(), "# Shopping\n\n- milk\n");
  write_document("Config: encoding (bare)\n\n~~~\n- [ ] [ ] actor-conn\n");
  EXPECT_EQ(error(),
            "DIR/notes/progress.md:3: the code block or comment that begins here has no end, so that "
            "the rows and the log behind it cannot be told from it\n"
            "  the records stay in DIR/build/journal.jsonl");
  const std::string conflict = "Config: encoding (bare)\n\n<<<<<<< HEAD\n- [x] [ ] actor-conn\n=======\n"
                               "- [ ] [ ] actor-conn\n>>>>>>> topic\n";
  write_document(conflict);
  EXPECT_EQ(
      error(),
      "DIR/notes/progress.md:3: a conflict of a merge begins here that nobody has resolved, so that it is "
      "not known which boxes count\n"
      "  the records stay in DIR/build/journal.jsonl");
  EXPECT_EQ(document(), conflict);
  write_document("Config: encoding (bare)\n- [ ] actor-conn\n");
  EXPECT_EQ(error(), R"(DIR/notes/progress.md has boxes for other columns
  asked for: native, wasm
  in the file: no legend
  the records stay in DIR/build/journal.jsonl
  ways to go on:
    use a profile with a `progress:` path of its own
    move the file away: a new one is made)");
  write_document("Each row: `[native] [wasm] <file>`\n- [ ] [ ] actor-conn\n");
  EXPECT_EQ(error(), R"(DIR/notes/progress.md was made for another configuration
  asked for: registry (static), encoding (bare), runtimes (native, wasm)
  in the file: no `Config:` line
  the records stay in DIR/build/journal.jsonl
  ways to go on:
    reset: start this file over for what is asked
    use a profile with a `progress:` path of its own
    move the file away: a new one is made)");
  write_document(" \n");
  EXPECT_EQ(apply().file, File::changed);
  EXPECT_EQ(document(), render_document(m_plan, m_clock.now()));
}

TEST_F(Store, RefusesNamesThatNoRowCanHave) {
  for (const char* name : {"actor conn", "a|b", "", "*", "`a`", "[x] a"}) {
    std::vector<Row> rows = m_plan.rows.elements();
    rows[0].name = name;
    m_plan.rows = std::move(rows);
    EXPECT_EQ(error(),
              fmt::format("row '{}' cannot be a line of a progress file: expected a name without white "
                          "space, '|' and markup, and a suite on one line",
                          name));
  }
}

TEST_F(Store, FollowsANewJournal) {
  add(sample_record("actor-conn", "wasm", minutes(1)));
  add(sample_record("manager-driver", "wasm", minutes(2)));
  const std::string before = document();
  fs::remove(m_paths.journal);
  EXPECT_EQ(apply().file, File::untouched);
  EXPECT_EQ(document(), before);
  Record longer = sample_record("actor-state", "wasm", minutes(3), Verdict::fail, std::string(2000, 'a'));
  add(longer);
  add(sample_record("actor-state", "wasm", minutes(4)));
  EXPECT_EQ(box("actor-conn", "wasm"), BoxState::ticked);
  EXPECT_EQ(box("actor-state", "wasm"), BoxState::ticked);
  EXPECT_EQ(Document::parse(document()).log().size(), 5U);
}

TEST_F(Store, FollowsANewJournalThatIsLonger) {
  add(sample_record("actor-conn", "wasm", minutes(1)));
  fs::remove(m_paths.journal);
  add(sample_record("actor-state", "wasm", minutes(3), Verdict::fail, std::string(2000, 'a')));
  EXPECT_EQ(Document::parse(document()).log().size(), 3U);
}

TEST_F(Store, AppliesAgainNothingOfAJournalThatLostItsEnd) {
  add(sample_record("actor-conn", "wasm", minutes(1)));
  const auto size = fs::file_size(m_paths.journal);
  add(sample_record("actor-state", "wasm", minutes(2)));
  fs::resize_file(m_paths.journal, size);
  const std::string before = document();
  EXPECT_EQ(apply().fold.ignored, 1);
  EXPECT_EQ(document(), before);
}

TEST_F(Store, ALostOrBrokenStateChangesNothing) {
  add(sample_record("actor-conn", "wasm", minutes(1), Verdict::fail, "boom"));
  add(sample_record("actor-conn", "wasm", minutes(2)));
  add(sample_record("actor-state", "wasm", minutes(3)));
  write_document(replace_all(document(), "[ ] [x] actor-conn", "[ ] [ ] actor-conn"));
  const std::string before = document();
  for (const char* state : {"", "{", "[]", "{\"version\":1}", k_older_state}) {
    ASSERT_TRUE(write_file_atomic(m_paths.state, state));
    EXPECT_EQ(apply().fold, (FoldResult{.ignored = 1, .already = 2, .lines = {}, .boxless = {}}));
    EXPECT_EQ(document(), before);
  }
  add(sample_record("actor-conn", "wasm", minutes(4)));
  EXPECT_EQ(box("actor-conn", "wasm"), BoxState::ticked);
}

// Out of a backup, or of a copy of the build directory.
TEST_F(Store, AnOlderStateAppliesNothingAgain) {
  add(sample_record("actor-conn", "wasm", minutes(1)));
  const std::string older = *read_file(m_paths.state);
  add(sample_record("actor-conn", "wasm", minutes(2), Verdict::fail, "boom"));
  add(sample_record("actor-state", "wasm", minutes(3)));
  write_document(replace_all(document(), "[ ] [ ] actor-conn", "[ ] [x] actor-conn"));
  const std::string before = document();
  ASSERT_TRUE(write_file_atomic(m_paths.state, older));
  EXPECT_EQ(apply().fold.already, 2);
  EXPECT_EQ(document(), before);
  add(sample_record("actor-conn", "wasm", minutes(4), Verdict::fail, "boom"));
  EXPECT_EQ(box("actor-conn", "wasm"), BoxState::open);
}

// The log has whole seconds, and a person edits between two equal results.
TEST_F(Store, TwoEqualResultsOfASecondBothCount) {
  add(sample_record("actor-conn", "wasm", minutes(1)));
  write_document(replace_all(document(), "[ ] [x] actor-conn", "[ ] [ ] actor-conn"));
  fs::last_write_time(m_paths.progress, std::chrono::file_clock::from_sys(k_noon + minutes(1)));
  add(sample_record("actor-conn", "wasm", minutes(1) + std::chrono::milliseconds(100)));
  EXPECT_EQ(box("actor-conn", "wasm"), BoxState::ticked);
}

// The disk got the line of a failure, but not the box.
TEST_F(Store, AfterThePowerWentNoFailureIsTicked) {
  add(sample_record("actor-conn", "wasm", minutes(1)));
  const std::string state = *read_file(m_paths.state);
  add(sample_record("actor-conn", "wasm", minutes(2), Verdict::fail, "boom"));
  write_document(replace_all(document(), "[ ] [ ] actor-conn", "[ ] [x] actor-conn"));
  const auto parsed = parse_state(state);
  ASSERT_TRUE(parsed);
  StoreState torn = *parsed;
  torn.boot = "another boot";
  ASSERT_TRUE(write_file_atomic(m_paths.state, serialise_state(torn)));
  EXPECT_EQ(apply().fold.torn, 1);
  EXPECT_EQ(box("actor-conn", "wasm"), BoxState::open);
  EXPECT_EQ(Document::parse(document()).log().size(), 3U);
}

TEST_F(Store, ATakenAwayFileStartsOver) {
  m_plan = one_box_plan({{"wasm.a", {}}, {"wasm.b", {}}});
  const auto record = [](const std::string& name, Milliseconds after) {
    Record part = sample_record("actor-conn", "wasm", after);
    part.cell = "actor-conn.wasm." + name;
    part.axes = {};
    return part;
  };
  add(record("a", minutes(1)));
  fs::remove(m_paths.progress);
  add(record("b", minutes(2)));
  EXPECT_EQ(box("actor-conn", "wasm"), BoxState::open);
  add(record("a", minutes(3)));
  EXPECT_EQ(box("actor-conn", "wasm"), BoxState::ticked);
}

TEST_F(Store, ATornRecordIsPassedOver) {
  add(sample_record("actor-conn", "wasm", minutes(1)));
  const std::string line = serialise_record(sample_record("actor-state", "wasm", minutes(2)));
  const std::string journal = *read_file(m_paths.journal);
  ASSERT_TRUE(write_file_atomic(m_paths.journal, journal + line.substr(0, line.size() - 5)));
  EXPECT_EQ(apply().unreadable, 1);
  const ApplySummary summary = add(sample_record("actor-state", "native", minutes(3)));
  EXPECT_EQ(summary.unreadable, 1);
  EXPECT_EQ(summary.fold.applied, 1);
  EXPECT_EQ(box("actor-state", "wasm"), BoxState::open);
  EXPECT_EQ(box("actor-state", "native"), BoxState::ticked);
}

TEST_F(Store, FollowsASymbolicLink) {
  apply();
  const fs::path target = m_directory / "target.md";
  fs::rename(m_paths.progress, target);
  fs::create_symlink(target, m_paths.progress);
  add(sample_record("actor-conn", "wasm", minutes(61)));
  EXPECT_TRUE(fs::is_symlink(m_paths.progress));
  EXPECT_EQ(box("actor-conn", "wasm"), BoxState::ticked);
}

TEST_F(Store, SaysWhenAllIsComplete) {
  ApplySummary summary;
  Milliseconds after = minutes(1);
  for (const Box& each : Boxes(m_plan)) {
    if (!each.row->is_excluded()) {
      EXPECT_FALSE(summary.complete);
      summary = add(sample_record(each.row->name, each.column->name, after += seconds(1)));
    }
  }
  EXPECT_TRUE(summary.complete);
  EXPECT_TRUE(summary.fold.completed);
  EXPECT_TRUE(document().ends_with("- 2026-05-02T12:01:06+00:00 actor-state [wasm]: PASS (25 tests, 31.2s)\n"
                                   "- 2026-05-02T12:01:06+00:00 ALL TESTS COMPLETE\n"));
}

} // namespace
} // namespace ctest_matrix
