#include "runners/dump.hpp"
#include "runners/tap.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

std::string read_tap(std::string_view text) {
  const Result<RunnerReport> report = parse_tap(text);
  return report ? dump(*report) : "error: " + report.error().message;
}

TEST(Tap, ReadsPointsAndDirectives) {
  EXPECT_EQ(read_tap(R"(TAP version 14
1..7
ok 1 - connects
not ok 2 - fails
ok 3 - skipped # SKIP not here
not ok 4 - later # TODO not written
ok 5 # todo
ok - keeps \# SKIP in its name
some output
# a comment
not ok 7 - skipped, and failed # skip because
)"),
            R"(success
passed [] connects
failed [] fails
skipped [] skipped because: not here
todo [] later
todo [] 
passed [] keeps # SKIP in its name
skipped [] skipped, and failed because: because
)");
}

TEST(Tap, OnlyWholeWordsAreDirectives) {
  EXPECT_EQ(read_tap("1..2\nnot ok 1 - a # TODOs\nokay 2\nok 2 - issue #SKIPPED\n"),
            "success\nfailed [] a # TODOs\npassed [] issue #SKIPPED\n");
}

TEST(Tap, SubtestsGiveTitles) {
  EXPECT_EQ(read_tap(R"(TAP version 13
# Subtest: runtime (native)
    # Subtest: conn
        ok 1 - connects
          ---
          duration_ms: 12.6
          ...
        1..1
    ok 1 - conn
      ---
      duration_ms: 20
      ...
    not ok 2 - fails
      ---
      duration_ms: 3.2
      location: '/suite/a.test.js:5:3'
      error: |-
        1..2
        not what was expected
      ...
    1..2
not ok 1 - runtime (native)
  ---
  type: 'suite'
  ...
1..1
# tests 2
)"),
            R"(success
passed [] runtime (native) / conn / connects
failed [] runtime (native) / fails at /suite/a.test.js:5
  | 1..2
)");
}

TEST(Tap, AParentMayFailAlone) {
  EXPECT_EQ(read_tap("    ok 1 - a\n    1..1\nnot ok 1 - parent\n  ---\n  hook threw\n  ...\n1..1\n"),
            "success\npassed [] parent / a\nfile failure [] parent: hook threw\n");
  EXPECT_EQ(read_tap("    not ok 1 - a\n    1..1\nnot ok 1 - parent # TODO\n1..1\n"),
            "success\ntodo [] parent / a\n");
  EXPECT_EQ(read_tap("    not ok 1 - a\n    1..1\nok 1 - parent\n1..1\n"), "success\nfailed [] parent / a\n");
  EXPECT_EQ(read_tap("    1..0 # skip all\nok 1 - parent # SKIP all\n1..1\n"),
            "success\nskipped [] parent because: all\n");
}

// None of bats, ava and tape escapes `#` in a title.
TEST(Tap, AFailedTestWithADirectiveInItsTitleFailed) {
  EXPECT_EQ(
      read_tap("1..2\nok 1 works\nnot ok 2 issue 12 # skip header rows\n# (in test file t/x.bats, line 2)\n"
               "#   `false' failed\n"),
      "success\npassed [] works\nfailed [] issue 12 # skip header rows at t/x.bats:2\n  | `false' failed\n");
  EXPECT_EQ(
      read_tap(
          "1..2\nok 1 - works\nnot ok 2 - issue 12 # SKIP header rows\n  ---\n  operator: equal\n  ...\n\n"
          "# tests 2\n# pass  1\n# fail  1\n"),
      "success\npassed [] works\nfailed [] issue 12 # skip header rows\n");
  EXPECT_EQ(read_tap("1..1\nok 1 - works\n# fail 1\n"),
            "no success\npassed [] works\nnote its summary counts 1 failed test, and none is listed\n");
  // tape and ava explain what failed; ava counts a test that is to do, too.
  EXPECT_EQ(read_tap("1..1\nnot ok 1 - issue 12 # todo rows\n  ---\n  operator: equal\n  ...\n\n# fail  1\n"),
            "success\nfailed [] issue 12 # todo rows\n");
  EXPECT_EQ(read_tap("1..1\nnot ok 1 later # TODO\n  ---\n  operator: equal\n  ...\n\n# pass  1\n"),
            "success\ntodo [] later\n");
  EXPECT_EQ(read_tap("1..1\nnot ok 1 - later # TODO\n# fail 1\n"), "success\ntodo [] later\n");
  EXPECT_EQ(
      read_tap(
          "1..1\nnot ok 1 issue 12 # todo rows\n# (in test file t/x.bats, line 2)\n#   `false' failed\n"),
      "success\nfailed [] issue 12 # todo rows at t/x.bats:2\n  | `false' failed\n");
  EXPECT_EQ(read_tap("1..1\nnot ok 1 - later # SKIP no engine\n# fail 0\n"),
            "success\nskipped [] later because: no engine\n");
}

