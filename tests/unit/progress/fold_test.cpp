#include "base/text.hpp"
#include "progress/fold.hpp"
#include "progress/samples.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Record sample_note(const std::string& text) {
  Record note;
  note.kind = RecordKind::note;
  note.id = "019de8d81be8-0badbeef";
  note.profile = "default";
  note.finished = k_noon + seconds(1);
  note.row = "actor-conn";
  note.column = "wasm";
  note.brief = text;
  return note;
}

class FoldTest : public ::testing::Test {
protected:
  void SetUp() override {
    use_utc();
    m_document = Document::parse(render_document(driver_plan(), k_noon));
  }

  FoldResult fold(const std::vector<Record>& records) {
    return apply(m_document, records, m_plan, m_state, k_noon + hours(24));
  }

  /// Box by box, `x` or a space, without the excluded row.
  std::string boxes() const {
    std::string marks;
    for (const Box& box : Boxes(m_plan)) {
      if (!box.row->is_excluded()) {
        marks += m_document.box(box.row->name, box.column->name) == BoxState::ticked ? 'x' : '.';
      }
    }
    return marks;
  }

  std::vector<Record> all_pass() const {
    std::vector<Record> records;
    for (const Box& box : Boxes(m_plan)) {
      if (!box.row->is_excluded()) {
        records.push_back(sample_record(box.row->name, box.column->name, seconds(1 + records.size())));
      }
    }
    return records;
  }

  Document m_document;
  Plan m_plan = driver_plan();
  FoldState m_state;
};

TEST_F(FoldTest, APassTicksAndAFailureUnticks) {
  const FoldResult first = fold({sample_record("actor-conn", "wasm", seconds(1))});
  EXPECT_EQ(boxes(), "...x..");
  EXPECT_EQ(first.applied, 1);
  EXPECT_THAT(first.lines,
              ElementsAre("- 2026-05-02T12:00:01+00:00 actor-conn [wasm]: PASS (25 tests, 31.2s)"));
  const FoldResult second = fold({sample_record("actor-conn", "wasm", seconds(2), Verdict::fail, "boom")});
  EXPECT_EQ(boxes(), "......");
  EXPECT_THAT(second.lines, ElementsAre("- 2026-05-02T12:00:02+00:00 actor-conn [wasm]: FAIL - boom"));
  EXPECT_THAT(m_document.log(),
              ElementsAre("", "- 2026-05-02T12:00:01+00:00 actor-conn [wasm]: PASS (25 tests, 31.2s)",
                          "- 2026-05-02T12:00:02+00:00 actor-conn [wasm]: FAIL - boom"));
}

TEST_F(FoldTest, EveryVerdictButPassAndSkipUnticks) {
  milliseconds after = seconds(1);
  for (const Verdict verdict : {Verdict::fail, Verdict::timeout, Verdict::crash, Verdict::no_tests,
                                Verdict::foreign, Verdict::bad_report, Verdict::exit, Verdict::setup}) {
    fold({sample_record("actor-conn", "wasm", after += seconds(1), Verdict::skip, "as declared")});
    EXPECT_EQ(boxes(), "...x..");
    fold({sample_record("actor-conn", "wasm", after += seconds(1), verdict, "why")});
    EXPECT_EQ(boxes(), "......") << verdict_name(verdict);
  }
}

TEST_F(FoldTest, AnInterruptionSaysNothing) {
  fold({sample_record("actor-conn", "wasm", seconds(1))});
  const std::string before = m_document.text();
  const FoldState state = m_state;
  const FoldResult result =
      fold({sample_record("actor-conn", "wasm", seconds(2), Verdict::interrupted, "Ctrl-C")});
  EXPECT_EQ(m_document.text(), before);
  EXPECT_EQ(m_state, state);
  EXPECT_EQ(result, (FoldResult{.interrupted = 1, .lines = {}, .boxless = {}}));
}

