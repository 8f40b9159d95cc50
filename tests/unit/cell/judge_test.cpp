#include "cell/judge.hpp"
#include "cell/own_tests.hpp"
#include "runners/scope_titles.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

constexpr const char* k_scope = "runtime (wasm) / sqlite (remote)";
constexpr const char* k_file = "/repo/tests/actor-a.test.ts";

class VerdictTest : public ::testing::Test {
protected:
  VerdictTest() {
    m_cell.name = "actor-a.wasm";
    m_cell.scope = k_scope;
    m_cell.file = k_file;
    m_evidence.process.end = Outcome::End::exited;
    m_evidence.process.exit_code = 0;
    m_evidence.is_own_file = [](const std::string& file) { return file == k_file; };
  }

  static TestCase test(std::string title, TestStatus status, std::string scope = k_scope,
                       std::string file = k_file) {
    TestCase result;
    result.file = std::move(file);
    result.titles = {"Outer", "static registry", std::move(scope), "Suite", std::move(title)};
    result.status = status;
    if (status == TestStatus::failed) {
      result.messages = {"AssertionError: expected 1 to be 2\n  at x.ts:1:2"};
    }
    return result;
  }

  void report(std::vector<TestCase> tests) {
    RunnerReport report;
    report.tests = std::move(tests);
    report.files = {k_file};
    m_evidence.report = report;
  }

  RunnerReport& last_report() { return **m_evidence.report; }

  Judgement judged() const { return judge(m_cell, m_format, m_leaks, m_evidence); }

  std::string line() const {
    const Judgement judgement = judged();
    return std::string(verdict_name(judgement.verdict)) +
           (judgement.brief.empty() ? "" : " - " + judgement.brief);
  }

  BoundCell m_cell;
  ReportFormat m_format = ReportFormat::vitest_json;
  LeakPolicy m_leaks = LeakPolicy::report;
  Evidence m_evidence;
};

TEST_F(VerdictTest, AModuleTellsTheFileWhereTheReportNamesNone) {
  m_cell.file = "/repo/tests/test_a.py";
  m_cell.scope = "";
  TestCase own = test("own", TestStatus::passed, k_scope, "");
  own.module = "tests.test_a.TestConn";
  report({own});
  EXPECT_EQ(line(), "PASS");
  TestCase other = test("other", TestStatus::passed, k_scope, "");
  other.module = "tests.test_ab.TestConn";
  report({own, other});
  EXPECT_EQ(line(), "FOREIGN - 1 test of another cell or file ran, first: Outer > static registry > runtime "
                    "(wasm) / sqlite (remote) > Suite > other");
}

TEST_F(VerdictTest, PassNeedsATestOfTheCell) {
  report({test("a", TestStatus::passed), test("b", TestStatus::passed), test("c", TestStatus::skipped),
          test("a", TestStatus::skipped, "runtime (native) / sqlite (local)")});
  EXPECT_EQ(line(), "PASS");
  EXPECT_EQ(judged().counts, (Counts{2, 0, 1}));
}

// A port, a time or an id in a title: made anew each time that the titles are.
TEST_F(VerdictTest, ATestThatIsListedWithAnotherNumberIsReported) {
  const auto listed = [](const std::string& title) {
    return fmt::format("Outer > static registry > {} > Suite > {}", k_scope, title);
  };
  m_evidence.listed = {listed("port 61186"), listed("id 0f3a"), listed("works")};
  report({test("port 4711", TestStatus::passed), test("id 9b", TestStatus::passed),
          test("works", TestStatus::passed)});
  EXPECT_EQ(line(), "PASS");
  report({test("port 4711", TestStatus::passed), test("works", TestStatus::passed)});
  EXPECT_EQ(line(), "FAIL - the suite lists a test that the report does not have: " + listed("id 0f3a"));
  // One that is there twice takes nobody's place.
  m_evidence.listed = {listed("port 1"), listed("port 2")};
  report({test("port 1", TestStatus::passed), test("port 1", TestStatus::passed)});
  EXPECT_EQ(line(), "FAIL - the suite lists a test that the report does not have: " + listed("port 2"));
}

