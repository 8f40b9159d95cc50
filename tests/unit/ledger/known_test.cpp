#include "ledger/entry_history.hpp"
#include "ledger/issue_link.hpp"
#include "ledger/known.hpp"
#include "ledger/known_testing.hpp"
#include "ledger/seen_before.hpp"
#include "report/standings.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Plan& plan() {
  static const Plan the_plan = plan_with({{"a", "native"}, {"a", "wasm"}, {"b", "native"}, {"b", "wasm"}});
  return the_plan;
}

Record failed(const std::string& row, const std::string& column,
              const std::vector<std::pair<std::string, std::string>>& failures,
              Verdict verdict = Verdict::fail) {
  std::vector<std::string> tests{"+fine"};
  for (const auto& [test, message] : failures) {
    tests.push_back("-" + test);
  }
  Record record = record_of(row, column, verdict, tests);
  for (const auto& [test, message] : failures) {
    record.failures.push_back({test, message, "", 0});
  }
  record.axes = {{"runtime", column}, {"encoding", "bare"}};
  return record;
}

/// `known`, `new; reason`, … for each failure.
std::string judged(const std::string& ledger, const Record& record, const std::string& log = "") {
  static constexpr const char* k_states[] = {"new", "known", "changed", "overdue", "reopened"};
  const KnownFailures known(ledger_of(ledger), plan(), "2026-03-01");
  const LogOf log_of = [&](const Record&) { return log; };
  std::vector<std::string> words;
  for (const JudgedFailure& failure : known.judge(record, {}, log_of)) {
    words.push_back(k_states[static_cast<int>(failure.state)] +
                    (failure.reason.empty() ? "" : fmt::format(" ({})", failure.reason)) +
                    (failure.infrastructure.empty() ? "" : " " + failure.infrastructure));
  }
  EXPECT_EQ(known.excuses(record, {}, log_of),
            !words.empty() && std::ranges::all_of(
                                  words, [](const std::string& word) { return word.starts_with("known"); }));
  return fmt::format("{}", fmt::join(words, ", "));
}

TEST(KnownFailures, AreTheSameTestInTheSameCellWithTheSameMessage) {
  const Record record =
      failed("a", "wasm", {{"t", "Error: expected 'south' to be 'north'\n    at x.ts:3:4"}});
  EXPECT_EQ(judged("a.wasm: t\n", record), "known");
  EXPECT_EQ(judged("a.wasm: t\n  message: Error: expected 'south' to be 'north'\n", record), "known");
  EXPECT_EQ(judged("a.wasm: t\n  message: Error: expected 'east' to be 'north'\n", record),
            "changed (known with another message: Error: expected 'east' to be 'north')");
  EXPECT_EQ(judged("a.native: t\nb.wasm: t\na.wasm: other\n", record), "new");
  EXPECT_EQ(judged("b.wasm, a.wasm: t\n", record), "known");
  EXPECT_EQ(judged("runtime=wasm: t\n", record), "known");
  EXPECT_EQ(judged("runtime=native: t\n", record), "new");
  EXPECT_EQ(judged("runtime=native|wasm, file=a: t\n", record), "known");
  EXPECT_EQ(judged("column=wasm, file=b: t\n", record), "new");
  EXPECT_EQ(judged("nosuch=wasm: t\n", record), "new");
}

TEST(KnownFailures, WhateverTheMessageIsSaid) {
  const Ledger ledger =
      ledger_of("a.wasm: t\n  message: (any)\na.wasm: u\na.wasm: (CRASH)\n"
                "a.wasm: w\n  message: Error: x\na.wasm: (message) kv store 'main' is gone\n");
  std::vector<std::pair<bool, bool>> any;
  std::ranges::transform(ledger.entries, std::back_inserter(any), [](const LedgerEntry& entry) {
    return std::pair(excuses_any_message(entry), entry.any_message);
  });
  EXPECT_THAT(any, ElementsAre(std::pair(true, true), std::pair(true, false), std::pair(true, false),
                               std::pair(false, false), std::pair(false, false)));
  EXPECT_EQ(judged("a.wasm: t\n  message: (any)\n", failed("a", "wasm", {{"t", "Error: x"}})), "known");
  const std::string added = with_changes(Ledger(), {}, {ledger.entries[0]});
  EXPECT_EQ(added, "a.wasm: t\n  message: (any)\n");
}