TEST_F(FoldTest, ANoteIsALineAndNoBox) {
  const std::string line = "- 2026-05-02T12:00:01+00:00 actor-conn [wasm]: note: PASS (99 tests, 1ms)";
  const Record note = sample_note("PASS (99 tests,\n 1ms)");
  const FoldResult first = fold({note});
  EXPECT_EQ(first.notes, 1);
  EXPECT_THAT(first.lines, ElementsAre(line));
  EXPECT_EQ(boxes(), "......");
  m_state = {};
  const FoldResult again = fold({note});
  EXPECT_EQ(again.already, 1);
  EXPECT_FALSE(again.changed_document());
  // It is no result: an older pass still ticks.
  fold({sample_record("actor-conn", "wasm", seconds(0) + milliseconds(500))});
  EXPECT_EQ(boxes(), "...x..");
}

TEST_F(FoldTest, ANoteOfAnotherProfileOrBeforeTheResetIsNotWritten) {
  Record other = sample_note("x");
  other.profile = "full";
  EXPECT_EQ(fold({other}).foreign, 1);
  Record reset;
  reset.kind = RecordKind::reset;
  reset.id = "019de8d81be8-0badcafe";
  reset.profile = "default";
  reset.finished = k_noon + seconds(5);
  fold({reset});
  EXPECT_EQ(fold({sample_note("x")}).before_start, 1);
}

TEST_F(FoldTest, ASetUpSaysNothingOfAnyCell) {
  Record setup;
  setup.kind = RecordKind::setup;
  setup.profile = "default";
  setup.row = "artifact";
  setup.column = "napi";
  setup.finished = k_noon + seconds(1);
  const Document before = m_document;
  const FoldResult result = fold({setup});
  EXPECT_EQ(result, FoldResult());
  EXPECT_EQ(m_document.text(), before.text());
}

TEST_F(FoldTest, OlderEvidenceChangesNothing) {
  fold({sample_record("actor-conn", "wasm", seconds(10), Verdict::fail, "boom"),
        sample_record("actor-conn", "native", seconds(10))});
  const std::string before = m_document.text();
  const FoldResult result = fold({sample_record("actor-conn", "wasm", seconds(9)),
                                  sample_record("actor-conn", "native", seconds(9), Verdict::fail, "old")});
  EXPECT_EQ(m_document.text(), before);
  EXPECT_EQ(result.ignored, 2);
  EXPECT_FALSE(result.changed_document());
}

TEST_F(FoldTest, TheSameRecordAgainChangesNothing) {
  const Record record = sample_record("actor-conn", "wasm", seconds(10));
  fold({record});
  m_document.set_box("actor-conn", "wasm", BoxState::open);
  const std::string before = m_document.text();
  EXPECT_EQ(fold({record}).ignored, 1);
  EXPECT_EQ(m_document.text(), before);
}

TEST_F(FoldTest, RecordsOfOneMillisecondAreOrderedByTheirIds) {
  Record pass = sample_record("actor-conn", "wasm", seconds(10));
  Record fail = sample_record("actor-conn", "wasm", seconds(10), Verdict::fail, "boom");
  pass.id = "019de8d81be8-00000001";
  fail.id = "019de8d81be8-00000002";
  EXPECT_EQ(fold({fail, pass}).ignored, 1);
  EXPECT_EQ(boxes(), "......");
}

TEST_F(FoldTest, QuickChangesWithinOneSecondAllCount) {
  const auto fail = [](int ms) {
    return sample_record("actor-conn", "wasm", milliseconds(ms), Verdict::setup, "no engine");
  };
  EXPECT_EQ(fold({fail(1000), sample_record("actor-conn", "wasm", milliseconds(1100)), fail(1200)}).applied,
            3);
  EXPECT_EQ(boxes(), "......");
  fold({sample_record("actor-conn", "wasm", milliseconds(1300))});
  EXPECT_EQ(boxes(), "...x..");
  EXPECT_EQ(fold({fail(1400)}).applied, 1);
  EXPECT_EQ(boxes(), "......");
}

