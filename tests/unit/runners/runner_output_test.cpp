#include "runners/runner_output.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

TEST(RunnerOutput, StatesItsVersion) {
  EXPECT_EQ(
      stated_version(
          "\n> test\n> vitest run\n\n\x1b[1m\x1b[46m RUN \x1b[49m\x1b[22m \x1b[36mv3.2.4 \x1b[39m/repo\n"),
      "3.2.4");
  EXPECT_EQ(stated_version("platform linux -- Python 3.11.2, pytest-7.2.1, pluggy-1.0.0\n"), "7.2.1");
  EXPECT_EQ(stated_version("RUN  v5.0.0-beta.1 /repo"), "5.0.0");
  EXPECT_EQ(stated_version("the version v1.2.3 of something\n"), "");
  EXPECT_EQ(stated_version(""), "");
}

TEST(RunnerOutput, NamesTheTestThatRanLast) {
  const std::vector<std::string> lines{" \u2713 a.test.ts > wasm > Alpha > one 2ms",
                                       "stdout | a.test.ts > wasm > Alpha > two", "connecting to the engine"};
  EXPECT_EQ(last_test_named(lines, "wasm"), "Alpha > two");
  EXPECT_EQ(last_test_named(lines, "native"), "");
  EXPECT_EQ(last_test_named(lines, ""), "");
  EXPECT_EQ(last_test_named({"running wasm"}, "wasm"), "");
}

TEST(RunnerOutput, NamesTheTestThatDidNotEnd) {
  EXPECT_EQ(running_test({"[ RUN      ] A.One", "[       OK ] A.One (0 ms)", "noise[ RUN      ] All/B.Two/0",
                          "==7==ERROR: AddressSanitizer: heap-use-after-free"}),
            "All/B > Two/0");
  EXPECT_EQ(running_test({"[ RUN      ] A.One", "[  FAILED  ] A.One, where GetParam() = 3 (0 ms)"}), "");
  EXPECT_EQ(running_test({"[ RUN      ] A.One", "[       OK ] A.OneMore (0 ms)"}), "A > One");
  EXPECT_EQ(running_test({"[ RUN      ] A.One", "[  SKIPPED ] A.One (0 ms)"}), "");
  EXPECT_EQ(
      running_test(
          {"Fatal Python error: Segmentation fault", "",
           "Current thread 0x00007f0a (most recent call first):",
           "  File \"/usr/lib/python3.11/ctypes/__init__.py\", line 519 in string_at",
           "  File \"/repo/tests/test_cart.py\", line 4 in helper",
           "  File \"/repo/tests/test_cart.py\", line 9 in test_total",
           "  File \"/usr/lib/python3/dist-packages/_pytest/python.py\", line 195 in pytest_pyfunc_call",
           "  File \"/usr/lib/python3/dist-packages/pluggy/_callers.py\", line 39 in _multicall"}),
      "test_cart > test_total");
  EXPECT_EQ(running_test({"  File \"/repo/tests/test_cart.py\", line 9 in test_total",
                          "  File \"/x/_pytest/python.py\", line 195 in pytest_pyfunc_call"}),
            "")
      << "a stack without a crash";
  EXPECT_EQ(running_test({}), "");
}

TEST(RunnerOutput, ShowsTheLastLinesOrTheReportOfASanitizer) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(lines_to_show({"a", "b", "c"}, 2), (Lines{"b", "c"}));
  EXPECT_EQ(lines_to_show({"a"}, 2), Lines{"a"});
  EXPECT_EQ(lines_to_show({}, 2), Lines());
  const Lines report = {"[ RUN      ] A.One",
                        "==7==ERROR: AddressSanitizer: heap-use-after-free",
                        "#0 in f a.cpp:3",
                        "#1 in main",
                        "SUMMARY: AddressSanitizer: heap-use-after-free a.cpp:3 in f",
                        "Shadow byte legend",
                        "==7==ABORTING"};
  EXPECT_EQ(lines_to_show(report, 20), Lines(report.begin() + 1, report.begin() + 5));
  EXPECT_EQ(lines_to_show(report, 3), (Lines{report[1], report[2], report[4]}));
  EXPECT_EQ(lines_to_show({report[1], report[2], "killed"}, 2), (Lines{report[2], "killed"}));
}

