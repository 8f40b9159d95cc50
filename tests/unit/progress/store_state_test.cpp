#include "base/text.hpp"
#include "progress/samples.hpp"
#include "progress/store_state.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

StoreState full_state() {
  StoreState state;
  state.document = "/checkout/progress.md";
  state.boot = "b00t";
  state.entries = 7;
  state.mark = {1234, "0123456789abcdef", 1200};
  state.fold.cells["actor-conn.wasm runtime=wasm"] = {{k_noon, "a"}, true};
  state.fold.newest_reset = RecordStamp{k_noon, "b"};
  state.fold.ticked = {"actor-conn [wasm]"};
  state.fold.edits["actor-conn [native]"] = k_noon;
  state.intent = Intent{"1", "2", {{"- line", 2}}, "2026-05-02", {2345, "f", 2300}, {}};
  state.intent->fold.cells["actor-conn.wasm"] = {{k_noon, "c"}, false};
  return state;
}

TEST(StoreState, ComesBackWhole) {
  EXPECT_EQ(parse_state(serialise_state(full_state())), full_state());
  EXPECT_EQ(parse_state(serialise_state(StoreState{})), StoreState{});
}

TEST(StoreState, CutAnywhereIsNoState) {
  const std::string text = serialise_state(full_state());
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_EQ(parse_state(text.substr(0, length)), std::nullopt) << length;
  }
  EXPECT_EQ(parse_state(replace_all(text, "\"version\":3", "\"version\":2")), std::nullopt);
  EXPECT_EQ(parse_state(replace_all(text, "\"mark\"", "\"nark\"")), std::nullopt);
}

TEST(StoreState, OfALaterProgramIsRefused) {
  const std::string later = replace_all(serialise_state(full_state()), "\"version\":3", "\"version\":4");
  EXPECT_TRUE(check_state_format("/x/progress-default.state", serialise_state(full_state())));
  EXPECT_TRUE(check_state_format("/x/progress-default.state", ""));
  const auto refused = check_state_format("/x/progress-default.state", later);
  ASSERT_FALSE(refused);
  EXPECT_THAT(
      refused.error().message,
      AllOf(
          StartsWith("/x/progress-default.state was written by a later ctest-matrix: expected format 3 or an "
                     "earlier one, got 4"),
          HasSubstr(
              "\n    mv /x/progress-default.state /x/progress-default.state.later   # what is applied")));
}

/// As version 0.1 wrote it.
const std::string k_state_0_1 =
    R"({"document":"/checkout/progress.md","intent":null,"mark":{"begin":1200,"last_line":"0123","offset":1234},)"
    R"("outline":{"columns":["native"],"log":[1,2],"open":3,"plan":"p","started":"s","text":"t"},"size":@,"version":2})";
const std::string k_lines_0_1 = "c\tactor-conn.wasm runtime=wasm\t1777723200000\ta\t1\n"
                                "e\tactor\\\\conn [native]\t1777723200001\n"
                                "n\t1777723200002\tb\n"
                                "r\tactor-conn\t17\n"
                                "s\n"
                                "t\tactor-conn [wasm]\n";

std::string state_0_1(const std::string& lines) {
  return replace_all(k_state_0_1, "@", std::to_string(lines.size())) + "\n" + lines;
}

TEST(StoreState, OfVersion01IsRead) {
  const auto state = parse_state(state_0_1(k_lines_0_1));
  ASSERT_TRUE(state);
  const auto at = [](std::int64_t time) { return TimePoint(Milliseconds(time)); };
  StoreState expected;
  expected.document = "/checkout/progress.md";
  expected.mark = {1234, "0123", 1200};
  expected.fold.cells["actor-conn.wasm runtime=wasm"] = {{at(1777723200000), "a"}, true};
  expected.fold.edits["actor\\conn [native]"] = at(1777723200001);
  expected.fold.newest_reset = RecordStamp{at(1777723200002), "b"};
  expected.fold.ticked = {"actor-conn [wasm]"};
  EXPECT_EQ(state, expected);
}

TEST(StoreState, OfVersion01CutOrChangedIsNoState) {
  const std::string text = state_0_1(k_lines_0_1);
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_EQ(parse_state(text.substr(0, length)), std::nullopt) << length;
  }
  for (const char* line : {"x\n", "c\tkey\n", "e\tbox\tnoon\n", "n\t\tb\n", "\n"}) {
    EXPECT_EQ(parse_state(state_0_1(k_lines_0_1 + line)), std::nullopt) << line;
  }
}