TEST_F(FoldTest, AnotherConfigurationTicksNothing) {
  Record cbor = sample_record("actor-conn", "wasm", seconds(1));
  cbor.axes = sample_axes("wasm", "cbor");
  Record full = sample_record("actor-conn", "wasm", seconds(2));
  full.profile = "full";
  Record gone = sample_record("actor-gone", "wasm", seconds(3));
  const std::string before = m_document.text();
  EXPECT_EQ(fold({cbor, full, gone}).foreign, 3);
  EXPECT_EQ(m_document.text(), before);
}

TEST_F(FoldTest, TheLastBoxCompletes) {
  std::vector<Record> records = all_pass();
  const Record last = records.back();
  records.pop_back();
  EXPECT_FALSE(fold(records).completed);
  const FoldResult result = fold({last});
  EXPECT_TRUE(result.completed);
  EXPECT_THAT(result.lines,
              ElementsAre("- 2026-05-02T12:00:06+00:00 actor-state [wasm]: PASS (25 tests, 31.2s)",
                          "- 2026-05-02T12:00:06+00:00 ALL TESTS COMPLETE"));
  EXPECT_TRUE(is_complete(m_document, m_plan));
}

TEST_F(FoldTest, CompletesAgainOnlyAfterItWasNot) {
  fold(all_pass());
  EXPECT_FALSE(fold({sample_record("actor-conn", "wasm", minutes(1))}).completed);
  EXPECT_FALSE(fold({sample_record("actor-agent-os", "wasm", minutes(1))}).completed);
  EXPECT_FALSE(fold({sample_record("actor-conn", "wasm", minutes(2), Verdict::fail, "boom")}).completed);
  EXPECT_TRUE(fold({sample_record("actor-conn", "wasm", minutes(3))}).completed);
}

TEST_F(FoldTest, ExcludedRowsHaveBoxesButDoNotMatter) {
  fold({sample_record("actor-agent-os", "wasm", seconds(1))});
  EXPECT_EQ(m_document.box("actor-agent-os", "wasm"), BoxState::ticked);
  fold(all_pass());
  EXPECT_TRUE(is_complete(m_document, m_plan));
}

TEST_F(FoldTest, NothingIsNotComplete) {
  EXPECT_FALSE(is_complete(m_document, Plan()));
  Plan excluded = driver_plan();
  excluded.rows = {excluded.rows[3]};
  EXPECT_FALSE(is_complete(m_document, excluded));
  EXPECT_FALSE(is_complete(Document::parse(""), m_plan));
}

TEST_F(FoldTest, AResetOpensEveryBox) {
  fold(all_pass());
  const std::size_t lines = m_document.log().size();
  const FoldResult result = fold({sample_reset(minutes(1))});
  EXPECT_EQ(result.resets, 1);
  EXPECT_EQ(boxes(), "......");
  EXPECT_EQ(m_document.started(), "2026-05-02T12:01:00+00:00");
  EXPECT_EQ(m_document.log().size(), lines);
  EXPECT_EQ(fold({sample_record("actor-conn", "wasm", seconds(59))}).ignored, 1);
  EXPECT_EQ(boxes(), "......");
  EXPECT_EQ(fold({sample_reset(seconds(30))}).ignored, 1);
  fold({sample_record("actor-conn", "wasm", minutes(2))});
  EXPECT_EQ(boxes(), "...x..");
  Record other = sample_reset(minutes(3));
  other.profile = "full";
  EXPECT_EQ(fold({other}).foreign, 1);
  EXPECT_EQ(boxes(), "...x..");
}

