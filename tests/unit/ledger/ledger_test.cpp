#include "ledger/ledger.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <random>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

std::string problems_of(const std::string& text) {
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_ledger("known.txt", text, diagnostics));
  return diagnostics.render();
}

Ledger parsed(const std::string& text) {
  Diagnostics diagnostics;
  auto ledger = parse_ledger("known.txt", text, diagnostics);
  EXPECT_EQ(diagnostics.render(), "");
  EXPECT_EQ(render_ledger(ledger.value_or(Ledger())), text);
  return ledger.value_or(Ledger());
}

const std::string k_ledger = "# Known failures\n"
                             "\n"
                             "matrix: rivetkit\n"
                             "\n"
                             "# closed twice on single green runs\n"
                             "actor-conn.wasm: Suite > reconnects\n"
                             "  outcome: TIMEOUT, flaky\n"
                             "  message: Error: expected <n> to be <n>\n"
                             "  issue: DT-048\n"
                             "  since: 2026-02-12, 26c3e27b9\n"
                             "  # until the binding is rebuilt\n"
                             "  review: 2026-03-12\n"
                             "  rate: 3/30\n"
                             "  note: see the story\n"
                             "  friction: 2026-02-12\n"
                             "  closed: 2026-02-14, 63df393, 29 green runs in a row\n"
                             "  reopened: 2026-02-15\n"
                             "\n"
                             "a.native, b.native: (TIMEOUT)\n"
                             "runtime=wasm|native, file=actor-conn: (message) namespace 'x' was not found\n"
                             "a.wasm: (log) sqlite is out of memory\n"
                             "  outcome: CRASH\n"
                             "*: (infrastructure) no space left on device\n";

TEST(Ledger, ReadsEntriesWithTheirDetails) {
  const Ledger ledger = parsed(k_ledger);
  EXPECT_EQ(ledger.matrix, "rivetkit");
  ASSERT_EQ(ledger.entries.size(), 5U);
  const LedgerEntry& entry = ledger.entries[0];
  EXPECT_THAT(entry.cells, ElementsAre("actor-conn.wasm"));
  EXPECT_EQ(entry.text, "Suite > reconnects");
  EXPECT_THAT(entry.outcomes, ElementsAre(Verdict::timeout));
  EXPECT_TRUE(entry.flaky);
  EXPECT_EQ(entry.message, "Error: expected <n> to be <n>");
  EXPECT_EQ(entry.issue, "DT-048");
  EXPECT_EQ(entry.since, "2026-02-12");
  EXPECT_EQ(entry.commit, "26c3e27b9");
  EXPECT_EQ(entry.review, "2026-03-12");
  EXPECT_EQ(entry.rate, (MeasuredRate{3, 30}));
  EXPECT_EQ(entry.friction, "2026-02-12");
  EXPECT_THAT(entry.events, ElementsAre(EntryEvent{true, "2026-02-14", "63df393", "29 green runs in a row"},
                                        EntryEvent{false, "2026-02-15", "", ""}));
  EXPECT_FALSE(is_closed(entry));
  EXPECT_EQ(times_closed(entry), 1);
  EXPECT_EQ(entry.first, 5);
  EXPECT_EQ(entry.line, 6);
  EXPECT_EQ(entry.last, 17);
  EXPECT_THAT(ledger.entries[1].cells, ElementsAre("a.native", "b.native"));
  EXPECT_EQ(ledger.entries[2].axes[0],
            (std::pair<std::string, std::vector<std::string>>{"runtime", {"wasm", "native"}}));
  EXPECT_EQ(ledger.entries[2].kind, EntryKind::message);
  EXPECT_EQ(ledger.entries[3].kind, EntryKind::log);
  EXPECT_EQ(ledger.entries[4].kind, EntryKind::infrastructure);
}

TEST(Ledger, ReadsTheBaselinesOfBefore) {
  const Ledger ledger = parsed("# Known failures\n"
                               "\n"
                               "# issue 12\n"
                               "conn.wasm: Suite > a: b # c\r\n"
                               "  actor.native:   (TIMEOUT)  \n"
                               "conn.wasm: \\x28odd)\n"
                               "# the end\n");
  ASSERT_EQ(ledger.entries.size(), 3U);
  EXPECT_EQ(ledger.entries[0].text, "Suite > a: b # c");
  EXPECT_EQ(ledger.entries[0].first, 3);
  EXPECT_EQ(ledger.entries[1].where, "actor.native");
  EXPECT_EQ(ledger.entries[1].verdict, Verdict::timeout);
  EXPECT_EQ(ledger.entries[2].text, "(odd)");
}