TEST(RunnerOutput, FindsTheLineThatTellsWhy) {
  EXPECT_EQ(
      telling_line({"[ RUN      ] A.One", "==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1",
                    "SUMMARY: AddressSanitizer: heap-use-after-free a.cpp:3", "==7==ABORTING"}),
      "==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1");
  EXPECT_EQ(telling_line({"", " Exception during run: Error: no such fixture", "    at a.js:1"}),
            "Exception during run: Error: no such fixture");
  EXPECT_EQ(telling_line({"Exception during run: /a.js:3", "SyntaxError: Unexpected token"}),
            "SyntaxError: Unexpected token");
  EXPECT_EQ(telling_line({"  Error: late", "TypeError: later", "JSON report written"}), "Error: late");
  EXPECT_EQ(telling_line({"tests/conftest.py:9: in <module>", "E   ImportError: cannot import name 'x'"}),
            "ImportError: cannot import name 'x'");
  EXPECT_EQ(telling_line({"[ RUN      ] A.One", "[       OK ] A.One", "[ RUN      ] A.Two"}),
            "[ RUN      ] A.Two");
  EXPECT_EQ(telling_line({"Errors: none", "no Error: here", "done"}), "");
  EXPECT_EQ(
      telling_line({"thread 'main' panicked at src/lib.rs:3:5:", "left: 1, right: 2", "note: run with"}),
      "thread 'main' panicked at src/lib.rs:3:5: left: 1, right: 2");
  EXPECT_EQ(telling_line({"error: test failed, to rerun pass `--test x`", "panic: runtime error: index"}),
            "panic: runtime error: index");
  EXPECT_EQ(telling_line({"a.out: a.c:3: main: Assertion `x == 1' failed.", "Aborted"}),
            "a.out: a.c:3: main: Assertion `x == 1' failed.");
  EXPECT_EQ(
      telling_line({"  what():  no", "terminate called after throwing an instance of 'std::bad_alloc'"}),
      "terminate called after throwing an instance of 'std::bad_alloc'");
  EXPECT_EQ(telling_line({"/usr/bin/python3: No module named pytest"}),
            "/usr/bin/python3: No module named pytest");
  EXPECT_EQ(telling_line({"You can try to identify the cause by enabling \"hanging-process\" reporter.",
                          "something prevents the main process from exiting"}),
            "something prevents the main process from exiting");
  EXPECT_EQ(telling_line({"sh: 1: vitest: not found"}), "sh: 1: vitest: not found");
  EXPECT_EQ(telling_line({"Traceback (most recent call last):", "  File \"a.py\", line 1",
                          "pkg.errors.OddError: why"}),
            "pkg.errors.OddError: why");
}

TEST(RunnerOutput, TellsOfErrorsOutsideOfEveryTest) {
  EXPECT_EQ(errors_stated({" Test Files  1 passed (1)", "      Tests  1 passed (1)", "     Errors  1 error",
                           "   Start at  11:09:12"}),
            "Errors  1 error");
  EXPECT_EQ(errors_stated({"\x1b[2m      Tests \x1b[22m 1 passed",
                           "\x1b[2m     Errors \x1b[22m \x1b[1m2 errors\x1b[22m"}),
            "Errors  2 errors");
  EXPECT_EQ(errors_stated({" Test Files  1 passed (1)", "      Tests  1 passed (1)"}), "");
  EXPECT_EQ(errors_stated(
                {" 0 FAILED TESTS", "\x1b[0;31m[  FAILED  ] \x1b[mFix: SetUpTestSuite or TearDownTestSuite"}),
            "Fix: SetUpTestSuite or TearDownTestSuite");
  EXPECT_EQ(errors_stated({"a test prints", "     Errors  1 error"}), "");
  EXPECT_EQ(errors_stated({"/usr/lib/python3.11/unittest/case.py:579: RuntimeWarning: coroutine "
                           "'TestBox.test_opens' was never awaited",
                           "  if method() is not None:"}),
            "TestBox.test_opens is a coroutine that nobody awaited: it did not run");
  EXPECT_EQ(errors_stated({"a.py:5: RuntimeWarning: coroutine 'Box.open' was never awaited"}), "");
}

TEST(RunnerOutput, TellsOfAProgramThatFailedBehindAPipe) {
  EXPECT_EQ(errors_stated({"ok 1 - a", "1..1", "Files=1, Tests=1,  0 wallclock secs", "Result: FAIL", ""}),
            "Result: FAIL");
  EXPECT_EQ(errors_stated({"1..2", "# Looks like you failed 1 test of 2."}),
            "# Looks like you failed 1 test of 2.");
  EXPECT_EQ(errors_stated({"1..1", "# Looks like your test exited with 3 just after 1."}),
            "# Looks like your test exited with 3 just after 1.");
  EXPECT_EQ(errors_stated({"Result: FAIL", "is what the harness prints", "Result: PASS"}), "");
  EXPECT_EQ(errors_stated({"test result: ok. 1 passed", "error: test failed, to rerun pass `--test x`", ""}),
            "error: test failed, to rerun pass `--test x`");
  EXPECT_EQ(
      errors_stated({"# Error: Test \"a\" at a.mjs:2:1 generated asynchronous activity after the test ended. "
                     "This activity created the error \"Error: x\" and would have caused the test to fail"})
          .substr(0, 15),
      "Error: Test \"a\"");
}