TEST(IssueLink, IsWhereTheMatrixSays) {
  const std::string issues = "https://example.org/issues/{issue}";
  EXPECT_EQ(issue_link(issues, "#123"), "https://example.org/issues/123");
  EXPECT_EQ(issue_link(issues, "DT-48"), "https://example.org/issues/DT-48");
  EXPECT_EQ(issue_link(issues, "https://example.com/7"), "https://example.com/7");
  EXPECT_EQ(issue_link("", "#123"), "");
  EXPECT_EQ(issue_link(issues, ""), "");
  EXPECT_EQ(issue_link(issues, "see DT-48"), "");
  EXPECT_EQ(issue_link(issues, "https://x/\"><b>"), "");
  EXPECT_EQ(issue_link("javascript:{issue}", "1"), "");
}

TEST(KnownFailures, NoEntryIsAboutEveryCell) {
  const Record record = failed("a", "wasm", {{"t", "Error: x"}});
  EXPECT_EQ(judged("encoding=bare: t\n", record), "new");
  EXPECT_EQ(judged("runtime=native|wasm: t\n", record), "new");
  const KnownFailures known(ledger_of("encoding=bare: t\n"), plan(), "2026-03-01");
  EXPECT_EQ(known.void_reason(known.ledger().entries[0]),
            "it is about every cell; expected cells, or values that only some have");
}

TEST(KnownFailures, HaveAnEnd) {
  const Record record = failed("a", "wasm", {{"t", "Error: x"}});
  EXPECT_EQ(judged("a.wasm: t\n  review: 2026-03-01\n", record), "known");
  EXPECT_EQ(judged("a.wasm: t\n  review: 2026-02-28\n", record), "overdue (its review was due 2026-02-28)");
  EXPECT_EQ(judged("a.wasm: t\n  closed: 2026-02-28, abc, 29 green runs in a row\n", record),
            "reopened (for the 2nd time, closed 2026-02-28 after 29 green runs in a row)");
  EXPECT_EQ(judged("a.wasm: t\n  closed: 2026-02-20\n  reopened: 2026-02-21\n", record), "known");
  EXPECT_EQ(judged("a.wasm: t\n  closed: 2026-02-20\n  reopened: 2026-02-21\n  closed: 2026-02-22\n", record),
            "reopened (for the 3rd time, closed 2026-02-22)");
  EXPECT_EQ(judged("a.wasm: t\n  message: Error: y\n  closed: 2026-02-20\n", record), "new"); // another one
}

TEST(KnownFailures, ExcuseNothingBesides) {
  const Record two = failed("a", "wasm", {{"t", "Error: x"}, {"u", "Error: y"}});
  EXPECT_EQ(judged("a.wasm: t\n", two), "known, new");
  EXPECT_EQ(judged("a.wasm: t\na.wasm: u\n", two), "known, known");
  // That the cell did not end is one more failure, unless the entry says so of its test.
  const Record slow = failed("a", "wasm", {{"t", "Error: x"}}, Verdict::timeout);
  EXPECT_EQ(judged("a.wasm: t\n", slow), "known, new");
  EXPECT_EQ(judged("a.wasm: t\na.wasm: (TIMEOUT)\n", slow), "known, known");
  EXPECT_EQ(judged("a.wasm: t\n  outcome: FAIL, TIMEOUT\n", slow), "known, known");
  EXPECT_EQ(judged("a.wasm: t\n  outcome: CRASH\n", slow), "known, new");
  EXPECT_EQ(judged("a.wasm: other\n  outcome: TIMEOUT\na.wasm: t\n", slow), "known, new");
  EXPECT_EQ(judged("a.wasm: t\n  outcome: TIMEOUT\n  message: Error: y\n", slow),
            "changed (known with another message: Error: y), new");
}

