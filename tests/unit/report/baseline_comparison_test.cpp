#include "report/baseline_comparison.hpp"
#include "report/standings.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

Baseline baseline(const std::string& text) {
  Diagnostics diagnostics;
  auto parsed = parse_baseline("known.txt", text, diagnostics);
  EXPECT_EQ(diagnostics.render(), "");
  return parsed.value_or(Baseline());
}

std::string show(const BaselineComparison& comparison) {
  static constexpr const char* k_gates[] = {"passed",   "regression", "blocked",
                                            "doubtful", "never run",  "nothing run"};
  std::string text = fmt::format("{}, {} of {} droppable\n", k_gates[static_cast<int>(comparison.gate)],
                                 comparison.droppable, comparison.known);
  for (const Finding& finding : comparison.findings) {
    text += fmt::format("{}{} {} {} [{}]\n", finding.known ? "known " : "", finding_name(finding.kind),
                        finding.failure.cell, failure_text(finding.failure), finding.detail);
  }
  return text;
}

TEST(BaselineComparison, KnowsAResultOnlyWhole) {
  CellStanding standing = standing_of("a", "native", Verdict::fail, {"-one", "-two", "+three"});
  Record& record = *standing.newest;
  EXPECT_FALSE(is_known(baseline("a.native: one\n"), record));
  EXPECT_TRUE(is_known(baseline("a.native: one\na.native: two\na.native: four\n"), record));
  EXPECT_FALSE(is_known(baseline("a.wasm: one\na.wasm: two\n"), record));
  record.verdict = Verdict::timeout; // that it did not end is one more failure
  EXPECT_FALSE(is_known(baseline("a.native: one\na.native: two\n"), record));
  EXPECT_TRUE(is_known(baseline("a.native: one\na.native: two\na.native: (TIMEOUT)\n"), record));
  record.verdict = Verdict::pass;
  EXPECT_FALSE(is_known(baseline("a.native: one\na.native: two\n"), record)); // nothing fails
}

TEST(BaselineComparison, TellsNewFromKnownAndFixed) {
  std::vector<CellStanding> standings{
      standing_of("a", "native", Verdict::fail, {"-new", "-old", "+mended", "+fine"}, "new: boom"),
      standing_of("a", "wasm", Verdict::pass, {"+mended", "=skipped"}),
      standing_of("b", "native", Verdict::timeout, {"-last"}, "the deadline"),
      standing_of("b", "wasm", Verdict::pass, {"+t"}), standing_of("c", "native")};
  standings[0].newest->failures = {{"new", "Error: boom\n  at x", "", 0}, {"old", "Error: known", "", 0}};
  const Baseline known = baseline("a.native: old\na.native: mended\n"
                                  "a.wasm: mended\na.wasm: skipped\na.wasm: removed\n"
                                  "b.native: first\nb.wasm: (TIMEOUT)\nc.native: t\nd.wasm: t\n");
  const BaselineComparison comparison = compare_with_baseline(known, standings);
  EXPECT_EQ(show(comparison), "regression, 5 of 9 droppable\n"
                              "new failure a.native new [Error: boom]\n"
                              "new failure b.native last []\n"
                              "new failure b.native (TIMEOUT) [the deadline]\n"
                              "known still failing a.native old [Error: known]\n"
                              "known fixed a.native mended []\n"
                              "known fixed a.wasm mended []\n"
                              "known fixed b.wasm (TIMEOUT) []\n"
                              "known gone a.wasm removed [the cell has no such test]\n"
                              "known gone d.wasm t [the matrix has no such cell]\n"
                              "known untold a.wasm skipped [skipped]\n"
                              "known untold b.native first [the cell ended as TIMEOUT]\n"
                              "known never run c.native  []\n");
  EXPECT_EQ(render_baseline(update_baseline(known, comparison, BaselineUpdate::tighten)),
            "a.native: old\na.wasm: skipped\nb.native: first\nc.native: t\n");
  EXPECT_EQ(render_baseline(update_baseline(known, comparison, BaselineUpdate::accept)),
            "a.native: new\na.native: old\na.wasm: skipped\nb.native: (TIMEOUT)\nb.native: first\nb.native: "
            "last\nc.native: t\n");
}

TEST(BaselineComparison, OnlyWhatTheBaselineDoesNotKnowIsARegression) {
  const std::vector<CellStanding> standings{standing_of("a", "native", Verdict::fail, {"-t"}),
                                            standing_of("a", "wasm", Verdict::crash, {})};
  EXPECT_EQ(compare_with_baseline(baseline("a.native: t\na.wasm: (CRASH)\n"), standings).gate, Gate::passed);
  EXPECT_EQ(compare_with_baseline(baseline("a.native: t\na.wasm: (TIMEOUT)\n"), standings).gate,
            Gate::regression);
  EXPECT_EQ(compare_with_baseline(baseline("a.wasm: (CRASH)\n"), standings).gate, Gate::regression);
}