TEST_F(VerdictTest, EveryListedTestMustBeReported) {
  const auto listed = [](const std::string& title) {
    return fmt::format("Outer > static registry > {} > Suite > {}", k_scope, title);
  };
  m_evidence.listed = {listed("a"), listed("b")};
  report({test("a", TestStatus::passed), test("b", TestStatus::skipped), test("c", TestStatus::passed)});
  EXPECT_EQ(line(), "PASS");
  report({test("a", TestStatus::passed)});
  EXPECT_EQ(line(), "FAIL - the suite lists a test that the report does not have: " + listed("b"));
  report({test("a", TestStatus::passed), test("b", TestStatus::passed, "runtime (native) / sqlite (local)")});
  EXPECT_EQ(line().substr(0, 8), "FOREIGN ");
  report(
      {test("a", TestStatus::passed), test("b", TestStatus::skipped, "runtime (native) / sqlite (local)")});
  EXPECT_EQ(line(), "FAIL - the suite lists a test that the report does not have: " + listed("b"));
  m_evidence.listed = {listed("a"), listed("a"), listed("b"), listed("b")}; // titles may repeat
  report({test("a", TestStatus::passed), test("b", TestStatus::passed)});
  EXPECT_EQ(line(),
            "FAIL - the suite lists a test that the report does not have: " + listed("a") + " (and 1 more)");
  report({test("a", TestStatus::passed), test("b", TestStatus::failed)});
  EXPECT_EQ(line().substr(0, 13), "FAIL - Suite "); // its own words first
}

TEST_F(VerdictTest, APartOfTheCellIsNotWhole) {
  const auto listed = [](const std::string& title) {
    return fmt::format("Outer > static registry > {} > Suite > {}", k_scope, title);
  };
  EXPECT_NE(why_not_whole(m_cell, m_evidence), ""); // no report
  report({test("a", TestStatus::passed), test("b", TestStatus::passed)});
  EXPECT_NE(why_not_whole(m_cell, m_evidence), ""); // nobody knows which tests there are
  m_evidence.listed = {listed("a"), listed("b")};
  EXPECT_EQ(why_not_whole(m_cell, m_evidence), "");
  report({test("a", TestStatus::passed), test("b", TestStatus::failed)});
  EXPECT_EQ(why_not_whole(m_cell, m_evidence), "");
  for (const TestStatus left_out : {TestStatus::skipped, TestStatus::todo}) {
    report({test("a", TestStatus::passed), test("b", left_out)});
    EXPECT_EQ(why_not_whole(m_cell, m_evidence), "1 of its 2 tests did not run");
  }
  report({test("a", TestStatus::passed)});
  EXPECT_EQ(why_not_whole(m_cell, m_evidence), "1 of its 2 tests did not run");
  report(
      {test("a", TestStatus::passed), test("b", TestStatus::passed, k_scope, "/repo/tests/other.test.ts")});
  EXPECT_EQ(why_not_whole(m_cell, m_evidence), "1 of its 2 tests did not run");
}

TEST_F(VerdictTest, ADeclaredSkipMustReportWhatIsListed) {
  m_cell.skip_reason = "not there";
  m_evidence.listed = {fmt::format("Outer > static registry > {} > Suite > {}", k_scope, "a")};
  report({test("a", TestStatus::skipped)});
  EXPECT_EQ(line(), "SKIP - not there");
  report({test("b", TestStatus::skipped)});
  EXPECT_EQ(line(),
            "FAIL - the suite lists a test that the report does not have: " + m_evidence.listed.front());
}

TEST_F(VerdictTest, NoEvidenceIsNoPass) {
  m_evidence.process = Outcome();
  m_evidence.process.error = "cannot run pnpm: No such file or directory (PATH=/bin)";
  EXPECT_EQ(line(), "SETUP - cannot run pnpm: No such file or directory (PATH=/bin)");
}

TEST_F(VerdictTest, FilterThatMatchesNothing) {
  report({test("a", TestStatus::skipped, "runtime (native) / sqlite (local)")});
  EXPECT_EQ(line(), "NO-TESTS - the filter matched nothing: the report's 1 test is none in the cell");
  report({});
  EXPECT_EQ(line(), "NO-TESTS - the report holds no test");
  m_evidence.process.exit_code = 1;
  EXPECT_EQ(line(), "NO-TESTS - the report holds no test; the runner exited 1");
}