TEST(KnownFailures, NeverExcuseWhatSaysNothingOfTheTests) {
  Record setup = record_of("a", "wasm", Verdict::setup, {}, "the engine did not start");
  EXPECT_EQ(judged("a.wasm: (SETUP)\n", setup), "new");
  Record shrunk = record_of("a", "wasm", Verdict::shrunk, {"+t"}, "tests are gone");
  EXPECT_EQ(judged("a.wasm: (SHRUNK)\n", shrunk), "new");
  Record interrupted = record_of("a", "wasm", Verdict::interrupted, {}, "stopped");
  EXPECT_EQ(judged("a.wasm: (FAIL)\n", interrupted), "new");
  const KnownFailures known(ledger_of("a.wasm: t\n"), plan(), "2026-03-01");
  Record newest = failed("a", "wasm", {{"t", "Error: x"}});
  newest.basis = {{"file", "1"}};
  Record before = record_of("a", "wasm", Verdict::pass, {"+t", "+fine", "+lost"});
  before.basis = newest.basis;
  const std::vector<const Record*> earlier{&before, &newest};
  EXPECT_TRUE(known.excuses(newest, {}, nullptr));
  EXPECT_FALSE(known.excuses(newest, earlier, nullptr)); // one test fewer, and nothing has changed
  EXPECT_THAT(known.lost_by(newest, earlier), ElementsAre("lost"));
  before.basis = {{"file", "2"}};
  EXPECT_TRUE(known.excuses(newest, earlier, nullptr));
}

TEST(KnownFailures, AMessageAloneIsNarrow) {
  const std::string message = "ActorError: namespace 'blue' is not there";
  EXPECT_EQ(judged("runtime=wasm: (message) namespace 'blue' is not there\n",
                   failed("a", "wasm", {{"t", message}})),
            "known");
  EXPECT_EQ(
      judged("runtime=wasm: (message) namespace 'red' is not there\n", failed("a", "wasm", {{"t", message}})),
      "new");
  // Numbers count: nothing else tells these from each other.
  const std::string entry = "a.wasm: (message) AssertionError: expected 1 to be 2\n";
  EXPECT_EQ(judged(entry, failed("a", "wasm", {{"t", "AssertionError: expected 1 to be 2"}})), "known");
  EXPECT_EQ(judged(entry, failed("a", "wasm", {{"t", "AssertionError: expected 3 to be 4"}})), "new");
}

TEST(KnownFailures, AMessageExcusesATestOnlyForAllThatItSays) {
  const std::string entry = "runtime=wasm: (message) kv store 'main' is locked\n";
  const std::string locked = "Error: kv store 'main' is locked\n    at x.ts:3:4\n";
  EXPECT_EQ(judged(entry, failed("a", "wasm", {{"t", locked}})), "known");
  EXPECT_EQ(judged(entry, failed("a", "wasm", {{"t", locked + locked}})), "known");
  EXPECT_EQ(
      judged(entry, failed("a", "wasm",
                           {{"t", locked + "AssertionError: expected 'a' to be 'b'\n    at x.ts:9:4"}})),
      "new");
  EXPECT_EQ(judged(entry, failed("a", "wasm", {{"t", locked + "Caused by: Error: closed\n    at x.ts:9:4"}})),
            "known");
  Record twins = failed("a", "wasm", {{"t", locked}});
  twins.failures.push_back({"t", "Error: of its namesake", "", 0});
  EXPECT_EQ(judged(entry, twins), "new");
  EXPECT_EQ(
      judged("a.wasm: (message) expected 1 to be 2 or so\n",
             failed("a", "wasm",
                    {{"t", "Error: expected 1 to be 2 or so"}, {"t", "Error: expected 3 to be 2 or so"}})),
      "new");
}