TEST(Ledger, IsChangedInItsPlaceAlone) {
  const Ledger ledger = parsed(k_ledger);
  EXPECT_EQ(with_changes(ledger, {}, {}), k_ledger);
  EXPECT_EQ(with_detail(ledger, ledger.entries[1], "issue", "DT-1", DetailPlace::added),
            std::string(k_ledger).insert(k_ledger.find("runtime="), "  issue: DT-1\n"));
  const std::string changed =
      with_detail(ledger, ledger.entries[0], "review", "2026-04-01", DetailPlace::replaced);
  EXPECT_EQ(changed, std::string(k_ledger).replace(k_ledger.find("2026-03-12"), 10, "2026-04-01"));
  // The comment above an entry goes with it, those of others stay.
  std::string without = k_ledger;
  const std::size_t begin = k_ledger.find("# closed twice");
  without.erase(begin, k_ledger.find("\na.native, b") - begin);
  EXPECT_EQ(with_changes(ledger, {6}, {}), without);
  // This file keeps no order: what is new comes last.
  const LedgerEntry entry{.where = "a.a", .cells = {"a.a"}, .text = "t", .issue = "DT-2"};
  EXPECT_EQ(with_changes(ledger, {}, {entry}), k_ledger + "a.a: t\n  issue: DT-2\n");
}

TEST(Ledger, AFileInOrderStaysInOrder) {
  const LedgerEntry b{.where = "b.x", .cells = {"b.x"}, .text = "t"};
  EXPECT_EQ(with_changes(parsed("# one\na.x: t\n# three\nc.x: t\n# end\n"), {}, {b}),
            "# one\na.x: t\nb.x: t\n# three\nc.x: t\n# end\n");
  EXPECT_EQ(with_changes(parsed("# head\n\n"), {}, {b}), "# head\n\nb.x: t\n");
  EXPECT_EQ(with_changes(parsed("a.x: t"), {}, {b}), "a.x: t\nb.x: t\n");
  EXPECT_EQ(with_changes(parsed("c.x: t"), {}, {b}), "b.x: t\nc.x: t");
  EXPECT_EQ(with_changes(parsed(""), {}, {b}), "b.x: t\n");
}

TEST(Ledger, EveryTitleComesBack) {
  std::mt19937 random(4711);
  for (int round = 0; round < 2000; ++round) {
    std::string title;
    for (std::size_t length = 1 + random() % 12; title.size() < length;) {
      static constexpr std::string_view k_pieces = "ab (#\\:\n\t\r\x01\x7f>n";
      title += k_pieces[random() % k_pieces.size()];
    }
    const std::string text = with_changes(Ledger(), {}, {{.where = "a.b", .cells = {"a.b"}, .text = title}});
    const Ledger ledger = parsed(text);
    ASSERT_EQ(ledger.entries.size(), 1U);
    ASSERT_EQ(ledger.entries[0].text, title) << text;
  }
}

TEST(Ledger, SaysWhatIsWrong) {
  EXPECT_EQ(
      problems_of("# fine\nconn.wasm\n"),
      "known.txt:2:1: error: expected '<cell>: <test>', '<cell>: (<verdict>)', a detail of the entry above, "
      "which is indented, or a comment ('# ...') [B001]\n"
      "    2 | conn.wasm\n"
      "      | ^~~~~~~~~\n");
  EXPECT_EQ(problems_of("conn.wasm: (TIMEOUTS)\n"),
            "known.txt:1:12: error: '(TIMEOUTS)' is no verdict of a cell that fails, did you mean 'TIMEOUT'? "
            "expected one of: FAIL, TIMEOUT, CRASH, NO-TESTS, FOREIGN, BAD-REPORT, EXIT, SHRUNK, SETUP; the "
            "title of a "
            "test that begins with '(' is written as '\\x28...' [B002]\n"
            "    1 | conn.wasm: (TIMEOUTS)\n"
            "      |            ^~~~~~~~~~\n");
  EXPECT_EQ(problems_of("conn.wasm: a \\d b\n"),
            "known.txt:1:14: error: unknown escape; expected one of: \\\\, \\n, \\xHH (two lowercase digits) "
            "[B003]\n"
            "    1 | conn.wasm: a \\d b\n"
            "      |              ^~\n");
  EXPECT_EQ(problems_of("conn.wasm: a\n\nconn.wasm: a\n"),
            "known.txt:3:1: error: this failure is in line 1 already [B004]\n"
            "    3 | conn.wasm: a\n"
            "      | ^~~~~~~~~~~~\n");
  EXPECT_EQ(problems_of("conn.wasm: a\n  isue: 3\n  since: soon\n"),
            "known.txt:2:3: error: 'isue' is no detail of an entry, did you mean 'issue'? expected one of: "
            "outcome, "
            "message, issue, since, review, rate, note, friction, closed, reopened [B005]\n"
            "    2 |   isue: 3\n"
            "      |   ^~~~\n"
            "known.txt:3:10: error: since: expected a day such as 2026-02-12, got 'soon' [B007]\n"
            "    3 |   since: soon\n"
            "      |          ^~~~\n");
  for (const char* day : {"2026-02-30", "2026-13-01", "2026-1-011", "2026-02-1x", "2026-02-29"}) {
    EXPECT_NE(problems_of(std::string("conn.wasm: a\n  since: ") + day + "\n"), "") << day;
  }
  EXPECT_EQ(parsed("conn.wasm: a\n  since: 2028-02-29\n").entries[0].since, "2028-02-29");
  EXPECT_EQ(
      problems_of("conn.wasm: (log) engine: gone away\n"),
      "known.txt:1:1: error: an entry about a log needs its outcome, such as '  outcome: TIMEOUT' [B007]\n"
      "    1 | conn.wasm: (log) engine: gone away\n"
      "      | ^\n");
}

