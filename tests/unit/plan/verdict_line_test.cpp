#include "base/text.hpp"
#include "plan/verdict_line.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::Eq;
using ::testing::Optional;

constexpr std::string_view k_cell = "actor-conn.native";

VerdictLine full_line() {
  return {.verdict = Verdict::pass,
          .cell = std::string(k_cell),
          .counts = Counts{25, 0, 3},
          .duration = Milliseconds(31210),
          .flaky = true,
          .leaked = 2,
          .record = "0197a-1b2c3d4e",
          .identity = "5f6a7b8c5f6a7b8c",
          .basis = "0123abcd"};
}

TEST(VerdictLine, IsReadableAndReadBack) {
  EXPECT_EQ(
      format_verdict_line(full_line()),
      "[ctest-matrix] PASS actor-conn.native: 25 passed, 0 failed, 3 skipped, 31210 ms, flaky, leaked 2, "
      "cell 5f6a7b8c5f6a7b8c, basis 0123abcd (record 0197a-1b2c3d4e)\n");
  EXPECT_THAT(find_verdict_line("output\n" + format_verdict_line(full_line()), k_cell),
              Optional(full_line()));

  const VerdictLine bare{
      .verdict = Verdict::no_tests, .cell = std::string(k_cell), .counts = {}, .record = ""};
  EXPECT_EQ(format_verdict_line(bare),
            "[ctest-matrix] NO-TESTS actor-conn.native: nothing counted, 0 ms (no record)\n");
  EXPECT_THAT(find_verdict_line(format_verdict_line(bare), k_cell), Optional(bare));
}

TEST(VerdictLine, SaysItsShare) {
  VerdictLine line = full_line();
  line.share = "2/5";
  line.split = "0123456789abcdef";
  EXPECT_EQ(
      format_verdict_line(line),
      "[ctest-matrix] PASS actor-conn.native: 25 passed, 0 failed, 3 skipped, 31210 ms, flaky, leaked 2, "
      "cell 5f6a7b8c5f6a7b8c, basis 0123abcd, share 2/5, split 0123456789abcdef (record 0197a-1b2c3d4e)\n");
  EXPECT_THAT(find_verdict_line(format_verdict_line(line), k_cell), Optional(line));
  line.share = "2/5 by runtime";
  line.run = "4711";
  EXPECT_THAT(find_verdict_line(format_verdict_line(line), k_cell), Optional(line));
  line.record = "";
  const std::string text = format_verdict_line(line);
  EXPECT_THAT(find_verdict_line(text, k_cell), Optional(line));
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_THAT(find_verdict_line(text.substr(0, length), k_cell), Eq(std::nullopt)) << length;
  }
}

TEST(VerdictLine, OnlyTheLastOneCountsAndItMustNameTheCell) {
  VerdictLine failed = full_line();
  failed.verdict = Verdict::fail;
  VerdictLine other = full_line();
  other.cell = "actor-conn.native2";
  const std::string pass = format_verdict_line(full_line());
  EXPECT_THAT(find_verdict_line(pass + format_verdict_line(failed) + "more\n", k_cell), Optional(failed));
  EXPECT_THAT(find_verdict_line(pass + format_verdict_line(other), k_cell), Eq(std::nullopt));
  EXPECT_THAT(find_verdict_line(pass, "actor-conn"), Eq(std::nullopt));
  EXPECT_THAT(find_verdict_line(pass + "[ctest-matrix] PASS actor-co\n", k_cell), Eq(std::nullopt));
  EXPECT_THAT(find_verdict_line("x" + pass, k_cell), Eq(std::nullopt));
  EXPECT_THAT(find_verdict_line(pass + "quoted: " + pass, k_cell), Optional(full_line()));
  EXPECT_THAT(find_verdict_line("", k_cell), Eq(std::nullopt));
}