TEST_F(FoldTest, AResetOfAnotherBuildDirectoryIsSeenInTheDocument) {
  m_document.set_started("2026-05-02T13:00:00+00:00");
  EXPECT_EQ(fold({sample_record("actor-conn", "wasm", minutes(59)), sample_reset(minutes(59))}).ignored, 2);
  EXPECT_EQ(fold({sample_record("actor-conn", "wasm", minutes(60))}).applied, 1);
  m_document.set_started("2036-05-02T13:00:00+00:00");
  EXPECT_EQ(fold({sample_record("actor-conn", "wasm", minutes(61))}).applied, 1);
}

TEST_F(FoldTest, ResultsOfAnotherBuildDirectoryAreSeenInTheLog) {
  m_document.append_log("- 2026-05-02T12:30:00Z actor-conn [wasm]: FAIL - boom");
  m_document.append_log("- 2036-05-02T12:30:00Z actor-conn [native]: FAIL - a slip in the year");
  EXPECT_EQ(fold({sample_record("actor-conn", "wasm", minutes(29))}).ignored, 1);
  EXPECT_EQ(boxes(), "......");
  fold(
      {sample_record("actor-conn", "wasm", minutes(31)), sample_record("actor-conn", "native", minutes(31))});
  EXPECT_EQ(boxes(), "..xx..");
}

TEST_F(FoldTest, ALostStateIsFoundAgainInTheDocument) {
  std::vector<Record> records = all_pass();
  records.push_back(sample_record("actor-conn", "native", minutes(1), Verdict::setup, "no engine"));
  records.push_back(sample_reset(minutes(2)));
  records.push_back(sample_record("actor-conn", "native", minutes(3), Verdict::setup, "no engine"));
  records.push_back(sample_record("actor-conn", "native", minutes(4)));
  records.push_back(sample_record("actor-conn", "wasm", minutes(4)));
  fold(records);
  m_document.set_box("actor-conn", "wasm", BoxState::open);
  m_document = Document::parse(
      replace_all(m_document.text(), "12:04:00+00:00 actor-conn [wasm]: PASS (25 tests, 31.2s)",
                  "12:04:00+00:00 actor-conn [wasm]: PASS (25 tests, 31.2s) but I do not trust it"));
  const std::string before = m_document.text();
  m_state = {};
  const FoldResult result = fold(records);
  EXPECT_EQ(m_document.text(), before);
  EXPECT_EQ(result, (FoldResult{.ignored = 8, .before_start = 7, .already = 3, .lines = {}, .boxless = {}}));
  EXPECT_EQ(boxes(), "..x...");
  EXPECT_EQ(fold({sample_record("actor-conn", "native", minutes(5), Verdict::fail, "boom")}).applied, 1);
}

// The log has whole seconds, and what passes quickly leaves equal lines.
TEST_F(FoldTest, ALineFromBeforeAResetIsNoTraceOfAResultAfterIt) {
  fold({sample_record("actor-conn", "wasm", milliseconds(1100))});
  Record cbor = sample_record("actor-conn", "wasm", milliseconds(1900));
  cbor.axes = sample_axes("wasm", "cbor");
  m_plan = driver_plan("cbor");
  fold({sample_reset(milliseconds(1500))});
  EXPECT_EQ(boxes(), "......");
  EXPECT_EQ(fold({cbor}).applied, 1);
  EXPECT_EQ(boxes(), "...x..");
}

TEST_F(FoldTest, NorOfOneThatIsAppliedTogetherWithTheReset) {
  fold({sample_record("actor-conn", "wasm", milliseconds(1100), Verdict::fail, "boom")});
  m_state.cells.clear();
  EXPECT_EQ(fold({sample_reset(milliseconds(1500)),
                  sample_record("actor-conn", "wasm", milliseconds(1900), Verdict::fail, "boom")})
                .applied,
            1);
}

TEST_F(FoldTest, ALostStateFindsEachResultOfASecondByALineOfItsOwn) {
  const std::vector<Record> records{sample_record("actor-conn", "wasm", milliseconds(1100)),
                                    sample_reset(milliseconds(1500)),
                                    sample_record("actor-conn", "wasm", milliseconds(1900))};
  fold({records[0], records[1]});
  m_state = {};
  EXPECT_EQ(fold(records).applied, 1);
  EXPECT_EQ(boxes(), "...x..");
  const std::string before = m_document.text();
  m_state = {};
  fold(records);
  EXPECT_EQ(m_document.text(), before);
}