TEST_F(VerdictTest, FilterThatMatchesAnotherCell) {
  report(
      {test("a", TestStatus::passed), test("a", TestStatus::passed, "runtime (wasm) / sqlite (remote) x")});
  EXPECT_EQ(
      line(),
      "FOREIGN - 1 test of another cell or file ran, first: /repo/tests/actor-a.test.ts: Outer > static "
      "registry > runtime (wasm) / sqlite (remote) x > Suite > a");
}

TEST_F(VerdictTest, FileArgumentThatMatchesAnotherFile) {
  report({test("a", TestStatus::passed), test("a", TestStatus::passed, k_scope, "/repo/tests/ba.test.ts")});
  EXPECT_EQ(judged().verdict, Verdict::foreign);
}

TEST_F(VerdictTest, ATestWhoseOwnTitleIsTheScopeIsNotBelowIt) {
  TestCase lonely;
  lonely.file = k_file;
  lonely.titles = {"Outer", k_scope};
  report({lonely});
  EXPECT_EQ(judged().verdict, Verdict::foreign);
}

TEST_F(VerdictTest, ScopeIsALiteralNotAPattern) {
  m_cell.scope = "runtime .*";
  report({test("a", TestStatus::passed)});
  EXPECT_EQ(judged().verdict, Verdict::foreign);
}

TEST_F(VerdictTest, FailureNamesTheFirstTestAndItsMessage) {
  report({test("ok", TestStatus::passed), test("a", TestStatus::failed), test("b", TestStatus::failed)});
  EXPECT_EQ(line(), "FAIL - Suite > a: AssertionError: expected 1 to be 2 (and 1 more)");
  EXPECT_EQ(judged().failures.size(), 2U);
}

TEST_F(VerdictTest, FailureTellsTheValuesBelowItsFirstLine) {
  const auto told = [&](const char* message) {
    TestCase failed = test("a", TestStatus::failed);
    failed.messages = {message};
    report({failed});
    return line();
  };
  EXPECT_EQ(told("Expected equality of these values:\n  a + 2\n    Which is: 4\n  5"),
            "FAIL - Suite > a: Expected equality of these values: a + 2, Which is: 4, 5");
  EXPECT_EQ(
      told("Error: expect(received).toBeLessThan(expected)\n\nExpected: < -1\nReceived:   0\n    at x.js:1"),
      "FAIL - Suite > a: Error: expect(received).toBeLessThan(expected); Expected: < -1, Received:   0");
  EXPECT_EQ(told("Error:\n    at x.js:1"), "FAIL - Suite > a: Error:");
}

TEST_F(VerdictTest, ExitZeroWithAFailureInTheReportIsAFailure) {
  report({test("a", TestStatus::failed)});
  m_evidence.process.exit_code = 0;
  EXPECT_EQ(judged().verdict, Verdict::fail);
}

TEST_F(VerdictTest, AFileThatDidNotCollectIsAFailure) {
  report({});
  last_report().file_failures = {{k_file, "SyntaxError: unexpected token"}};
  m_evidence.process.exit_code = 1;
  EXPECT_EQ(line(), "FAIL - actor-a.test.ts: SyntaxError: unexpected token");
  // What the report does not say of it is in the output.
  last_report().file_failures = {{k_file, std::string(k_failed_outside)}};
  m_evidence.telling_line = "Error: database could not be dropped";
  EXPECT_EQ(
      line(),
      "FAIL - actor-a.test.ts: failed outside of its tests (a hook, or while it was loaded): Error: database "
      "could not be dropped");
}

TEST_F(VerdictTest, NonZeroExitWithEverythingPassed) {
  report({test("a", TestStatus::passed)});
  m_evidence.process.exit_code = 1;
  m_evidence.telling_line = "Error: unhandled rejection";
  EXPECT_EQ(line(),
            "EXIT - the runner exited 1 although its 1 test passed; it says: Error: unhandled rejection");
}