TEST(KnownFailures, ACellFailsAsKnownOnlyForTheSameReason) {
  const Record crash =
      record_of("a", "wasm", Verdict::crash, {}, "the runner was ended by signal 11 (Segmentation fault)");
  EXPECT_EQ(judged("a.wasm: (CRASH)\n", crash), "known");
  EXPECT_EQ(
      judged("a.wasm: (CRASH)\n  message: the runner was ended by signal 11 (Segmentation fault)\n", crash),
      "known");
  EXPECT_EQ(judged("a.wasm: (CRASH)\n  message: the runner was ended by signal 9 (Killed)\n", crash),
            "changed (known with another message: the runner was ended by signal 9 (Killed))");
  const Record slow =
      record_of("a", "wasm", Verdict::timeout, {}, "the runner did not end within 2m 00s; running: node, sh");
  EXPECT_EQ(judged("a.wasm: (TIMEOUT)\n  message: the runner did not end within <duration>\n", slow),
            "known");
}

TEST(KnownFailures, NeverExcuseTestsThatTheReportDoesNotHave) {
  const std::string brief = "the suite lists a test that the report does not have: two";
  EXPECT_EQ(judged("a.wasm: (FAIL)\n", record_of("a", "wasm", Verdict::fail, {"+t"}, brief)), "new");
  EXPECT_EQ(judged("a.wasm: t\na.wasm: tests that do not run\n",
                   failed("a", "wasm", {{"t", "Error: x"}, {"tests that do not run", brief}})),
            "known, new");
  EXPECT_EQ(judged("a.wasm: (FAIL)\n", record_of("a", "wasm", Verdict::fail, {}, "the runner exited 1")),
            "known");
}

TEST(KnownFailures, ATextThatEveryFailureHasIsNoEntry) {
  for (const char* text :
       {"AssertionError: expected", "// Object.is equality", "Error: Test timed out in",
        "expected <n> to be <n>", "AssertionError: expected undefined to be", "assertion failed: "}) {
    Diagnostics diagnostics;
    EXPECT_FALSE(parse_ledger("known.txt", fmt::format("runtime=wasm: (message) {}\n", text), diagnostics))
        << text;
    EXPECT_THAT(diagnostics.render(), testing::HasSubstr("[B008]"));
  }
}

TEST(KnownFailures, ALogExcusesNoTest) {
  const std::string entry = "a.wasm: (log) sqlite is out of memory\n  outcome: CRASH, TIMEOUT\n";
  const std::string log = "x\nsqlite is out of memory\n";
  EXPECT_EQ(judged(entry, record_of("a", "wasm", Verdict::crash, {}), log), "known");
  EXPECT_EQ(judged(entry, record_of("a", "wasm", Verdict::crash, {}), "sqlite is fine"), "new");
  EXPECT_EQ(judged(entry, record_of("a", "wasm", Verdict::exit, {}), log), "new");
  EXPECT_EQ(judged(entry, failed("a", "wasm", {{"t", "x"}}, Verdict::crash), log), "new, known");
}

TEST(KnownFailures, InfrastructureIsNamedAndNotExcused) {
  EXPECT_EQ(judged("", failed("a", "wasm", {{"t", "RivetError: namespace.not_found: no namespace"}})),
            "new namespace.not_found");
  EXPECT_EQ(
      judged("", failed("a", "wasm", {{"t", "Error: listen EADDRINUSE: address already in use :::6420"}})),
      "new Address in use");
  EXPECT_EQ(judged("*: (infrastructure) no space left on device\n",
                   failed("a", "wasm", {{"t", "write: no space left on device"}})),
            "new no space left on device");
}

Record at(Record record, int minute, const std::string& id) {
  record.finished = TimePoint(std::chrono::minutes(minute));
  record.id = id;
  record.basis = {{"file", "1"}};
  return record;
}