TEST_F(FoldTest, ANewFileIsNotTakenForOneThatWasReset) {
  const FoldResult result =
      fold({sample_record("actor-conn", "wasm", milliseconds(100)), sample_reset(milliseconds(500))});
  EXPECT_EQ(result.resets, 1);
  EXPECT_EQ(boxes(), "......");
}

TEST_F(FoldTest, ARowWithoutItsBoxIsLoggedAndNamed) {
  m_document = Document::parse(replace_all(m_document.text(), "- [ ] [ ] actor-conn", "- [x] actor-conn"));
  const FoldResult result = fold({sample_record("actor-conn", "wasm", seconds(1))});
  EXPECT_EQ(result.applied, 1);
  EXPECT_THAT(result.boxless, ElementsAre("actor-conn.wasm"));
  std::vector<Record> records = all_pass();
  EXPECT_FALSE(fold(records).completed);
}

/// A column of two cells.
class FoldOfSeveralCells : public FoldTest {
protected:
  void SetUp() override {
    FoldTest::SetUp();
    m_plan = one_box_plan(
        {{"wasm.bare", sample_axes("wasm", "bare")}, {"wasm.cbor", sample_axes("wasm", "cbor")}});
  }

  static Record record(const std::string& encoding, milliseconds after, Verdict verdict = Verdict::pass) {
    Record record = sample_record("actor-conn", "wasm", after, verdict, earns_tick(verdict) ? "" : "boom");
    record.cell += '.' + encoding;
    record.axes = sample_axes("wasm", encoding);
    return record;
  }
};

TEST_F(FoldOfSeveralCells, TicksWhenAllHavePassed) {
  fold({record("bare", seconds(1))});
  EXPECT_EQ(boxes(), ".");
  const FoldResult result = fold({record("cbor", seconds(2))});
  EXPECT_EQ(boxes(), "x");
  EXPECT_THAT(result.lines,
              ElementsAre("- 2026-05-02T12:00:02+00:00 actor-conn [wasm.cbor]: PASS (25 tests, 31.2s)",
                          "- 2026-05-02T12:00:02+00:00 ALL TESTS COMPLETE"));
  fold({record("bare", seconds(3), Verdict::fail), record("cbor", seconds(4))});
  EXPECT_EQ(boxes(), ".");
  fold({record("bare", seconds(5))});
  EXPECT_EQ(boxes(), "x");
}

TEST_F(FoldOfSeveralCells, WhatPassedBeforeAResetMustPassAgain) {
  fold({record("bare", seconds(1)), sample_reset(seconds(2)), record("cbor", seconds(3))});
  EXPECT_EQ(boxes(), ".");
  fold({record("bare", seconds(4))});
  EXPECT_EQ(boxes(), "x");
}

TEST_F(FoldOfSeveralCells, AFailureElsewhereCountsToo) {
  fold({record("bare", seconds(1))});
  m_document.append_log(
      "- 2026-05-02T12:00:05+00:00 actor-conn [wasm.bare]: FAIL - in another build directory");
  fold({record("cbor", seconds(6))});
  EXPECT_EQ(boxes(), ".");
  fold({record("bare", seconds(7))});
  EXPECT_EQ(boxes(), "x");
}

TEST_F(FoldOfSeveralCells, AHandMadeTickStandsUntilAFailure) {
  m_document.set_box("actor-conn", "wasm", BoxState::ticked);
  fold({record("bare", seconds(1))});
  EXPECT_EQ(boxes(), "x");
  fold({record("cbor", seconds(2), Verdict::timeout)});
  EXPECT_EQ(boxes(), ".");
}

