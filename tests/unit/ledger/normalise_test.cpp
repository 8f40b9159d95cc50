#include "ledger/normalise.hpp"

#include <gmock/gmock.h>

#include <random>

namespace ctest_matrix {
namespace {

using testing::StartsWith;

TEST(Normalise, VitestMessagesKeepWhatWasExpected) {
  EXPECT_EQ(
      normalise_message("AssertionError: expected 'south' to be 'north' // Object.is equality\n"
                        "    at /suite/tests/driver/actor-vars.test.ts:23:66\n"
                        "    at file:///suite/node_modules/@vitest/runner/dist/chunk-hooks.js:155:11\n"),
      "AssertionError: expected 'south' to be 'north' // Object.is equality");
  EXPECT_NE(normalise_message("AssertionError: expected 'south' to be 'north'"),
            normalise_message("AssertionError: expected 'east' to be 'north'"));
  EXPECT_EQ(
      normalise_message("Error: Test timed out in 30000ms.\nIf this is a long-running test, pass a timeout "
                        "value as the last argument or configure it globally with \"testTimeout\"."),
      "Error: Test timed out in <duration>. | If this is a long-running test, pass a timeout value as the "
      "last "
      "argument or configure it globally with \"testTimeout\".");
  EXPECT_EQ(
      normalise_message("Error: helper says \x1b[31mred\x1b[0m\n    at check (/suite/tests/helper.ts:2:9)"),
      "Error: helper says red");
  EXPECT_EQ(normalise_message("AssertionError: expected { a: 1 } to deeply equal { a: 2 }"),
            "AssertionError: expected { a: <n> } to deeply equal { a: 2 }");
  EXPECT_EQ(normalise_message("AssertionError: expected { a: 1 } to deeply equal { a: 2 }", Numbers::kept),
            "AssertionError: expected { a: 1 } to deeply equal { a: 2 }");
  EXPECT_NE(normalise_message("expected [ 1, 2 ] to deeply equal [ 1 ]"),
            normalise_message("expected [ 1 ] to deeply equal [ 1 ]"));
}

TEST(Normalise, PytestMessagesAreTheMarkedLines) {
  EXPECT_EQ(normalise_message(
                "self = <test_a.TestGroup object at 0x7f3a5c0d1e80>\n\n    def test_fails(self):\n"
                "        value = {\"a\": 1}\n>       assert value == {\"a\": 2}, \"red\"\n"
                "E       AssertionError: red\nE       assert {'a': 1} == {'a': 2}\nE         \nE         "
                "Differing items:\n\ntest_a.py:17: AssertionError"),
            "AssertionError: red | assert {'a': <n>} == {'a': 2} | Differing items:");
  EXPECT_EQ(normalise_message("E       FileNotFoundError: [Errno 2] No such file or directory: "
                              "'/tmp/pytest-of-kim/pytest-17/test_x0/state.json'"),
            "FileNotFoundError: [Errno 2] No such file or directory: '<path>/state.json'");
  EXPECT_EQ(
      normalise_message("Traceback (most recent call last):\n  File \"/usr/lib/python3/a.py\", line 3, in f\n"
                        "    raise ValueError(x)\nValueError: no <Conn object at 0x7f3a5c0d1e80>"),
      "ValueError: no <Conn object at <address>>");
}

TEST(Normalise, GoogleTestMessagesAreMoreThanTheirFirstLine) {
  EXPECT_EQ(
      normalise_message("/repo/tests/a.cpp:31\nExpected equality of these values:\n  name\n    Which is: "
                        "\"south\"\n  \"north\""),
      "<path>/a.cpp:<n> | Expected equality of these values: | name | Which is: \"south\" | \"north\"");
  EXPECT_NE(normalise_message("a.cpp:3\nValue of: ready()\n  Actual: false\nExpected: true"),
            normalise_message("a.cpp:3\nValue of: closed()\n  Actual: false\nExpected: true"));
}

TEST(Normalise, LinesOfTheEnginesLogAreTheSameFromRunToRun) {
  EXPECT_EQ(normalise_line(
                "2026-02-12T10:11:12.123456Z ERROR rivet_engine: failed to bind 127.0.0.1:6420: Address in "
                "use (os error 98)"),
            "<time> ERROR rivet_engine: failed to bind 127.0.0.1:<port>: Address in use (os error <n>)");
  EXPECT_EQ(
      normalise_line("ActorError: namespace.not_found: namespace 'ns-3f0a9c1d7b22' does not exist, ray_id "
                     "0d9f6b0e-31e5-4c1c-9a75-6b8f1f0f7a11"),
      "ActorError: namespace.not_found: namespace 'ns-<id>' does not exist, ray_id <uuid>");
  EXPECT_EQ(normalise_line("Error: listen EADDRINUSE: address already in use :::6421"),
            "Error: listen EADDRINUSE: address already in use :::<port>");
  EXPECT_EQ(
      normalise_line("connect ECONNREFUSED http://127.0.0.1:6420/actors/8k2j4h1g9d/state?namespace=n17"),
      "connect ECONNREFUSED http://127.0.0.1:<port>/actors/<id>/state?namespace=n17");
  EXPECT_EQ(normalise_line("envoy gone after 4m 05s, 3 attempts, port 7750"),
            "envoy gone after <duration>, <n> attempts, port <port>");
}

TEST(Normalise, WhatDiffersInSubstanceStays) {
  const auto differ = [](std::string_view a, std::string_view b) {
    EXPECT_NE(normalise_message(a), normalise_message(b));
  };
  differ("GET /api/actors: status 404", "GET /api/actors: status 500");
  differ("GET /api/actors/a failed", "GET /api/actors/b failed");
  differ("HTTP 504", "HTTP 502");
  differ("exited with code 137", "exited with code 1");
  differ("cannot open /tmp/x/a.json", "cannot open /tmp/x/b.json");
  differ("no such module: sqlite3", "no such module: sqlite2");
  differ("expected true to be false", "expected false to be true");
  differ("expected null to be 1", "expected undefined to be 1");
  differ("timed out in 5000ms waiting for open", "timed out in 5000ms waiting for close");
  differ("expected -1 to be 1", "expected 1 to be 1");
  differ("missing actor-conn.wasm", "missing actor-conn.native");
  differ("too few replies\nat least 3", "too few replies\nat most 3"); // no frames of a stack
  differ("refused\nat the door (twice)", "refused\nat the window (twice)");
}

TEST(Normalise, WhatWasExpectedTellsAssertionsApart) {
  const auto differ = [](std::string_view a, std::string_view b) {
    EXPECT_NE(normalise_message(a), normalise_message(b)) << normalise_message(a);
  };
  const auto same = [](std::string_view a, std::string_view b) {
    EXPECT_EQ(normalise_message(a), normalise_message(b));
  };
  differ("AssertionError: expected 1 to be 3 // Object.is equality",
         "AssertionError: expected 500 to be 200 // Object.is equality"); // vitest
  same("AssertionError: expected 1 to be 3 // Object.is equality",
       "AssertionError: expected 2 to be 3 // Object.is equality");
  differ("AssertionError: expected [ 1, 2 ] to have a length of 3 but got 2",
         "AssertionError: expected [ 1, 2 ] to have a length of 4 but got 2");
  same("AssertionError: expected \"spy\" to be called 2 times, but got 1 times",
       "AssertionError: expected \"spy\" to be called 2 times, but got 0 times");
  differ("Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: 200\nReceived: 500",
         "Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: 3\nReceived: 4"); // jest
  same("Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: 200\nReceived: 500",
       "Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: 200\nReceived: 404");
  differ("expect(received).toEqual(expected) // deep equality\n\n- Expected  - 1\n+ Received  + 1\n\n  "
         "Object {\n-   \"a\": 1,\n"
         "+   \"a\": 7,\n  }",
         "expect(received).toEqual(expected) // deep equality\n\n- Expected  - 1\n+ Received  + 1\n\n  "
         "Object {\n-   \"a\": 2,\n"
         "+   \"a\": 7,\n  }");
  differ("E       assert 500 == 200\nE        +  where 500 = <Response [500]>.status_code",
         "E       assert 500 == 404\nE        +  where 500 = <Response [500]>.status_code"); // pytest
  differ("AssertionError: 1 != 2", "AssertionError: 1 != 3");                                // unittest
  differ("Expected equality of these values:\n  a.size()\n    Which is: 3\n  2",
         "Expected equality of these values:\n  a.size()\n    Which is: 3\n  4"); // GoogleTest
  same("Expected equality of these values:\n  a.size()\n    Which is: 3\n  2",
       "Expected equality of these values:\n  a.size()\n    Which is: 5\n  2");
  differ("Expected: (a) < (2), actual: 3 vs 2", "Expected: (a) < (1), actual: 3 vs 1");
  differ("x_test.go:12: got 3, want 4", "x_test.go:30: got 3, want 5"); // Go
  same("x_test.go:12: Len() = 3, want 4", "x_test.go:30: Len() = 1, want 4");
  differ("Error: Not equal:\nexpected: 1\nactual  : 2",
         "Error: Not equal:\nexpected: 3\nactual  : 2"); // testify
  differ("assertion `left == right` failed\n  left: 1\n right: 2",
         "assertion `left == right` failed\n  left: 1\n right: 3");
  same("thread 'main' (3021) panicked at src/lib.rs:12:9:\nassertion `left == right` failed\n  left: 1\n "
       "right: 2",
       "thread 'main' (77) panicked at src/lib.rs:13:9:\nassertion `left == right` failed\n  left: 4\n "
       "right: 2"); // Rust
  differ("FAILED:\n  CHECK( at(1) == 2 )\nwith expansion:\n  3 == 2",
         "FAILED:\n  CHECK( at(2) == 4 )\nwith expansion:\n  3 == 4");
  same("FAILED:\n  CHECK( at(1) == 2 )\nwith expansion:\n  3 == 2",
       "FAILED:\n  CHECK( at(1) == 2 )\nwith expansion:\n  4 == 2");          // Catch2
  same("expected 17 to be 1764241907123", "expected 18 to be 1764241907999"); // a time, not of the source
}

TEST(Normalise, NamesAreNoIds) {
  EXPECT_NE(normalise_message("encodeUtf8ToUtf16Le is not a function"),
            normalise_message("decodeUtf8ToUtf16Le is not a function"));
  EXPECT_EQ(normalise_line("no actor 01arz3ndektsv4rrffq69g5fav, V1StGXR8"), "no actor <id>, V1StGXR8");
  EXPECT_EQ(normalise_line("session Z5jdHi6BmyT9xQ2w is gone"), "session <id> is gone");
  EXPECT_EQ(normalise_line("commit 12345678 lost"), "commit <id> lost"); // an id without a letter
}

TEST(Normalise, FilesOfPackagesAreToldApart) {
  EXPECT_EQ(
      normalise_line("Cannot find module '/work/a/node_modules/.pnpm/x@1/node_modules/left-pad/index.js'"),
      "Cannot find module '<path>/node_modules/left-pad/index.js'");
  EXPECT_NE(normalise_line("Cannot find module '/a/node_modules/x/index.js'"),
            normalise_line("Cannot find module '/a/node_modules/y/index.js'"));
}

TEST(Normalise, OnlyPytestMarksItsLines) {
  EXPECT_EQ(normalise_message("the log says\nE  tag: boom\nand then it ended"),
            "the log says | E tag: boom | and then it ended");
}

TEST(Normalise, FramesOfAnyKindAreNone) {
  EXPECT_EQ(normalise_message("Error: x\n    at async Promise.all (index 0)\n    at <anonymous>\n    at f "
                              "(/a/b.js:1:2) {\n  code: 'E'\n}"),
            "Error: x | code: 'E' | }");
}

TEST(Normalise, WhatIsNoSubstanceGoes) {
  const auto same = [](std::string_view a, std::string_view b) {
    EXPECT_EQ(normalise_message(a), normalise_message(b));
  };
  same("took 59.2s", "took 1m 02s");
  same("took 1,204 ms", "took 9ms");
  same("commit 63df393 lost", "commit 26c3e27b9 lost");
  same("at file:///home/a/repo/x.ts:3:4 gone", "at /builds/7/repo/x.ts:31:4 gone");
  same("C:\\Users\\a\\x.ts:3 gone", "/home/b/x.ts:17 gone");
  same("job_17 on worker-3", "job_4 on worker-12");
  same("at 2026-02-12 10:11:12,345 it ended", "at 2026-02-13T00:00:00+01:00 it ended");
}

TEST(Normalise, ALongMessageIsCutAndKeepsItsIdentity) {
  const std::string long_one(1000, 'x');
  const std::string cut = normalise_message("Error: " + long_one + "a");
  EXPECT_THAT(cut, StartsWith("Error: xxxx"));
  EXPECT_LT(cut.size(), k_message_limit + 20);
  EXPECT_NE(cut, normalise_message("Error: " + long_one + "b"));
}

TEST(Normalise, IsOneLineWhateverItIsGivenAndHoldsStill) {
  std::mt19937 random(7);
  const std::string_view alphabet = "ab19 /.:-_'\"(<>n)\n\t\x1b[0x\xc3\xa9\xff@TZ%";
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const std::size_t length = random() % 60;
    for (std::size_t i = 0; i < length; ++i) {
      text += alphabet[random() % alphabet.size()];
    }
    const std::string once = normalise_message(text);
    EXPECT_EQ(once.find('\n'), std::string::npos);
    if (once.size() < k_message_limit && once.find("<path>") == std::string::npos) {
      EXPECT_EQ(normalise_line(normalise_line(once)), normalise_line(once)) << text;
    }
  }
}

TEST(Normalise, SubstanceIsWhatIsNoPlaceholder) {
  EXPECT_EQ(substance("expected <n> to be <n>"), 12U);
  EXPECT_EQ(substance("<path>/<id> <n>"), 0U);
  EXPECT_EQ(substance("a < b > c"), 3U);
}

} // namespace
} // namespace ctest_matrix