TEST_F(VerdictTest, SignalAfterAGoodReport) {
  report({test("a", TestStatus::passed)});
  m_evidence.process.end = Outcome::End::signalled;
  m_evidence.process.signal = 11;
  EXPECT_EQ(line(), "CRASH - the runner was ended by signal 11 (Segmentation fault)");
}

TEST_F(VerdictTest, DeadlineAfterAGoodReport) {
  report({test("a", TestStatus::passed)});
  m_evidence.process.end = Outcome::End::deadline;
  m_evidence.process.running = {{4711, "node vitest"}};
  EXPECT_EQ(line(),
            "TIMEOUT - all 1 tests were reported, but the runner did not exit; running: node vitest (4711)");
  m_evidence.report.reset();
  m_evidence.process.duration = Milliseconds(113'000);
  EXPECT_EQ(line(), "TIMEOUT - the runner did not end within 1m 53s; running: node vitest (4711)");
}

TEST_F(VerdictTest, InterruptionSaysNothingOfTheCell) {
  report({test("a", TestStatus::passed)});
  m_evidence.process.end = Outcome::End::interrupted;
  m_evidence.process.interrupted_by = 15;
  EXPECT_EQ(line(), "INTERRUPTED - stopped by signal 15");
}

TEST_F(VerdictTest, ReportThatIsMissingOrBroken) {
  EXPECT_EQ(line(), "BAD-REPORT - the runner exited 0 and wrote no report");
  m_evidence.report = Error{ExitCode::input, "truncated at byte 17\nmore"};
  EXPECT_EQ(line(), "BAD-REPORT - truncated at byte 17");
  m_evidence.telling_line = "Error: Cannot find module 'tape'";
  EXPECT_EQ(line(), "BAD-REPORT - truncated at byte 17; it says: Error: Cannot find module 'tape'");
}

TEST_F(VerdictTest, ReportOfAnEarlierRun) {
  report({test("a", TestStatus::passed)});
  m_evidence.stale_report = "the report was written before this run began";
  EXPECT_EQ(line(), "BAD-REPORT - the report was written before this run began");
}

TEST_F(VerdictTest, ReportThatContradictsItself) {
  report({test("a", TestStatus::passed)});
  last_report().says_success = false;
  EXPECT_EQ(line(), "BAD-REPORT - the report calls the run failed, but names no failing test");
  last_report().notes = {"1 snapshot written: nothing was compared"};
  EXPECT_EQ(line(), "FAIL - 1 snapshot written: nothing was compared");
}

TEST_F(VerdictTest, EveryTestSkippedCountsOnlyWhereItIsDeclared) {
  report({test("a", TestStatus::skipped), test("b", TestStatus::todo)});
  EXPECT_EQ(line(),
            "NO-TESTS - every test of the cell (2) is skipped, and the matrix declares no skip for it");
  last_report().tests.front().skip_reason = "needs docker";
  EXPECT_EQ(line(),
            "NO-TESTS - every test of the cell (2) is skipped, and the matrix declares no skip for it: "
            "needs docker (1 test), no reason told (1 test)");
  EXPECT_EQ(judged().remarks, (std::vector<std::string>{"skipped: Suite > a: needs docker",
                                                        "skipped: Suite > b: no reason told"}));
  m_cell.skip_reason = "no such protocol";
  EXPECT_EQ(line(), "SKIP - no such protocol");
  m_evidence.process.exit_code = 1;
  EXPECT_EQ(judged().verdict, Verdict::no_tests);
}

TEST_F(VerdictTest, ADeclaredSkipThatMatchesNothingIsNoSkip) {
  m_cell.skip_reason = "no such protocol";
  report({test("a", TestStatus::skipped, "runtime (native) / sqlite (local)")});
  EXPECT_EQ(judged().verdict, Verdict::no_tests);
}

TEST_F(VerdictTest, ADeclaredSkipWhoseTestsRunIsReported) {
  m_cell.skip_reason = "no such protocol";
  report({test("a", TestStatus::passed)});
  EXPECT_EQ(judged().verdict, Verdict::pass);
  EXPECT_THAT(judged().remarks,
              ElementsAre("the matrix declares this cell as skipped (no such protocol), but its tests "
                          "ran; remove the declaration"));
}

TEST_F(VerdictTest, ServiceThatDiedIsNeitherPassNorTheTestsFault) {
  m_evidence.service_problem = "the service engine ended while the cell ran: it exited 1\n  log";
  report({test("a", TestStatus::passed)});
  EXPECT_EQ(line(), "SETUP - the service engine ended while the cell ran: it exited 1");
  report({test("a", TestStatus::failed)});
  EXPECT_EQ(judged().verdict, Verdict::setup);
}

TEST_F(VerdictTest, WhatKeptTheRunnerFromStarting) {
  m_evidence.process = Outcome();
  m_evidence.setup_problem = "the service engine is gone: it exited 1\n  end of its log";
  EXPECT_EQ(line(), "SETUP - the service engine is gone: it exited 1");
}

TEST_F(VerdictTest, LeakedProcessesAreCountedAndFailWhereTheMatrixSaysSo) {
  report({test("a", TestStatus::passed)});
  m_evidence.process.leaked = {{12, "sleep 100"}, {13, "node x"}};
  EXPECT_EQ(line(), "PASS");
  EXPECT_EQ(judged().leaked, 2);
  EXPECT_THAT(judged().remarks,
              ElementsAre("ended what the runner left behind: sleep 100 (12), node x (13)"));
  m_leaks = LeakPolicy::fail;
  EXPECT_EQ(line(), "FAIL - left 2 processes behind: sleep 100 (12), node x (13)");
}

TEST_F(VerdictTest, AFailedTestHidesNothingThatFailsTheCellBesideIt) {
  const auto names = [&] {
    std::vector<std::string> all;
    for (const Failure& failure : judged().failures) {
      all.push_back(failure.test);
    }
    return all;
  };
  report({test("a", TestStatus::failed), test("b", TestStatus::skipped)});
  EXPECT_THAT(names(), ElementsAre("Suite > a"));
  last_report().notes = {"counts 3 tests, has 2"};
  m_evidence.errors = "Unhandled Rejection";
  m_evidence.focused = "actor-a.test.ts:3";
  m_evidence.process.leaked = {{12, "sleep 100"}};
  EXPECT_THAT(names(),
              ElementsAre("Suite > a", "the report itself", "errors outside of the tests", "a .only"));
  m_leaks = LeakPolicy::fail;
  EXPECT_THAT(names(), ElementsAre("Suite > a", "the report itself", "errors outside of the tests", "a .only",
                                   "processes left behind"));
  EXPECT_EQ(line(), "FAIL - Suite > a: AssertionError: expected 1 to be 2 (and 4 more)");
}

TEST_F(VerdictTest, AFileThatFailedHidesNoProcessesBesideIt) {
  report({});
  last_report().file_failures = {{k_file, "SyntaxError: unexpected token"}};
  last_report().notes = {"counts 1 test, has none"};
  m_evidence.process.leaked = {{12, "sleep 100"}};
  m_leaks = LeakPolicy::fail;
  ASSERT_EQ(judged().failures.size(), 2U);
  EXPECT_EQ(judged().failures.back().test, "processes left behind");
}

TEST_F(VerdictTest, PassAfterARetryIsFlaky) {
  report({test("a", TestStatus::passed)});
  last_report().tests[0].retries = 1;
  EXPECT_EQ(judged().verdict, Verdict::pass);
  EXPECT_TRUE(judged().flaky);
}

TEST_F(VerdictTest, ExitCodeFormatCountsNothing) {
  m_format = ReportFormat::exit_code;
  EXPECT_EQ(line(), "PASS - exit status only, nothing was counted");
  m_evidence.process.exit_code = 3;
  m_evidence.last_output = "boom";
  EXPECT_EQ(line(), "FAIL - the runner exited 3: boom");
}

TEST_F(VerdictTest, WithoutScopeTheFileDecides) {
  m_cell.scope = "";
  report({test("a", TestStatus::passed, "anything")});
  EXPECT_EQ(line(), "PASS");
  EXPECT_EQ(title_below(last_report().tests[0], ""), "Outer > static registry > anything > Suite > a");
}

} // namespace
} // namespace ctest_matrix