TEST(VerdictLine, EveryCutOrDamageMakesItNoVerdict) {
  const std::string line = format_verdict_line(full_line());
  for (std::size_t length = 0; length < line.size(); ++length) {
    EXPECT_THAT(find_verdict_line(line.substr(0, length), k_cell), Eq(std::nullopt)) << length;
  }
  for (const std::string_view bad : {
           "[ctest-matrix] pass actor-conn.native: 1 passed, 0 failed, 0 skipped, 1 ms (no record)\n",
           "[ctest-matrix] PASS actor-conn.native: -1 passed, 0 failed, 0 skipped, 1 ms (no record)\n",
           "[ctest-matrix] PASS actor-conn.native: 99999999999 passed, 0 failed, 0 skipped, 1 ms (no "
           "record)\n",
           "[ctest-matrix] PASS actor-conn.native: 2147483647 passed, 0 failed, 0 skipped, 1 ms (no "
           "record)\n",
           "[ctest-matrix] PASS actor-conn.native: 1 passed, 0 failed, 0 skipped, 9223372036854775807 ms (no "
           "record)\n",
           "[ctest-matrix] PASS actor-conn.native: 1 passed, 0 failed, 0 skipped, 1 ms (record )\n",
           "[ctest-matrix] PASS actor-conn.native: 1 passed, 0 failed, 0 skipped, 1 ms (no record) and "
           "more\n",
       }) {
    EXPECT_THAT(find_verdict_line(bad, k_cell), Eq(std::nullopt)) << bad;
  }
}

TEST(VerdictLine, SurvivesWindowsLineEnds) {
  std::string line = format_verdict_line(full_line());
  line.insert(line.size() - 1, "\r");
  EXPECT_THAT(find_verdict_line(line, k_cell), Optional(full_line()));
}

TEST(Defuser, BreaksPrefixAndSkipMarkerInChunksOfAnySize) {
  const std::string output = "a\n[ctest-matrix] PASS\n[[ctest-matrix-skip] [ctest-matri [ctest-[ctest-matrix";
  const std::string safe =
      "a\n[ctest-matri_x] PASS\n[[ctest-matri_x-skip] [ctest-matri [ctest-[ctest-matri_x";
  for (std::size_t size = 1; size <= output.size(); ++size) {
    Defuser defuser;
    std::string passed_on;
    for (std::size_t at = 0; at < output.size(); at += size) {
      passed_on += defuser.defuse(output.substr(at, size));
    }
    EXPECT_EQ(passed_on, safe) << size;
  }
}

TEST(Defuser, LooksThroughControlCharacters) {
  EXPECT_EQ(Defuser().defuse("[ctest-\rmatr\x01ix]"), "[ctest-\rmatr\x01i_x]");
  EXPECT_EQ(Defuser().defuse("[ctest-\nmatrix]"), "[ctest-\nmatrix]");
  // Of 8 bits, too, whichever chunk their two bytes come in; what is seen breaks the text by itself.
  EXPECT_EQ(Defuser().defuse("[ctest-\xC2\x9Bmatrix]"), "[ctest-\xC2\x9Bmatri_x]");
  Defuser defuser;
  std::string passed_on = defuser.defuse("[ctest-\xC2");
  passed_on += defuser.defuse("\x80matrix]");
  EXPECT_EQ(passed_on, "[ctest-\xC2\x80matri_x]");
  for (const std::string_view seen :
       {"[ctest-\xC2\xA0matrix]", "[ctest-\xC2matrix]", "[ctest-\x9Bmatrix]", "[ctest-\xC2\xC2\x9Bmatrix]"}) {
    EXPECT_EQ(Defuser().defuse(seen), seen);
  }
}

// Whatever a reader drops, a writer looks through.
TEST(Defuser, LeavesNoMarkerThatAppearsOnlyToAReader) {
  for (unsigned character = 1; character < 0x250; ++character) {
    const std::string sign = character < 0x80 ? std::string(1, static_cast<char>(character))
                                              : std::string{static_cast<char>(0xC0U | (character >> 6U)),
                                                            static_cast<char>(0x80U | (character & 0x3FU))};
    const std::string passed_on = printable(Defuser().defuse("[ctest" + sign + "-matrix] PASS"));
    EXPECT_EQ(passed_on.find("[ctest-matrix"), std::string::npos) << character;
  }
}

TEST(Defuser, WhatItLetsThroughHoldsNoVerdict) {
  const std::string safe = Defuser().defuse(format_verdict_line(full_line()) + std::string(k_skip_marker));
  EXPECT_THAT(find_verdict_line(safe, k_cell), Eq(std::nullopt));
  EXPECT_EQ(safe.find(k_skip_marker), std::string::npos);
}

} // namespace
} // namespace ctest_matrix
