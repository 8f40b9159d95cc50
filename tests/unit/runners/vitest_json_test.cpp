#include "runners/dump.hpp"
#include "runners/vitest_json.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

std::string read_vitest(std::string_view text) {
  const Result<RunnerReport> report = parse_vitest_json(text);
  return report ? dump(*report) : "error: " + report.error().message;
}

std::string one_test(std::string_view test, std::string_view rest = "") {
  return fmt::format(
      R"({{"success":true,{}"testResults":[{{"name":"/a.ts","status":"passed","assertionResults":[{{{}}}]}}]}})",
      rest, test);
}

TEST(VitestJson, ReadsPassedTests) {
  EXPECT_EQ(read_vitest(fixture("vitest/passed.json")), R"(success
file /suite/tests/pass.test.ts
passed [/suite/tests/pass.test.ts] runtime (native) / encoding (bare) / Actor Conn / connects
passed [/suite/tests/pass.test.ts] runtime (native) / encoding (bare) / Actor Conn / sends
)");
}

TEST(VitestJson, PlacesFailuresInTheTestsOwnFile) {
  EXPECT_EQ(read_vitest(fixture("vitest/failed.json")), R"(no success
file /suite/tests/fail.test.ts
passed [/suite/tests/fail.test.ts] suite / passes
failed [/suite/tests/fail.test.ts] suite / fails in the test at /suite/tests/fail.test.ts:6
  | AssertionError: expected { a: 1 } to deeply equal { a: 2 }
failed [/suite/tests/fail.test.ts] suite / fails in a helper at /suite/tests/fail.test.ts:9
  | Error: helper says xred
failed [/suite/tests/fail.test.ts] suite / throws no error object
  | just a string
)");
}

TEST(VitestJson, FilterThatMatchesNothingHasNoPassedTest) {
  EXPECT_EQ(read_vitest(fixture("vitest/nothing.json")), R"(success
file /suite/tests/pass.test.ts
skipped [/suite/tests/pass.test.ts] runtime (native) / encoding (bare) / Actor Conn / connects
skipped [/suite/tests/pass.test.ts] runtime (native) / encoding (bare) / Actor Conn / sends
)");
}

TEST(VitestJson, FilesThatDoNotLoadAreFileFailures) {
  EXPECT_EQ(read_vitest(fixture("vitest/collect.json")), R"(no success
file /suite/tests/collect.test.ts
file failure [/suite/tests/collect.test.ts] Cannot find module './not-there' imported from '/suite/tests/collect.test.ts'
)");
  EXPECT_EQ(read_vitest(fixture("vitest/empty.json")), R"(no success
file /suite/tests/empty.test.ts
file failure [/suite/tests/empty.test.ts] No test suite found in file /suite/tests/empty.test.ts
)");
  EXPECT_EQ(read_vitest(fixture("vitest/missing.json")), "no success\n");
}

TEST(VitestJson, HookFailuresAreFileFailuresThoughNoTestFailed) {
  EXPECT_EQ(read_vitest(fixture("vitest/hook.json")), R"(no success
file /suite/tests/hook.test.ts
skipped [/suite/tests/hook.test.ts] before / never runs
passed [/suite/tests/hook.test.ts] after / runs
file failure [/suite/tests/hook.test.ts] failed outside of its tests (a hook, or while it was loaded)
)");
}

TEST(VitestJson, UnhandledRejectionsAreNotInTheReport) {
  EXPECT_EQ(read_vitest(fixture("vitest/unhandled.json")), R"(success
file /suite/tests/unhandled.test.ts
passed [/suite/tests/unhandled.test.ts] passes and leaves a rejection
)");
}

TEST(VitestJson, TellsSkipsFromTodos) {
  EXPECT_EQ(read_vitest(fixture("vitest/skips.json")), R"(success
file /suite/tests/skips.test.ts
passed [/suite/tests/skips.test.ts] skips / runs
skipped [/suite/tests/skips.test.ts] skips / is skipped
todo [/suite/tests/skips.test.ts] skips / is todo
skipped [/suite/tests/skips.test.ts] skips / skips itself
passed [/suite/tests/skips.test.ts] skips / is expected to fail
)");
}