TEST(JournalMark, KnowsItsJournal) {
  const std::string text = "first\nsecond\nthird\n";
  const JournalTail journal{text};
  const JournalMark mark{13, fingerprint("second\n"), 6};
  EXPECT_EQ(mark_at(journal, 0), JournalMark{});
  EXPECT_EQ(mark_at(journal, 13), mark);
  EXPECT_EQ(mark_at(journal, 6), (JournalMark{6, fingerprint("first\n"), 0}));
  EXPECT_EQ(mark_at({"\nx\n"}, 1), (JournalMark{1, fingerprint("\n"), 0}));
  EXPECT_TRUE(still_holds(mark, {text + "fourth\n"}));
  EXPECT_TRUE(still_holds({}, {}));
  EXPECT_FALSE(still_holds(mark, {"first\n"}));
  EXPECT_FALSE(still_holds(mark, {"first\nsecxnd\nthird\n"}));
  EXPECT_FALSE(still_holds(mark, {"a much longer first line of another journal\n"}));
}

TEST(JournalMark, KnowsTheTailOfItsJournal) {
  const JournalMark mark{13, fingerprint("second\n"), 6};
  const JournalTail tail{"second\nthird\n", 6};
  EXPECT_TRUE(still_holds(mark, tail));
  EXPECT_EQ(mark_at(tail, 13), mark);
  EXPECT_EQ(mark_at(tail, 19), (JournalMark{19, fingerprint("third\n"), 13}));
  EXPECT_FALSE(still_holds(mark, {"secxnd\nthird\n", 6}));
  EXPECT_FALSE(still_holds(mark, {"", 6}));
}

class SettleIntent : public ::testing::Test {
protected:
  void SetUp() override {
    use_utc();
    m_state.intent = Intent{fingerprint(m_before), fingerprint(m_after), {{"- one", 2}}, "", {99, "x"}, {}};
    m_state.intent->fold.newest_reset = RecordStamp{k_noon, "b"};
  }

  bool took_place(const std::optional<std::string>& document) {
    StoreState state = m_state;
    settle_intent(state, document);
    EXPECT_EQ(state.intent, std::nullopt);
    EXPECT_EQ(state.mark.offset == 99, state.fold.newest_reset.has_value());
    return state.mark.offset == 99;
  }

  std::string m_before = "## Log\n- one\n";
  std::string m_after = "## Log\n- one\n- one\n";
  StoreState m_state;
};

TEST_F(SettleIntent, ByTheFingerprint) {
  EXPECT_FALSE(took_place(m_before));
  EXPECT_TRUE(took_place(m_after));
  m_state.intent->before = "";
  EXPECT_FALSE(took_place(std::nullopt));
}

TEST_F(SettleIntent, ByItsLinesWhenSomebodyEditedTheFileSince) {
  EXPECT_FALSE(took_place("edited\n" + m_before));
  EXPECT_TRUE(took_place("edited\r\n## Log\r\n- one\r\n- two\r\n- one\r\n"));
  EXPECT_FALSE(took_place(std::nullopt));
}

TEST_F(SettleIntent, ByStartedWhenItHasNoLines) {
  m_state.intent->lines.clear();
  EXPECT_FALSE(took_place("Started: 2026\n"));
  m_state.intent->started = "2026";
  EXPECT_TRUE(took_place("Started: 2026\n"));
  EXPECT_FALSE(took_place("Started: 2025\n"));
}

TEST_F(SettleIntent, WhereItWasCutOffBehindABoxThatIsNoEdit) {
  const std::string head = "Each row: `[native] [wasm] <file>`\n\n";
  m_state.fold.ticked = {"a [wasm]", "c [wasm]"};
  m_state.intent->fold.ticked = {"a [native]", "b [native]", "c [wasm]"};
  StoreState state = m_state;
  settle_intent(state, head + "- [x] [ ] a\n- [ ] [ ] b\n- [ ] [ ] c\n\n## Log\n");
  EXPECT_FALSE(state.fold.newest_reset);
  EXPECT_EQ(state.fold.ticked, (std::set<std::string>{"a [native]", "c [wasm]"}));
}

TEST_F(SettleIntent, WithoutOneNothingHappens) {
  m_state.intent.reset();
  EXPECT_FALSE(took_place(m_after));
}

} // namespace
} // namespace ctest_matrix