TEST(EntryHistory, MeasuresTheRateAndWhatItDemands) {
  EXPECT_EQ(green_runs_needed({1, 10}), 29);
  EXPECT_EQ(green_runs_needed({3, 30}), 29);
  EXPECT_EQ(green_runs_needed({1, 2}), 5);
  EXPECT_EQ(green_runs_needed({1, 100}), 299);
  EXPECT_EQ(green_runs_needed({7, 7}), 1);
  const Record red = failed("a", "wasm", {{"t", "Error: x"}});
  const Record green = record_of("a", "wasm", Verdict::pass, {"+t", "+fine"});
  std::vector<Record> records{at(green, 1, "1"), at(red, 2, "2"),   at(green, 3, "3"),
                              at(red, 4, "4"),   at(green, 5, "5"), at(green, 6, "6")};
  records.push_back(at(record_of("a", "wasm", Verdict::pass, {"=t"}), 7, "7")); // skipped says nothing
  records.push_back(at(record_of("a", "wasm", Verdict::setup, {}), 8, "8"));
  const KnownFailures known(ledger_of("a.wasm: t\n"), plan(), "2026-03-01");
  const ResultsOfCells results = all_results(plan(), records);
  const EntryHistory history = measure_entries(known, results, nullptr)[0];
  EXPECT_EQ(history.failures, 2);
  EXPECT_EQ(history.runs, 3); // from the first failure to the last
  EXPECT_EQ(history.green, 2);
  EXPECT_EQ(history.first->record, "2");
  EXPECT_EQ(history.last->record, "4");
  EXPECT_EQ(rate_of(known.ledger().entries[0], history), (MeasuredRate{2, 3}));
}

TEST(EntryHistory, ARowOfGreenRunsEndsWithWhateverIsNone) {
  const Record red = failed("a", "wasm", {{"t", "Error: x"}});
  const Record green = record_of("a", "wasm", Verdict::pass, {"+t", "+fine"});
  const auto row_after = [&](Record between) {
    std::vector<Record> records{at(red, 1, "1"), at(green, 2, "2"), at(green, 3, "3"),
                                at(std::move(between), 4, "4"), at(green, 5, "5")};
    const KnownFailures known(ledger_of("a.wasm: t\n  message: Error: x\n"), plan(), "2026-03-01");
    return measure_entries(known, all_results(plan(), records), nullptr)[0].green;
  };
  EXPECT_EQ(row_after(green), 4);
  EXPECT_EQ(row_after(failed("a", "wasm", {{"t", "Error: another"}})), 1);
  EXPECT_EQ(row_after(record_of("a", "wasm", Verdict::timeout, {}, "the runner did not end")), 1);
  Record retried = green;
  retried.flaky = true;
  EXPECT_EQ(row_after(retried), 1);
  EXPECT_EQ(row_after(record_of("a", "wasm", Verdict::pass, {"=t", "+fine"})), 3); // skipped
  EXPECT_EQ(row_after(red), 1);
  Record other = record_of("a", "wasm", Verdict::fail, {"+t", "-u"});
  other.failures.push_back({"u", "Error: u", "", 0});
  EXPECT_EQ(row_after(other), 4); // it passed, and another one failed
}

TEST(EntryHistory, ARunThatIsNotGreenIsARunAllTheSame) {
  const Record red = failed("a", "wasm", {{"t", "Error: x"}});
  Record retried = record_of("a", "wasm", Verdict::pass, {"+t", "+fine"});
  retried.flaky = true;
  const std::vector<Record> records{at(red, 1, "1"), at(retried, 2, "2"), at(red, 3, "3")};
  const KnownFailures known(ledger_of("a.wasm: t\n"), plan(), "2026-03-01");
  const EntryHistory history = measure_entries(known, all_results(plan(), records), nullptr)[0];
  EXPECT_EQ(history.failures, 2);
  EXPECT_EQ(history.runs, 3); // else fewer green runs would be asked for
}

/// The states of entries where the matrix has more cells than the plan.
TEST(EntryHistory, ACellOfAnotherProfileIsNotGone) {
  const std::vector<Record> records{at(failed("a", "wasm", {{"t", "Error: x"}}), 1, "1")};
  std::vector<OtherCell> others;
  for (const Cell& cell : plan_with({{"a", "wasm.cbor"}, {"a", "deno"}}).cells) {
    others.push_back({"a cell of the profile full", cell});
  }
  const KnownFailures known(ledger_of("a.wasm.cbor: t\nruntime=deno: t\nruntime=bun: t\nnosuch.wasm: t\n"),
                            plan(), "2026-03-01", std::move(others));
  const ResultsOfCells results = all_results(plan(), records);
  std::vector<std::string> states;
  for (const EntryState state : states_of_entries(known, results, nullptr)) {
    states.emplace_back(entry_state_name(state));
  }
  EXPECT_THAT(states, ElementsAre("untold", "untold", "gone", "gone"));
}