/// A person edits the document, not after `edited`, and somebody applies records then.
class FoldAfterAnEdit : public FoldTest {
protected:
  void SetUp() override {
    FoldTest::SetUp();
    see({});
  }

  FoldResult see(const std::vector<Record>& records, Milliseconds edited = Milliseconds(0)) {
    return apply(m_document, records, m_plan, m_state, k_noon + hours(24), k_noon + edited);
  }
};

TEST_F(FoldAfterAnEdit, OldEvidenceDoesNotUndoATick) {
  m_document.set_box("actor-conn", "wasm", BoxState::ticked);
  const FoldResult old =
      see({sample_record("actor-conn", "wasm", minutes(4), Verdict::fail, "boom")}, minutes(5));
  EXPECT_EQ(boxes(), "...x..");
  EXPECT_EQ(old.ignored, 1);
  EXPECT_EQ(old.before_edit, 1);
  // The time of an edit is that of its first sight: a later note in the file does not make it younger.
  see({sample_record("actor-conn", "wasm", minutes(6), Verdict::fail, "boom")}, minutes(10));
  EXPECT_EQ(boxes(), "......");
}

TEST_F(FoldAfterAnEdit, OldEvidenceDoesNotUndoAnUntick) {
  see({sample_record("actor-conn", "wasm", minutes(1))});
  m_document.set_box("actor-conn", "wasm", BoxState::open);
  see({sample_record("actor-conn", "wasm", minutes(4))}, minutes(5));
  EXPECT_EQ(boxes(), "......");
  see({sample_record("actor-conn", "wasm", minutes(6))}, minutes(5));
  EXPECT_EQ(boxes(), "...x..");
}

TEST_F(FoldAfterAnEdit, AnEditFromTheFutureIsOfNow) {
  m_document.set_box("actor-conn", "wasm", BoxState::ticked);
  see({}, hours(48));
  see({sample_record("actor-conn", "wasm", hours(24) + seconds(1), Verdict::fail, "boom")}, hours(48));
  EXPECT_EQ(boxes(), "......");
}

TEST_F(FoldAfterAnEdit, WhatAnotherBuildDirectoryAppliedIsNoEdit) {
  FoldState other;
  apply(m_document, std::vector{sample_record("actor-conn", "wasm", minutes(4))}, m_plan, other,
        k_noon + hours(24));
  EXPECT_EQ(boxes(), "...x..");
  // It wrote the file a moment after our cell failed.
  see({sample_record("actor-conn", "wasm", minutes(4) + seconds(2), Verdict::fail, "boom")}, minutes(5));
  EXPECT_EQ(boxes(), "......");
}

TEST_F(FoldAfterAnEdit, AResetForgetsIt) {
  m_document.set_box("actor-conn", "wasm", BoxState::ticked);
  see({sample_reset(minutes(4)), sample_record("actor-conn", "wasm", minutes(4) + seconds(30))}, minutes(5));
  EXPECT_EQ(boxes(), "...x..");
}

TEST_F(FoldAfterAnEdit, AnUntickedBoxOfSeveralCellsNeedsAllOfThemAgain) {
  m_plan =
      one_box_plan({{"wasm.bare", sample_axes("wasm", "bare")}, {"wasm.cbor", sample_axes("wasm", "cbor")}});
  const auto record = [](const std::string& encoding, Milliseconds after) {
    Record result = sample_record("actor-conn", "wasm", after);
    result.cell = "actor-conn.wasm." + encoding;
    result.axes = sample_axes("wasm", encoding);
    return result;
  };
  see({record("bare", minutes(1)), record("cbor", minutes(2))});
  EXPECT_EQ(boxes(), "x");
  m_document.set_box("actor-conn", "wasm", BoxState::open);
  see({record("bare", minutes(6))}, minutes(5));
  EXPECT_EQ(boxes(), ".");
  see({record("cbor", minutes(7))}, minutes(6));
  EXPECT_EQ(boxes(), "x");
}

} // namespace
} // namespace ctest_matrix