TEST(Ledger, RefusesAnExcuseThatIsTooWide) {
  EXPECT_EQ(problems_of("*: Suite > a\n"),
            "known.txt:1:1: error: an entry for every cell would excuse what nobody has seen; expected "
            "cells, or values "
            "of axes ('runtime=wasm') [B006]\n    1 | *: Suite > a\n      | ^\n");
  EXPECT_EQ(
      problems_of("a.wasm: (message) Error: <n> <path>/<id>\n"),
      "known.txt:1:9: error: this text would match too much: expected at least 12 letters and digits besides "
      "placeholders, got 5 [B008]\n    1 | a.wasm: (message) Error: <n> <path>/<id>\n      |         "
      "^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n");
  EXPECT_NE(problems_of("a.wasm, runtime=wasm: t\n"), "");
  EXPECT_NE(problems_of("runtime=: t\n"), "");
  EXPECT_NE(problems_of("a.wasm: t\n  rate: 0/0\n"), "");
  EXPECT_NE(problems_of("a.wasm: t\n  outcome: PASS\n"), "");
  EXPECT_NE(problems_of("<<<<<<< HEAD\na.wasm: t\n=======\n"), "");
}

/// What is damaged is said, or is read as something that can be written back: nothing is lost in silence.
TEST(Ledger, LosesNothingOfADamagedOne) {
  std::mt19937 random(3);
  for (int round = 0; round < 3000; ++round) {
    std::string text = k_ledger;
    for (int edits = 1 + static_cast<int>(random() % 3); edits > 0; --edits) {
      const std::size_t at = random() % text.size();
      static constexpr std::string_view k_pieces = "\n :(*#\\\r,=<x";
      switch (random() % 3) {
      case 0:
        text.erase(at, 1 + random() % 20);
        break;
      case 1:
        text.insert(at, 1, k_pieces[random() % k_pieces.size()]);
        break;
      default:
        text[at] = static_cast<char>(random());
      }
    }
    Diagnostics diagnostics;
    const auto ledger = parse_ledger("known.txt", text, diagnostics);
    EXPECT_EQ(ledger.has_value(), !diagnostics.has_errors());
    for (const Diagnostic& diagnostic : diagnostics.all()) {
      EXPECT_GT(diagnostic.location.line, 0);
      EXPECT_GT(diagnostic.location.column, 0);
    }
    if (ledger) {
      EXPECT_EQ(with_changes(*ledger, {}, {}), text);
    }
  }
}

TEST(Ledger, ReadsAndWritesTenThousandEntries) {
  std::string text;
  std::vector<LedgerEntry> added;
  for (int i = 10000; i < 20000; ++i) {
    text += fmt::format("cell-{}.wasm: Suite > test\n  issue: DT-{}\n", i, i);
    added.push_back({.where = fmt::format("cell-{}.wasm", i), .cells = {"x"}, .text = "Suite > tesu"});
  }
  const Ledger ledger = parsed(text);
  EXPECT_EQ(ledger.entries.size(), 10000U);
  EXPECT_EQ(parsed(with_changes(ledger, {1}, added)).entries.size(), 19999U);
}

} // namespace
} // namespace ctest_matrix
