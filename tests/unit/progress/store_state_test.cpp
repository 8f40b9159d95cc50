#include "base/text.hpp"
#include "progress/samples.hpp"
#include "progress/store_state.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

StoreState full_state() {
  StoreState state;
  state.document = "/checkout/progress.md";
  state.mark = {1234, "0123456789abcdef", 1200};
  state.fold.cells["actor-conn.wasm runtime=wasm"] = {{k_noon, "a"}, true};
  state.fold.newest_reset = RecordStamp{k_noon, "b"};
  state.fold.ticked = {"actor-conn [wasm]"};
  state.fold.edits["actor-conn [native]"] = k_noon;
  state.intent = Intent{"1", "2", {{"- line", 2}}, "2026-05-02", {2345, "f", 2300}, {{"s\n"}, {"t\tx\n"}}};
  state.outline = Outline{"3", "4", "2026-05-02", {"native", "wasm"}, 5, {{{"a\\", 6}, {"b", 7}}, 8, 9}};
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
  EXPECT_EQ(parse_state(replace_all(text, "\"version\":2", "\"version\":1")), std::nullopt);
  EXPECT_EQ(parse_state(replace_all(text, "\"mark\"", "\"nark\"")), std::nullopt);
}

TEST(StateFile, FindsAndChangesLines) {
  StateFile file{{}, "c\ta\t1\nc\tab\t2\ne\ta\t3\n"};
  EXPECT_THAT(file.lines_with("c\ta\t"), ::testing::ElementsAre("c\ta\t1\n"));
  EXPECT_THAT(file.lines_with("c\ta"), ::testing::ElementsAre("c\ta\t1\n", "c\tab\t2\n"));
  EXPECT_THAT(file.lines_with("a"), ::testing::IsEmpty());
  file.change({{"c\ta\t1\n", "e\ta\t3\n", "x\n"}, {"s\n"}});
  EXPECT_EQ(file.lines, "c\tab\t2\ns\n");
}

TEST(JournalMark, KnowsItsJournal) {
  const std::string journal = "first\nsecond\nthird\n";
  EXPECT_EQ(mark_at(journal, 0), JournalMark{});
  EXPECT_EQ(mark_at(journal, 13), (JournalMark{13, fingerprint("second\n"), 6}));
  EXPECT_EQ(mark_at(journal, 6), (JournalMark{6, fingerprint("first\n"), 0}));
  EXPECT_EQ(mark_at("\nx\n", 1), (JournalMark{1, fingerprint("\n"), 0}));
  EXPECT_TRUE(still_holds(mark_at(journal, 13), journal + "fourth\n"));
  EXPECT_TRUE(still_holds({}, ""));
  EXPECT_FALSE(still_holds(mark_at(journal, 13), "first\n"));
  EXPECT_FALSE(still_holds(mark_at(journal, 13), "first\nsecxnd\nthird\n"));
  EXPECT_FALSE(still_holds(mark_at(journal, 13), "a much longer first line of another journal\n"));
}

class SettleIntent : public ::testing::Test {
protected:
  void SetUp() override {
    use_utc();
    m_state.intent = Intent{fingerprint(m_before), fingerprint(m_after), {{"- one", 2}}, "", {99, "x"},
                            {{}, {"n\t1\tb\n"}}};
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

TEST_F(SettleIntent, WithoutOneNothingHappens) {
  m_state.intent.reset();
  EXPECT_FALSE(took_place(m_after));
}

} // namespace
} // namespace ctest_matrix
