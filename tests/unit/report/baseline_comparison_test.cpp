#include "ledger/known_testing.hpp"
#include "report/baseline_comparison.hpp"
#include "report/standings.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

Plan plan_of(std::span<const CellStanding> standings) {
  std::vector<std::pair<std::string, std::string>> cells;
  for (const CellStanding& standing : standings) {
    cells.emplace_back(standing.row, standing.column);
  }
  return plan_with(cells);
}

BaselineComparison compare(const std::string& ledger, const std::vector<CellStanding>& standings,
                           const std::vector<Record>& records = {}) {
  const Plan plan = plan_of(standings);
  const KnownFailures known(ledger_of(ledger), plan, "2026-03-01");
  return compare_with_baseline({known, all_results(plan, records)}, standings);
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

TEST(BaselineComparison, TellsNewFromKnownAndFixed) {
  std::vector<CellStanding> standings{
      standing_of("a", "native", Verdict::fail, {"-new", "-old", "+mended", "+fine"}, "new: boom"),
      standing_of("a", "wasm", Verdict::pass, {"+mended", "=skipped"}),
      standing_of("b", "native", Verdict::timeout, {"-last"}, "the deadline"),
      standing_of("b", "wasm", Verdict::pass, {"+t"}), standing_of("c", "native")};
  standings[0].newest->failures = {{"new", "Error: boom\n  at x", "", 0}, {"old", "Error: known", "", 0}};
  const std::string known("a.native: old\na.native: mended\n"
                          "a.wasm: mended\na.wasm: skipped\na.wasm: removed\n"
                          "b.native: first\nb.wasm: (TIMEOUT)\nc.native: t\nd.wasm: t\n");
  const BaselineComparison comparison = compare(known, standings);
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
  EXPECT_EQ(update_baseline(ledger_of(known), comparison, BaselineUpdate::tighten),
            "a.native: old\na.wasm: skipped\nb.native: first\nc.native: t\n");
  EXPECT_EQ(
      update_baseline(ledger_of(known), comparison, BaselineUpdate::accept),
      "a.native: old\na.wasm: skipped\nb.native: first\nc.native: t\n" // in no order: what is new comes last
      "a.native: new\n  message: Error: boom | at x\nb.native: (TIMEOUT)\n  message: the deadline\nb.native: "
      "last\n");
}

// So that `--tighten` does not empty the file of another matrix.
TEST(BaselineComparison, OfALedgerThatMayBeAnothersNothingIsDropped) {
  const std::vector<CellStanding> standings{standing_of("a", "native", Verdict::pass, {"+t"})};
  EXPECT_EQ(compare("x.native: t\ny.native: t\n", standings).droppable, 0);
  EXPECT_EQ(compare("matrix: demo\n\nx.native: t\ny.native: t\n", standings).droppable, 2);
  EXPECT_EQ(compare("x.native: t\na.native: u\n", standings).droppable, 2);
}

TEST(BaselineComparison, OnlyWhatTheBaselineDoesNotKnowIsARegression) {
  const std::vector<CellStanding> standings{standing_of("a", "native", Verdict::fail, {"-t"}),
                                            standing_of("a", "wasm", Verdict::crash, {})};
  EXPECT_EQ(compare("a.native: t\na.wasm: (CRASH)\n", standings).gate, Gate::passed);
  EXPECT_EQ(compare("a.native: t\na.wasm: (TIMEOUT)\n", standings).gate, Gate::regression);
  EXPECT_EQ(compare("a.wasm: (CRASH)\n", standings).gate, Gate::regression);
}

TEST(BaselineComparison, ABlockedCellIsNoPass) {
  const std::vector<CellStanding> standings{
      standing_of("a", "native", Verdict::pass, {"+t"}),
      standing_of("a", "wasm", Verdict::setup, {}, "the artifact wasm could not be built\nlong story")};
  const BaselineComparison comparison = compare("a.wasm: t\n", standings);
  EXPECT_EQ(show(comparison), "blocked, 0 of 1 droppable\n"
                              "blocked a.wasm (SETUP) [the artifact wasm could not be built]\n");
  EXPECT_EQ(compare("a.wasm: (SETUP)\n", standings).gate, Gate::blocked); // nothing excuses that
  // What a broken set-up hides is neither accepted nor forgotten.
  EXPECT_EQ(update_baseline(ledger_of("a.wasm: t\n"), comparison, BaselineUpdate::accept), "a.wasm: t\n");
}

TEST(BaselineComparison, ACellThatHasNeverRunIsNoPass) {
  const std::vector standings{standing_of("a", "native", Verdict::pass, {"+t"}), standing_of("a", "wasm")};
  EXPECT_EQ(compare("", standings).gate, Gate::never_run);
  EXPECT_EQ(compare("a.wasm: t\n", standings).gate, Gate::never_run);
}

TEST(BaselineComparison, WhatIsOldUnknownOrReopenedIsNoPass) {
  const auto with = [](auto change) {
    std::vector<CellStanding> standings{standing_of("a", "native", Verdict::pass, {"+t"}),
                                        standing_of("a", "wasm", Verdict::fail, {"-t"})};
    change(standings);
    return show(compare("a.wasm: t\n", standings));
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
            "reopened a.native  [passed, and its box was opened since]\n");
  EXPECT_EQ(with([](auto& cells) {
              cells[0].excluded = true;
              cells[0].outdated = {"inputs"};
            }),
            "passed, 0 of 1 droppable\nknown still failing a.wasm t []\n");
}

TEST(BaselineComparison, NothingRunIsNoPass) {
  CellStanding by_hand = standing_of("a", "native");
  by_hand.ticked = true;
  EXPECT_EQ(compare("", {by_hand}).gate, Gate::nothing_run);
  EXPECT_EQ(compare("", {}).gate, Gate::nothing_run);
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
  EXPECT_EQ(show(compare("a.native: t\na.native: v\n", std::vector{turns, retried, failing})),
            "regression, 1 of 2 droppable\n"
            "new failure b.native t [passes now and then; boom]\n"
            "known flaky a.native t []\n"
            "flaky a.native u [passed and failed in turns at this commit]\n"
            "flaky a.wasm  [passed after a retry]\n"
            "known fixed a.native v []\n");
}

TEST(BaselineComparison, APassThatListsNoTestsFixesNoTest) {
  const std::vector<CellStanding> standings{standing_of("a", "native", Verdict::pass, {})};
  EXPECT_EQ(show(compare("a.native: t\na.native: (FAIL)\n", standings)),
            "passed, 1 of 2 droppable\n"
            "known fixed a.native (FAIL) []\n"
            "known untold a.native t [its result does not list its tests]\n");
}

Record at(Record record, int minute, const std::string& id) {
  record.finished = TimePoint(std::chrono::minutes(minute));
  record.id = id;
  record.axes = {{"runtime", record.column}, {"encoding", "bare"}};
  record.basis = {{"file", "1"}};
  return record;
}

TEST(BaselineComparison, NoEntryExcusesWhatItIsNotAbout) {
  std::vector<CellStanding> standings{standing_of("a", "native", Verdict::pass, {"+t"}),
                                      standing_of("a", "wasm", Verdict::fail, {"-t"})};
  standings[1].newest->failures = {{"t", "Error: expected 'south' to be 'north'", "", 0}};
  const auto gate = [&](const std::string& ledger) { return show(compare(ledger, standings)); };
  EXPECT_EQ(gate("a.wasm: t\n  message: Error: expected 'south' to be 'north'\n"),
            "passed, 0 of 1 droppable\n"
            "known still failing a.wasm t [Error: expected 'south' to be 'north']\n");
  EXPECT_EQ(
      gate("a.wasm: t\n  message: Error: expected 'east' to be 'north'\n"),
      "regression, 0 of 1 droppable\n"
      "changed a.wasm t [known with another message: Error: expected 'east' to be 'north'; Error: expected "
      "'south' to be 'north']\n");
  EXPECT_EQ(gate("a.wasm: t\n  review: 2026-02-28\n"),
            "regression, 0 of 1 droppable\n"
            "overdue a.wasm t [its review was due 2026-02-28; Error: expected 'south' to be 'north']\n");
  EXPECT_EQ(
      gate("a.wasm: t\n  closed: 2026-02-27, 63df393, 29 green runs in a row\n"),
      "regression, 0 of 0 droppable\n"
      "reopened failure a.wasm t [for the 2nd time, closed 2026-02-27 after 29 green runs in a row; Error: "
      "expected 'south' to be 'north']\n");
  EXPECT_EQ(gate("runtime=native|wasm: t\n"),
            "regression, 0 of 1 droppable\n"
            "new failure a.wasm t [Error: expected 'south' to be 'north']\n"
            "known untold runtime=native|wasm t [it is about every cell; expected "
            "cells, or values that only some have]\n");
  EXPECT_EQ(gate("runtime=wasm: t\n"),
            "passed, 0 of 1 droppable\n"
            "known still failing a.wasm t [Error: expected 'south' to be 'north']\n");
}

TEST(BaselineComparison, AKnownFailureHidesNoLostTest) {
  std::vector<CellStanding> standings{standing_of("a", "wasm", Verdict::fail, {"-t"}),
                                      standing_of("b", "wasm", Verdict::pass, {"+t"})};
  standings[0].newest = at(*standings[0].newest, 2, "2");
  const Record before = at(record_of("a", "wasm", Verdict::fail, {"-t", "+u"}), 1, "1");
  EXPECT_EQ(show(compare("a.wasm: t\n", standings, {before, *standings[0].newest})),
            "regression, 0 of 1 droppable\n"
            "new failure a.wasm u [ran before, and is gone or skipped now although nothing has changed that "
            "the cell "
            "rests on]\n"
            "known still failing a.wasm t []\n");
  const BaselineComparison comparison = compare("a.wasm: t\n", standings, {before, *standings[0].newest});
  EXPECT_EQ(update_baseline(ledger_of("a.wasm: t\n"), comparison, BaselineUpdate::accept), "a.wasm: t\n");
}

TEST(BaselineComparison, AFlakeIsNotDroppedAfterOneGreenRun) {
  const std::vector<CellStanding> standings{standing_of("a", "wasm", Verdict::pass, {"+t"}),
                                            standing_of("b", "wasm", Verdict::pass, {"+t"})};
  const std::vector<Record> records{at(*standings[0].newest, 3, "3")};
  EXPECT_EQ(show(compare("a.wasm: t\n  rate: 1/2\n", standings, records)),
            "passed, 0 of 1 droppable\nknown fixed a.wasm t [1 of 5 green runs in a row]\n");
}

TEST(BaselineComparison, AFailureSeenOnceIsTold) {
  const std::vector<CellStanding> standings{standing_of("a", "wasm", Verdict::pass, {"+t"}),
                                            standing_of("b", "wasm", Verdict::pass, {"+t"})};
  Record red = at(record_of("a", "wasm", Verdict::fail, {"-t"}), 1, "1");
  red.commit = "26c3e27b91234";
  EXPECT_EQ(show(compare("", standings, {red, at(*standings[0].newest, 2, "2")})),
            "passed, 0 of 0 droppable\nseen once a.wasm t [1970-01-01 at 26c3e27b9; it passes with nothing "
            "changed]\n");
}

} // namespace
} // namespace ctest_matrix