TEST(VitestJson, CountsTheFailedAttemptsOfAPassedTest) {
  EXPECT_EQ(read_vitest(fixture("vitest/retry.json")), R"(success
file /suite/tests/retry.test.ts
passed [/suite/tests/retry.test.ts] passes on the second attempt retries 1
  | AssertionError: expected 1 to be 2 // Object.is equality
passed [/suite/tests/retry.test.ts] repeats
)");
}

TEST(VitestJson, NotesSnapshots) {
  EXPECT_EQ(read_vitest(fixture("vitest/snapshot-written.json")), R"(success
file /suite/tests/snapshot.test.ts
passed [/suite/tests/snapshot.test.ts] matches its snapshot
passed [/suite/tests/snapshot.test.ts] has a new snapshot
note snapshots written: 1
note snapshots obsolete: 1
)");
  EXPECT_EQ(read_vitest(fixture("vitest/snapshot-obsolete.json")), R"(no success
file /suite/tests/snapshot.test.ts
passed [/suite/tests/snapshot.test.ts] matches its snapshot
failed [/suite/tests/snapshot.test.ts] has a new snapshot at /suite/tests/snapshot.test.ts:3
  | Error: Snapshot `has a new snapshot 1` mismatched
note snapshots obsolete: 1
note snapshots do not match: 1
)");
}

TEST(VitestJson, ReadsJest) {
  EXPECT_EQ(read_vitest(fixture("jest/failed.json")), R"(no success
file /suite/t/a.test.js
file /suite/t/b.test.js
passed [/suite/t/a.test.js] outer / inner / passes
failed [/suite/t/a.test.js] outer / inner / fails at /suite/t/a.test.js:5
  | Error: expect(received).toEqual(expected) // deep equality
skipped [/suite/t/a.test.js] outer / inner / is skipped
todo [/suite/t/a.test.js] outer / inner / is todo
passed [/suite/t/a.test.js] passes on the second attempt retries 1
file failure [/suite/t/b.test.js] Cannot find module './not-there' from 't/b.test.js'
)");
  EXPECT_EQ(read_vitest(fixture("jest/filtered.json")), R"(success
file /suite/t/a.test.js
file /suite/t/ok.test.js
passed [/suite/t/a.test.js] outer / inner / passes
skipped [/suite/t/a.test.js] outer / inner / fails
skipped [/suite/t/a.test.js] outer / inner / is skipped
skipped [/suite/t/a.test.js] outer / inner / is todo
skipped [/suite/t/a.test.js] passes on the second attempt
passed [/suite/t/ok.test.js] passes
)");
}

TEST(VitestJson, PendingMeansUnfinishedToVitest) {
  EXPECT_EQ(read_vitest(one_test(R"("title":"t","status":"pending")", R"("numFailedTests":0,)")), R"(success
file /a.ts
failed [/a.ts] t
  | had not finished when the report was written
)");
}

TEST(VitestJson, UnknownStatusIsAnErrorAndNoPass) {
  EXPECT_EQ(read_vitest(one_test(R"("title":"t","status":"Passed")")),
            "error: vitest-json report: testResults[0].assertionResults[0].status: unknown status 'Passed'; "
            "expected "
            "one of: passed, failed, skipped, pending, todo, disabled");
  EXPECT_EQ(read_vitest(one_test(R"("title":"t")")),
            "error: vitest-json report: testResults[0].assertionResults[0].status: unknown status ''; "
            "expected one of: "
            "passed, failed, skipped, pending, todo, disabled");
  EXPECT_EQ(read_vitest(
                R"({"success":true,"testResults":[{"name":"/a.ts","status":"odd","assertionResults":[]}]})"),
            "error: vitest-json report: testResults[0].status: unknown status 'odd'; expected one of: "
            "passed, failed, "
            "skipped, pending, focused");
}