TEST(BaselineComparison, ABlockedCellIsNoPass) {
  const std::vector<CellStanding> standings{
      standing_of("a", "native", Verdict::pass, {"+t"}),
      standing_of("a", "wasm", Verdict::setup, {}, "the artifact wasm could not be built\nlong story")};
  const BaselineComparison comparison = compare_with_baseline(baseline("a.wasm: t\n"), standings);
  EXPECT_EQ(show(comparison), "blocked, 0 of 1 droppable\n"
                              "blocked a.wasm (SETUP) [the artifact wasm could not be built]\n");
  EXPECT_EQ(compare_with_baseline(baseline("a.wasm: (SETUP)\n"), standings).gate, Gate::passed);
  // What a broken set-up hides is neither accepted nor forgotten.
  EXPECT_EQ(render_baseline(update_baseline(baseline("a.wasm: t\n"), comparison, BaselineUpdate::accept)),
            "a.wasm: t\n");
}

TEST(BaselineComparison, ACellThatHasNeverRunIsNoPass) {
  const std::vector standings{standing_of("a", "native", Verdict::pass, {"+t"}), standing_of("a", "wasm")};
  EXPECT_EQ(compare_with_baseline({}, standings).gate, Gate::never_run);
  EXPECT_EQ(compare_with_baseline(baseline("a.wasm: t\n"), standings).gate, Gate::never_run);
}

TEST(BaselineComparison, WhatIsOldUnknownOrReopenedIsNoPass) {
  const auto with = [](auto change) {
    std::vector<CellStanding> standings{standing_of("a", "native", Verdict::pass, {"+t"}),
                                        standing_of("a", "wasm", Verdict::fail, {"-t"})};
    change(standings);
    return show(compare_with_baseline(baseline("a.wasm: t\n"), standings));
  };
  EXPECT_EQ(with([](auto&) {}), "passed, 0 of 1 droppable\nknown still failing a.wasm t []\n");
  EXPECT_EQ(with([](auto& cells) {
              cells[0].outdated = {"inputs", "command"};
            }),
            "doubtful, 0 of 1 droppable\nknown still failing a.wasm t []\n"
            "outdated a.native  [changed since: inputs, command]\n");
  // A known failure may hide another one that the change has brought.
  EXPECT_EQ(with([](auto& cells) { cells[1].outdated = {"test file"}; }),
            "doubtful, 0 of 1 droppable\nknown still failing a.wasm t []\n"
            "outdated a.wasm  [changed since: test file]\n");
  EXPECT_EQ(with([](auto& cells) {
              cells[0].newest.reset();
              cells[0].unrecorded = true;
            }),
            "doubtful, 0 of 1 droppable\nknown still failing a.wasm t []\n"
            "no record a.native  [ticked, and no pass here says on what that rests]\n");
  EXPECT_EQ(with([](auto& cells) { cells[0].reopened = true; }),
            "doubtful, 0 of 1 droppable\nknown still failing a.wasm t []\n"
            "reopened a.native  [passed, and its box was opened by hand]\n");
  EXPECT_EQ(with([](auto& cells) {
              cells[0].excluded = true;
              cells[0].outdated = {"inputs"};
            }),
            "passed, 0 of 1 droppable\nknown still failing a.wasm t []\n");
}

TEST(BaselineComparison, NothingRunIsNoPass) {
  CellStanding by_hand = standing_of("a", "native");
  by_hand.ticked = true;
  EXPECT_EQ(compare_with_baseline({}, std::vector{by_hand}).gate, Gate::nothing_run);
  EXPECT_EQ(compare_with_baseline({}, {}).gate, Gate::nothing_run);
}

TEST(BaselineComparison, WhatPassesOnlySometimesIsNotFixed) {
  CellStanding turns = standing_of("a", "native", Verdict::pass, {"+t", "+u", "+v"});
  turns.wavered = {"t", "u"};
  CellStanding retried = standing_of("a", "wasm", Verdict::pass, {"+t"});
  retried.retried = true;
  retried.newest->flaky = true;
  CellStanding failing = standing_of("b", "native", Verdict::fail, {"-t"});
  failing.wavered = {"t"};
  failing.newest->failures = {{"t", "boom", "", 0}};
  EXPECT_EQ(show(compare_with_baseline(baseline("a.native: t\na.native: v\n"),
                                       std::vector{turns, retried, failing})),
            "regression, 1 of 2 droppable\n"
            "new failure b.native t [passes now and then; boom]\n"
            "known flaky a.native t []\n"
            "flaky a.native u [passed and failed in turns at this commit]\n"
            "flaky a.wasm  [passed after a retry]\n"
            "known fixed a.native v []\n");
}

TEST(BaselineComparison, APassThatListsNoTestsFixesNoTest) {
  const std::vector<CellStanding> standings{standing_of("a", "native", Verdict::pass, {})};
  EXPECT_EQ(show(compare_with_baseline(baseline("a.native: t\na.native: (FAIL)\n"), standings)),
            "passed, 1 of 2 droppable\n"
            "known fixed a.native (FAIL) []\n"
            "known untold a.native t [its result does not list its tests]\n");
}

} // namespace
} // namespace ctest_matrix
