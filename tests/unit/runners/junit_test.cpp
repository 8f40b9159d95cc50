#include "runners/dump.hpp"
#include "runners/junit.hpp"
#include "runners/source_place.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

std::string read_junit(std::string_view text) {
  const Result<RunnerReport> report = parse_junit(text);
  return report ? dump(*report) : "error: " + report.error().message;
}

std::string one_case(std::string_view attributes, std::string_view content = "") {
  return fmt::format(R"(<testsuite name="s"><testcase name="t" {}>{}</testcase></testsuite>)", attributes,
                     content);
}

TEST(Junit, ReadsVitest) {
  EXPECT_EQ(read_junit(fixture("vitest/passed.xml")), R"(success
file tests/pass.test.ts
passed [tests/pass.test.ts] runtime (native) / encoding (bare) / Actor Conn / connects
passed [tests/pass.test.ts] runtime (native) / encoding (bare) / Actor Conn / sends
)");
  EXPECT_EQ(read_junit(fixture("vitest/failed.xml")), R"(no success
file tests/fail.test.ts
passed [tests/fail.test.ts] suite / passes
failed [tests/fail.test.ts] suite / fails in the test at tests/fail.test.ts:6
  | AssertionError: expected { a: 1 } to deeply equal { a: 2 }
failed [tests/fail.test.ts] suite / fails in a helper at tests/fail.test.ts:9
  | helper says x[31mred[0m
failed [tests/fail.test.ts] suite / throws no error object
  | Unknown Error: just a string
)");
  EXPECT_EQ(read_junit(fixture("vitest/collect.xml")), R"(no success
file tests/collect.test.ts
file failure [tests/collect.test.ts] Error: Cannot find module './not-there' imported from '/suite/tests/collect.test.ts'
)");
  EXPECT_EQ(read_junit(fixture("vitest/hook.xml")), R"(no success
file tests/hook.test.ts
skipped [tests/hook.test.ts] before / never runs
passed [tests/hook.test.ts] after / runs
file failure [tests/hook.test.ts] before: Error: beforeAll threw at tests/hook.test.ts:3
file failure [tests/hook.test.ts] after: Error: afterAll threw at tests/hook.test.ts:7
)");
  EXPECT_EQ(read_junit(fixture("vitest/nothing.xml")), R"(success
file tests/pass.test.ts
skipped [tests/pass.test.ts] runtime (native) / encoding (bare) / Actor Conn / connects
skipped [tests/pass.test.ts] runtime (native) / encoding (bare) / Actor Conn / sends
)");
  EXPECT_EQ(read_junit(fixture("vitest/skips.xml")), R"(success
file tests/skips.test.ts
passed [tests/skips.test.ts] skips / runs
skipped [tests/skips.test.ts] skips / is skipped
skipped [tests/skips.test.ts] skips / is todo
skipped [tests/skips.test.ts] skips / skips itself
passed [tests/skips.test.ts] skips / is expected to fail
)");
}

TEST(Junit, JestsTodoTestIsNoPassThoughItIsWrittenAsOne) {
  EXPECT_EQ(read_junit(fixture("jest/failed.xml")), R"(no success
passed [] outer inner passes
failed [] outer inner fails
  | Error: expect(received).toEqual(expected) // deep equality
skipped [] outer inner is skipped
todo [] outer inner is todo
passed []  passes on the second attempt
)");
  EXPECT_EQ(read_junit(fixture("jest/filtered.xml")), R"(success
passed [] outer inner passes
skipped [] outer inner fails
skipped [] outer inner is skipped
skipped [] outer inner is todo
skipped []  passes on the second attempt
passed []  passes
)");
}

TEST(Junit, ReadsPytest) {
  EXPECT_EQ(read_junit(fixture("pytest/passed.xml")),
            "success\npassed [] tests.test_a.TestConn / test_connects\n");
  EXPECT_EQ(read_junit(fixture("pytest/none.xml")), "success\n");
  EXPECT_EQ(read_junit(fixture("pytest/collect.xml")),
            "no success\nfile failure [tests.test_broken] collection failure\n");
  EXPECT_EQ(read_junit(fixture("pytest/mixed.xml")), R"(no success
file tests/test_a.py
passed [tests/test_a.py] tests.test_a.TestConn / test_connects
failed [tests/test_a.py] tests.test_a.TestConn / test_fails at tests/test_a.py:10
  | AssertionError: #x1B[31mred#x1B[0m
passed [tests/test_a.py] tests.test_a / test_runtime[native]
passed [tests/test_a.py] tests.test_a / test_runtime[wasm]
skipped [tests/test_a.py] tests.test_a / test_skipped because: not here
skipped [tests/test_a.py] tests.test_a / test_expected_failure
failed [tests/test_a.py] tests.test_a / test_setup_error at tests/test_a.py:30
  | failed on setup with "RuntimeError: setup threw"
failed [tests/test_a.py] tests.test_a / test_teardown_error at tests/test_a.py:40
  | failed on teardown with "RuntimeError: teardown threw"
)");
}

// The default of pytest since version 6: no `file`, but the module in front of the class.
TEST(Junit, FindsThePlaceByPytestsModule) {
  EXPECT_EQ(read_junit(R"(<testsuites><testsuite name="pytest" tests="3" failures="2" errors="0">
<testcase classname="tests.test_a.TestConn" name="test_one" time="0.1" />
<testcase classname="tests.test_a.TestConn" name="test_two" time="0.1"><failure message="AssertionError: arithmetic&#10;assert 2 == 3">self = &lt;TestConn&gt;

    def test_two(self):
&gt;       check()

tests/test_a.py:12:
_ _ _

E       AssertionError: arithmetic

tests/helper.py:3: AssertionError</failure></testcase>
<testcase classname="tests.test_a" name="test_three"><failure message="no">elsewhere.py:4: Error</failure></testcase>
</testsuite></testsuites>)"),
            R"(no success
passed [] tests.test_a.TestConn / test_one
failed [] tests.test_a.TestConn / test_two at tests/test_a.py:12
  | AssertionError: arithmetic
failed [] tests.test_a / test_three
  | no
)");
}

TEST(SourcePlace, TellsThePythonFileOfAModule) {
  EXPECT_TRUE(is_in_file("tests.test_a.TestConn", "/x/tests/test_a.py"));
  EXPECT_TRUE(is_in_file("tests.test_a", "tests/test_a.py"));
  EXPECT_TRUE(is_in_file("test_a.TestConn", "/x/tests/test_a.py"));
  EXPECT_FALSE(is_in_file("tests.test_ab.TestConn", "/x/tests/test_a.py"));
  EXPECT_FALSE(is_in_file("tests.test_b", "/x/tests/test_a.py"));
  EXPECT_FALSE(is_in_file("other.test_a", "/x/tests/test_a.py"));
  EXPECT_FALSE(is_in_file("", "/x/tests/test_a.py"));
}

TEST(Junit, ReadsGoogleTest) {
  EXPECT_EQ(read_junit(fixture("gtest/passed.xml")), "success\nfile a.cpp\npassed [a.cpp] Conn / Connects\n");
  EXPECT_EQ(read_junit(fixture("gtest/none.xml")), "success\n");
  EXPECT_EQ(read_junit(fixture("gtest/mixed.xml")), R"(no success
file a.cpp
passed [a.cpp] Conn / Connects
failed [a.cpp] Conn / Fails at a.cpp:3
  | Expected equality of these values:
  | Value of: false
skipped [a.cpp] Conn / Skips because: not here
skipped [a.cpp] Conn / DISABLED_Later
skipped [a.cpp] Broken / Test
passed [a.cpp] Rt/P / Runs/0
passed [a.cpp] Rt/P / Runs/1
)");
}

// Not recorded but written down from each writer's source.
TEST(Junit, ReadsWhatOtherWritersAddOrLeaveOut) {
  EXPECT_EQ(read_junit(R"(<testsuites id="" name="" tests="1" failures="0" skipped="0" errors="0" time="1.5">
<testsuite name="a.spec.ts" timestamp="2026-01-31T09:05:07.000Z" hostname="chromium" tests="1" failures="0" skipped="0" time="1.5" errors="0">
<testcase name="runtime (native) › connects" classname="a.spec.ts" time="1.5"></testcase></testsuite></testsuites>)"),
            "success\nfile a.spec.ts\npassed [a.spec.ts] runtime (native) / connects\n");
  EXPECT_EQ(
      read_junit(
          R"(<testsuites name="nextest-run" tests="2" failures="0" errors="0" uuid="u" timestamp="t" time="1">
<testsuite name="driver" tests="2" disabled="0" errors="0" failures="0">
<testcase name="native::connects" classname="driver" timestamp="t" time="0.1">
<flakyFailure timestamp="t" time="0.1" message="panicked" type="test failure">text</flakyFailure></testcase>
<testcase name="native::sends" classname="driver" time="0.1"/></testsuite></testsuites>)"),
      R"(success
passed [] driver / native / connects retries 1
  | panicked
passed [] driver / native / sends
)");
  EXPECT_EQ(
      read_junit(
          R"(<testsuites><testsuite name="exe" errors="0" failures="0" tests="7" hostname="tbd" time="1">
<properties><property name="random-seed" value="1"/></properties>
<testcase classname="exe.global" name="connects" time="0.1" status="run"/>
<testcase classname="exe.Fixture" name="sends/in a section" time="0.1" status="run"/>
<system-out/><system-err/></testsuite></testsuites>)"),
      "success\npassed [] exe / connects\npassed [] exe / Fixture / sends/in a section\n");
  EXPECT_EQ(
      read_junit(
          R"(<testsuites tests="2" failures="1"><testsuite name="example.org/x" tests="2" failures="1" errors="0" id="0" time="1">
<testcase name="TestA/native" classname="example.org/x" time="0.1"></testcase>
<testcase name="TestB" classname="example.org/x" time="0.1"><failure message="Failed"><![CDATA[    x_test.go:7: no]]></failure></testcase>
</testsuite></testsuites>)"),
      R"(no success
passed [] example.org/x / TestA/native
failed [] example.org/x / TestB
  | Failed
)");
}

TEST(Junit, NestedSuitesBecomeTitles) {
  EXPECT_EQ(
      read_junit(
          R"(<testsuites><testsuite name="outer" file="a.rb"><testsuite name="inner"><testcase name="t" classname="C"/>
</testsuite></testsuite></testsuites>)"),
      "success\nfile a.rb\npassed [a.rb] outer / inner / C / t\n");
}

TEST(Junit, WhateverHintsAtAFailureIsOne) {
  EXPECT_EQ(read_junit(one_case("", R"(<skipped/><error message="m"/>)")),
            "success\nfailed [] s / t\n  | m\n");
  EXPECT_EQ(read_junit(one_case("", R"(<rerunFailure message="m"/>)")), "success\nfailed [] s / t\n  | m\n");
  EXPECT_EQ(read_junit(one_case(R"(status="fail")")), "success\nfailed [] s / t\n");
  EXPECT_EQ(
      read_junit(R"(<testsuite name="s"><testcase name="t"/><error message="hook threw"/></testsuite>)"),
      "success\npassed [] s / t\nfile failure [s] hook threw\n");
}

TEST(Junit, UnknownWordsAreErrorsAndNoPass) {
  EXPECT_EQ(read_junit(one_case(R"(status="timeout")")),
            "error: junit report: test 't': unknown status 'timeout'");
  EXPECT_EQ(read_junit(one_case(R"(result="aborted")")),
            "error: junit report: test 't': unknown status 'aborted'");
  EXPECT_EQ(read_junit(one_case("", "<timeout/>")),
            "error: junit report: test 't': unknown element <timeout>");
  EXPECT_EQ(read_junit(R"(<testsuite name="s"><aborted/></testsuite>)"),
            "error: junit report: unknown element <aborted> in <testsuite>");
}

TEST(Junit, ContradictoryCountsAreNoSuccess) {
  EXPECT_EQ(
      read_junit(
          R"(<testsuites failures="1"><testsuite name="s" tests="2"><testcase name="t"/></testsuite></testsuites>)"),
      R"(no success
passed [] s / t
note testsuite 's' has tests="2", but 1 listed
note testsuites '' has failures="1", but no failed test
)");
  EXPECT_EQ(read_junit(R"(<testsuite name="s" tests="1" errors="many"><testcase name="t"/></testsuite>)"),
            "no success\npassed [] s / t\nnote testsuite 's' has errors=\"many\", but no failed test\n");
}

TEST(Junit, KnowsNoReferencesButThoseOfXml) {
  EXPECT_EQ(read_junit(one_case("", "<system-out>a &undefined; b</system-out>")),
            "error: junit report: not well-formed XML at byte 55 (line 1): '&undefined' is no reference that "
            "XML knows");
  for (const std::string bad : {"a & b", "&;", "&#;", "&#x;", "&#0;", "&#x110000;", "&lt", "&LT;", "& lt;"}) {
    EXPECT_THAT(read_junit(one_case("", "<system-out>" + bad + "</system-out>")),
                testing::HasSubstr("is no reference that XML knows"))
        << bad;
    EXPECT_THAT(read_junit(one_case("id=\"" + bad + "\"")), testing::StartsWith("error: ")) << bad;
  }
  for (const std::string good : {"&amp;&lt;&gt;&quot;&apos;", "&#10;&#xA;&#x10FFFF;", "<![CDATA[a & b]]>",
                                 "<!-- a & b -->", "<?x a & b?>"}) {
    EXPECT_EQ(read_junit(one_case("", "<system-out>" + good + "</system-out>")), "success\npassed [] s / t\n")
        << good;
  }
}

TEST(Junit, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(read_junit(""), "error: junit report: empty");
  EXPECT_EQ(read_junit("{}"), "error: junit report: text outside of the root element");
  EXPECT_EQ(read_junit("<html/>"),
            "error: junit report: root element <html>; expected <testsuites> or <testsuite>");
  EXPECT_EQ(read_junit("<testsuite>\n<testcase name=\"t\"/>\n"),
            "error: junit report: not well-formed XML at byte 33 (line 2): start-end tags mismatch");
  EXPECT_EQ(read_junit("<testsuite/><testsuite/>"), "error: junit report: a second root element <testsuite>");
  EXPECT_EQ(read_junit("<testsuite/>done"), "error: junit report: text outside of the root element");
  EXPECT_EQ(read_junit("<!DOCTYPE x><testsuite/>"),
            "error: junit report: has a document type, which no runner writes");
  EXPECT_EQ(read_junit(R"(<testsuite><testcase name="t" status="run" status="fail"/></testsuite>)"),
            "error: junit report: attribute status twice in <testcase>");
  EXPECT_EQ(read_junit("<?xml version='1.0' encoding='UTF-16'?><testsuite/>"),
            "error: junit report: encoding 'utf-16'; expected UTF-8");
  EXPECT_EQ(read_junit("<testsuite>\n\xff</testsuite>"), "error: junit report: invalid UTF-8 in line 2");
  EXPECT_EQ(read_junit(std::string_view("<a>\0</a>", 8)), "error: junit report: NUL byte at byte 4 (line 1)");
  std::string deep;
  for (int i = 0; i < 100'000; ++i) {
    deep += "<testsuite>";
  }
  EXPECT_EQ(read_junit(deep),
            "error: junit report: not well-formed XML at byte 1100000 (line 1): start-end tags mismatch");
  for (int i = 0; i < 100'000; ++i) {
    deep += "</testsuite>";
  }
  EXPECT_EQ(read_junit(deep), "error: junit report: nested more than 64 levels deep");
  EXPECT_EQ(read_junit("\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?>\n" + one_case("")),
            "success\npassed [] s / t\n");
}

TEST(Junit, KnowsWhenItsSuitesBeganAtTheLatest) {
  const auto start = [](const std::string& time, const std::string& inner = "2026-01-31T09:05:07Z") {
    const auto report =
        parse_junit("<testsuites timestamp=\"" + time + "\"><testsuite name=\"s\" tests=\"1\" timestamp=\"" +
                    inner + "\"><testcase classname=\"c\" name=\"t\"/></testsuite></testsuites>");
    return report ? report->start : std::nullopt;
  };
  const auto inner = parse_timestamp("2026-01-31T09:05:07Z");
  EXPECT_EQ(start(""), inner);
  EXPECT_EQ(start("2020-01-01T00:00:00.500+02:00"), parse_timestamp("2019-12-31T22:00:00.500Z"));
  EXPECT_EQ(start("2020-01-01T00:00:00"), parse_timestamp("2020-01-01T12:00:00Z")); // somewhere
  EXPECT_EQ(start("2020-01-01 00:00:00z"), parse_timestamp("2020-01-01T00:00:00Z"));
  EXPECT_EQ(start("2027-01-01T00:00:00Z"), inner);
  EXPECT_EQ(start("1970-01-01T00:00:00Z"), inner); // of nobody who knows the time
  EXPECT_EQ(start("Wed, 01 Jan 2020 00:00:00 GMT", "yesterday"), parse_timestamp("2020-01-01T00:00:00Z"));
}

TEST(Junit, KnowsWhenItsTestsBeganWhereItsSuitesDoNotTell) {
  const auto report = [](const std::string& first, const std::string& second) {
    return *parse_junit(
        "<testsuite name=\"s\" tests=\"2\"><testcase classname=\"c\" name=\"t\" timestamp=\"" + first +
        "\"/><testcase classname=\"c\" name=\"u\" timestamp=\"" + second + "\"/></testsuite>");
  };
  EXPECT_EQ(report("2020-01-01T00:00:00Z", "2020-01-01T00:00:09Z").start,
            parse_timestamp("2020-01-01T00:00:09Z"));
  EXPECT_EQ(report("2020-01-01T00:00:00Z", "soon").unread_time, "");
  EXPECT_EQ(report("soon", "").unread_time, "soon");
  EXPECT_EQ(report("soon", "").start, std::nullopt);
  EXPECT_EQ(report("", "").unread_time, "");
}

} // namespace
} // namespace ctest_matrix