TEST(VitestJson, ContradictoryNumbersAreNoSuccess) {
  const std::string passed = R"("title":"t","status":"passed")";
  EXPECT_EQ(read_vitest(one_test(passed, R"("numFailedTests":1,)")),
            "no success\nfile /a.ts\npassed [/a.ts] t\nnote numFailedTests is 1, but 0 listed\n");
  EXPECT_EQ(read_vitest(one_test(passed, R"("numPassedTests":2,"numTotalTests":2,)")),
            "no success\nfile /a.ts\npassed [/a.ts] t\nnote numTotalTests is 2, but 1 listed\nnote "
            "numPassedTests is 2, "
            "but 1 listed\n");
  EXPECT_EQ(read_vitest(one_test(passed, R"("numFailedTestSuites":1,)")),
            "no success\nfile /a.ts\npassed [/a.ts] t\nnote numFailedTestSuites is 1, but nothing failed\n");
  EXPECT_EQ(read_vitest(one_test(passed, R"("wasInterrupted":true,"openHandles":[1,2],)")),
            "no success\nfile /a.ts\npassed [/a.ts] t\nnote the run was interrupted\nnote open handles: 2\n");
}

TEST(VitestJson, HalfASurrogatePairIsNoReasonToRejectAReport) {
  EXPECT_EQ(read_vitest(one_test(R"("title":"\ud83d \ude00 \ud83d\ude00 \\ud83d","status":"passed")")),
            "success\nfile /a.ts\npassed [/a.ts] \xEF\xBF\xBD \xEF\xBF\xBD \xF0\x9F\x98\x80 \\ud83d\n");
}

TEST(VitestJson, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(read_vitest(""), "error: vitest-json report: empty");
  EXPECT_EQ(read_vitest(" \n"), "error: vitest-json report: empty");
  EXPECT_EQ(read_vitest("{\"success\":\ntrue"),
            "error: vitest-json report: not JSON at byte 17 (line 2): the text ends too early");
  EXPECT_EQ(read_vitest("<testsuites/>"), "error: vitest-json report: not JSON at byte 1 (line 1)");
  EXPECT_EQ(read_vitest("{} {}"), "error: vitest-json report: not JSON at byte 4 (line 1)");
  EXPECT_EQ(read_vitest("[]"), "error: vitest-json report: the report: expected an object");
  EXPECT_EQ(read_vitest("{}"), "error: vitest-json report: testResults: expected an array");
  EXPECT_EQ(read_vitest(R"({"testResults":[]})"),
            "error: vitest-json report: success: expected true or false");
  EXPECT_EQ(read_vitest(R"({"success":true,"testResults":[1]})"),
            "error: vitest-json report: testResults[0]: expected an object");
  EXPECT_EQ(read_vitest(R"({"x":1e999})"),
            "error: vitest-json report: the number at byte 6 (line 1) is out of range");
  EXPECT_EQ(read_vitest(std::string_view("{\n\0}", 4)),
            "error: vitest-json report: NUL byte at byte 3 (line 2)");
  EXPECT_EQ(read_vitest("{\n\"\xff\"}"), "error: vitest-json report: invalid UTF-8 in line 2");
  EXPECT_EQ(read_vitest(std::string(100'000, '[')),
            "error: vitest-json report: nested more than 64 levels deep at byte 65 (line 1)");
  EXPECT_EQ(read_vitest("\xEF\xBB\xBF" + one_test(R"("title":"t","status":"passed")")),
            "success\nfile /a.ts\npassed [/a.ts] t\n");
}

TEST(VitestJson, BelievesNoCountThatIsNone) {
  const auto with = [](const std::string& members) {
    return parse_vitest_json(
        R"({"success":true,"testResults":[{"name":"/a","status":"passed",)"
        R"("assertionResults":[{"ancestorTitles":[],"title":"t","status":"passed"}]}],)" +
        members + "}");
  };
  EXPECT_TRUE(with(R"("snapshot":{"added":0,"unmatched":0,"failure":false},"openHandles":[])"));
  for (const char* bad :
       {R"("snapshot":{"unmatched":"2"})", R"("snapshot":{"added":"2"})", R"("snapshot":{"unchecked":-1})",
        R"("snapshot":{"updated":1.5})", R"("snapshot":{"filesRemoved":null})", R"("snapshot":"failed")",
        R"("snapshot":[{"unmatched":1}])", R"("openHandles":"1")", R"("numFailedTests":null)",
        R"("startTime":null)"}) {
    EXPECT_FALSE(with(bad)) << bad;
  }
  for (const char* contrary : {R"("snapshot":{"failure":true})", R"("numPendingTests":4)"}) {
    const auto report = with(contrary);
    ASSERT_TRUE(report) << contrary;
    EXPECT_FALSE(report->says_success) << contrary;
  }
}

} // namespace
} // namespace ctest_matrix