TEST(Tap, CommentsBehindAFailureSayWhyAndWhere) {
  EXPECT_EQ(
      read_tap(
          "not ok 1 - works\n#   Failed test 'works'\n#   at t/basic.t line 3.\n#          got: 'refused'\n"
          "#     expected: 'connected'\nok 2 - more\n# a note\n1..2\n# Looks like you failed 1 test of 2.\n"),
      "success\nfailed [] works at t/basic.t:3\n  | got: 'refused'\npassed [] more\n");
  // What follows a YAML block is the next test's.
  EXPECT_EQ(read_tap("1..2\nnot ok 1 - a\n  ---\n  error: broken\n  ...\n# b\nok 2 - b\n"),
            "success\nfailed [] a\n  | broken\npassed [] b\n");
  EXPECT_EQ(read_tap("1..2\nnot ok 1 - a\n# Subtest: b\nok 2 - b\n"), "success\nfailed [] a\npassed [] b\n");
}

TEST(Tap, ThePlaceOfAFailureIsNoFrameOfALibrary) {
  const auto failing = [](const std::string& at) {
    return read_tap("1..1\nnot ok 1 - a\n  ---\n  operator: fail\n  at: " + at + "\n  ...\n");
  };
  EXPECT_EQ(failing("Test.<anonymous> (/suite/test/a.js:7:3)"),
            "success\nfailed [] a at /suite/test/a.js:7\n  | operator: fail\n");
  EXPECT_EQ(failing("process.<anonymous> (/suite/node_modules/tape/index.js:197:11)"),
            "success\nfailed [] a\n  | operator: fail\n");
}

TEST(Tap, WhatMayBeCutIsNoSuccess) {
  EXPECT_EQ(read_tap("1..2\nok 1 - a\n"),
            "no success\npassed [] a\nnote the report planned 2 tests, but has 1: it is cut\n");
  EXPECT_EQ(read_tap("ok 1 - a\n"), "no success\npassed [] a\nnote the report has no plan: it may be cut\n");
  EXPECT_EQ(read_tap("1..1\nok 1 - a"),
            "no success\npassed [] a\nnote the last line has no end: the report is cut\n");
  EXPECT_EQ(read_tap("1..1\nok 1 - a\n  ---\n  x: 1\n"),
            "no success\npassed [] a\nnote the last YAML block has no end: the report is cut\n");
  EXPECT_EQ(read_tap("1..1\n    ok 1 - a\n    1..1\n"), R"(no success
passed []  / a
note a subtest has no parent: the report is cut
)");
  EXPECT_EQ(read_tap("1..2\nok 1 - a\nok 1 - b\n"),
            "no success\npassed [] a\npassed [] b\nnote the report has the test 1 twice\n");
  EXPECT_EQ(read_tap("1..1\n1..2\nok 1 - a\nok 2 - b\n"),
            "no success\npassed [] a\npassed [] b\nnote a second plan\n");
  EXPECT_EQ(read_tap("1..1\nok 1 - a\nBail out! no database\n"),
            "no success\npassed [] a\nnote Bail out! no database\n");
  EXPECT_EQ(read_tap("Bail out!\n"),
            "no success\nnote Bail out!\nnote the report has no plan: it may be cut\n");
}

TEST(Tap, BytesThatAreNoUtf8AreReplaced) {
  EXPECT_EQ(read_tap("1..1\n# \xff\nok 1 - a\xff\n"), "success\npassed [] a\uFFFD\n");
}

TEST(Tap, NoTestsIsAReportWithoutTests) {
  EXPECT_EQ(read_tap("TAP version 13\n1..0 # SKIP nothing to do\n"),
            "success\nskipped whole: nothing to do\n");
}

TEST(Tap, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(read_tap(""), "error: tap report: empty");
  EXPECT_EQ(read_tap("hello\n"), "error: tap report: no plan and no test: not TAP");
  EXPECT_EQ(read_tap(std::string(100'000, '[')), "error: tap report: no plan and no test: not TAP");
  EXPECT_EQ(read_tap(std::string_view("ok\n\0", 4)), "error: tap report: NUL byte at byte 4 (line 2)");
  EXPECT_EQ(read_tap(std::string(400'000, ' ') + "ok\n"),
            "error: tap report: nested more than 64 levels deep");
}

} // namespace
} // namespace ctest_matrix