TEST(EntryHistory, TellsHowEachEntryStands) {
  const std::vector<Record> records{
      at(failed("a", "wasm", {{"t", "Error: x"}, {"u", "Error: y"}, {"w", "w"}}), 1, "1"),
      at(record_of("b", "wasm", Verdict::pass, {"+t", "+u"}), 2, "2")};
  const KnownFailures known(ledger_of("a.wasm: t\n"
                                      "a.wasm: u\n  message: Error: z\n"
                                      "a.wasm: w\n  closed: 2026-02-01\n"
                                      "b.wasm: t\n"
                                      "b.wasm: gone\n"
                                      "b.wasm: u\n  closed: 2026-02-01\n"
                                      "b.native: t\n"
                                      "encoding=bare: t\n"
                                      "nosuch.wasm: t\n"),
                            plan(), "2026-03-01");
  const ResultsOfCells results = all_results(plan(), records);
  std::vector<std::string> states;
  for (const EntryState state : states_of_entries(known, results, nullptr)) {
    states.emplace_back(entry_state_name(state));
  }
  EXPECT_THAT(states, ElementsAre("known", "changed", "reopened", "recovered", "gone", "closed", "untold",
                                  "excuses nothing", "gone"));
}

TEST(EntryHistory, AFailureSeenOnceIsNotForgotten) {
  const std::vector<Record> records{at(failed("a", "wasm", {{"t", "Error: x"}}), 1, "1"),
                                    at(record_of("a", "wasm", Verdict::pass, {"+t"}), 2, "2"),
                                    at(failed("b", "wasm", {{"u", "Error: y"}}), 3, "3")};
  const ResultsOfCells results = all_results(plan(), records);
  const auto past = past_failures(KnownFailures(Ledger(), plan(), ""), results);
  ASSERT_EQ(past.size(), 1U);
  EXPECT_EQ(past[0].failure.test, "t");
  EXPECT_EQ(past[0].times, 1);
  EXPECT_TRUE(past[0].unchanged);
  EXPECT_THAT(past_failures(KnownFailures(ledger_of("a.wasm: t\n"), plan(), ""), results), IsEmpty());
}

TEST(SeenBefore, FindsAMessageInBothFiles) {
  SeenBefore seen;
  seen.add(ledger_of("b.wasm: other\n  since: 2026-02-10\n  message: Error: actor 'x' is gone\n"),
           "known.txt");
  Diagnostics diagnostics;
  seen.add(parse_friction_log(
               "f.md",
               "# T\n\n## 2026-02-12 - uncommitted\n\n### Friction / Issue\n\nIt said `Error: actor 'x' is "
               "gone` after 31s.\n",
               diagnostics),
           "f.md");
  EXPECT_EQ(seen_words(seen.find("Error: actor 'x' is gone", 0)),
            "2026-02-12, 2026-02-10 (f.md:3, known.txt:1)");
  EXPECT_EQ(seen_words(seen.find("Error: actor 'x' is gone", 1)), "2026-02-12 (f.md:3)");
  EXPECT_EQ(seen_words(seen.find("Error: actor 'y' is gone", 0)), "");
  EXPECT_EQ(seen_words(seen.find("Error: <n>", 0)), ""); // says too little
}