TEST(RunnerOutput, TellsWhatPytestOnlyWarnsOf) {
  EXPECT_THAT(
      pytest_warnings(
          {"  /x/test_a.py:1: PytestCollectionWarning: cannot collect test class 'TestX' because it has a "
           "__init__ constructor (from: test_a.py)",
           "  /usr/lib/python3/dist-packages/_pytest/threadexception.py:73: "
           "PytestUnhandledThreadExceptionWarning: Exception in thread Thread-1",
           "  a.py:3: DeprecationWarning: old", "1 passed, 2 warnings in 0.02s"}),
      ElementsAre(
          "PytestCollectionWarning: cannot collect test class 'TestX' because it has a __init__ constructor "
          "(from: test_a.py)",
          "PytestUnhandledThreadExceptionWarning: Exception in thread Thread-1"));
}

TEST(RunnerOutput, SaysWhatPytestDeselected) {
  EXPECT_EQ(deselected_stated({"========= 1 passed, 2 deselected in 0.25s ========", "!!! Exit !!!"}), 2);
  EXPECT_EQ(deselected_stated({"1 passed, 1 skipped, 12 deselected, 1 warning in 0.25s (0:01:02)"}), 12);
  EXPECT_EQ(deselected_stated({"1 passed in 0.25s", "the test says 3 deselected in 1s"}), 0);
}

TEST(RunnerOutput, TellsThatNothingRanButACacheSpoke) {
  const auto who = [](std::vector<std::string> lines) {
    const std::string_view said = told_from_cache(lines);
    return said.substr(0, said.find(' '));
  };
  EXPECT_EQ(who({"=== RUN   TestA", "ok  \texample.org/x\t(cached)"}), "go");
  EXPECT_EQ(who({"ok  \texample.org/x\t(cached)\tcoverage: 80.0% of statements"}), "go");
  EXPECT_EQ(who({"\x1b[32m✓\x1b[0m  a (cached)"}), "go");
  EXPECT_EQ(who({"ok  \texample.org/x\t0.004s", "ok (cached)", "a (cached) answer"}), "");
  const std::string nx = "Nx read the output from the cache instead of running the command for 1 out of ";
  EXPECT_EQ(who({"Cached:    2 cached, 2 total", "  Time:    54ms >>> FULL TURBO"}), "turbo");
  EXPECT_EQ(who({nx + "1 tasks."}), "nx");
  EXPECT_EQ(who({"Cached:    1 cached, 2 total", "a:build: cache hit, replaying logs 73d9179"}), "");
  EXPECT_EQ(who({nx + "12 tasks."}), "");
  EXPECT_EQ(who({"> Task :compileTestJava UP-TO-DATE", "> Task :test FROM-CACHE", "BUILD SUCCESSFUL in 1s"}),
            "gradle");
  EXPECT_EQ(who({"> Task :a:integrationTest UP-TO-DATE"}), "gradle");
  EXPECT_EQ(who({"> Task :a:test UP-TO-DATE", "> Task :b:test"}), "");
  EXPECT_EQ(who({"> Task :compileTestJava UP-TO-DATE", "> Task :test"}), "");
  EXPECT_EQ(who({"//t:a (cached) PASSED in 0.3s", "Executed 0 out of 1 test: 1 test passes."}), "bazel");
  EXPECT_EQ(who({"Executed 1 out of 2 tests: 2 tests pass."}), "");
}

TEST(RunnerOutput, TellsOfARunThatWasStopped) {
  EXPECT_EQ(
      errors_stated({"2 passed in 0.05s", "!!!!!!!!!!!!!!! _pytest.outcomes.Exit: enough !!!!!!!!!!!!!!!"}),
      "_pytest.outcomes.Exit: enough");
  EXPECT_EQ(errors_stated({"! _pytest.outcomes.Exit: a very long reason"}),
            "_pytest.outcomes.Exit: a very long reason");
  EXPECT_EQ(
      errors_stated({"\x1b[31m!!!!!!!! xdist.dsession.Interrupted: stopping after 1 failures !!!!!!!!"}),
      "xdist.dsession.Interrupted: stopping after 1 failures");
  EXPECT_EQ(errors_stated({"!!!!!!!!!!!!!!!!!!!! stopped by a hook !!!!!!!!!!!!!!!!!!!!"}),
            "stopped by a hook");
  EXPECT_EQ(errors_stated({"!!! look here !!!", "!!", "Interrupted: no"}), "");
}

} // namespace
} // namespace ctest_matrix