// Three failures in thirty runs are no excuse for a test that fails each time now.
TEST(KnownFailures, WhatIsKnownAsFlakyIsNotKnownToFailForGood) {
  std::vector<Record> records;
  std::vector<const Record*> results;
  const auto add = [&](bool fails) {
    Record record = fails ? failed("a", "wasm", {{"t", "Error: x"}})
                          : record_of("a", "wasm", Verdict::pass, {"+t", "+fine"});
    record.id = fmt::format("r{}", records.size());
    record.finished += std::chrono::minutes(records.size());
    records.push_back(std::move(record));
    results.clear();
    std::ranges::transform(records, std::back_inserter(results), [](const Record& one) { return &one; });
  };
  const auto excuses = [&](const std::string& ledger) {
    return KnownFailures(ledger_of(ledger), plan(), "2026-03-01").excuses(records.back(), results, nullptr);
  };
  add(false);
  add(true);
  EXPECT_TRUE(excuses("a.wasm: t\n  rate: 3/30\n"));
  add(true);
  EXPECT_FALSE(excuses("a.wasm: t\n  rate: 3/30\n"));
  EXPECT_TRUE(excuses("a.wasm: t\n  rate: 15/30\n"));
  EXPECT_TRUE(excuses("a.wasm: t\n  rate: 2/2\n"));
  EXPECT_TRUE(excuses("a.wasm: t\n  outcome: flaky\n"));
  EXPECT_TRUE(excuses("a.wasm: t\n"));
  const KnownFailures known(ledger_of("a.wasm: t\n  rate: 3/30\n"), plan(), "2026-03-01");
  const auto judged = known.judge(records.back(), results, nullptr);
  ASSERT_EQ(judged.size(), 1U);
  EXPECT_EQ(judged[0].state, FailureState::changed);
  EXPECT_EQ(judged[0].reason, "known as flaky (3 of 30 runs), and failed 2 times in a row");
  add(false);
  add(true);
  EXPECT_TRUE(excuses("a.wasm: t\n  rate: 3/30\n"));
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(excuses("a.wasm: t\n  outcome: flaky\n")) << i;
    add(true);
  }
  EXPECT_FALSE(excuses("a.wasm: t\n  outcome: flaky\n"));
  EXPECT_FALSE(excuses("a.wasm: t\n  rate: 15/30\n"));
}

// Of the logs of earlier results most are gone.
TEST(KnownFailures, WhatALogIsKnownForIsNotKnownToFailForGoodEither) {
  const KnownFailures known(
      ledger_of("a.wasm: (log) sqlite is out of memory\n  outcome: CRASH, flaky\n  rate: 3/30\n"), plan(),
      "2026-03-01");
  std::vector<Record> records(3, record_of("a", "wasm", Verdict::crash, {}));
  records.front() = record_of("a", "wasm", Verdict::pass, {"+t"});
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].id = fmt::format("r{}", i);
    records[i].finished += std::chrono::minutes(i);
  }
  const auto excuses = [&](std::size_t count, const std::string& earlier_log) {
    std::vector<const Record*> results;
    std::transform(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(count),
                   std::back_inserter(results), [](const Record& one) { return &one; });
    return known.excuses(*results.back(), results, [&](const Record& record) {
      return record.id == results.back()->id ? "sqlite is out of memory" : earlier_log;
    });
  };
  EXPECT_TRUE(excuses(2, ""));
  EXPECT_FALSE(excuses(3, ""));
  EXPECT_FALSE(excuses(3, "sqlite is out of memory"));
  EXPECT_TRUE(excuses(3, "something else"));
  const ResultsOfCells results = all_results(plan(), records);
  EXPECT_EQ(measure_entries(known, results, [](const Record&) { return ""; })[0].failures, 2);
}

TEST(KnownFailures, TenThousandEntriesAreOneCell) {
  std::string text;
  Record record = failed("a", "wasm", {});
  record.verdict = Verdict::fail;
  for (int i = 0; i < 10000; ++i) {
    text += fmt::format("a.wasm: test {}\n  message: Error: x\n", i);
    record.tests.push_back({fmt::format("test {}", i), TestOutcome::Kind::failed});
    record.failures.push_back({record.tests.back().test, "Error: x", "", 0});
  }
  const KnownFailures known(ledger_of(text), plan(), "2026-03-01");
  EXPECT_TRUE(known.excuses(record, {}, nullptr));
  record.failures.back().message = "Error: y";
  EXPECT_FALSE(known.excuses(record, {}, nullptr));
}

} // namespace
} // namespace ctest_matrix
