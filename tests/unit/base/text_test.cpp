#include "base/text.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

TEST(Text, SplitsLinesWithAnyLineEnding) {
  EXPECT_THAT(split_lines("a\r\nb\n\nc"), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(split_lines("a\n"), ElementsAre("a"));
  EXPECT_THAT(split_lines(""), ElementsAre());
}

TEST(Text, QuotesForTheShellOnlyWhatNeedsIt) {
  EXPECT_EQ(shell_line({"pnpm", "test", "a b", "it's", ""}), R"(pnpm test 'a b' 'it'\''s' '')");
}

TEST(Text, EscapesEveryRegexSyntaxCharacter) {
  EXPECT_EQ(escape_regex(R"(a.b(c)[d]{e}^$|?*+\/)"), R"(a\.b\(c\)\[d\]\{e\}\^\$\|\?\*\+\\/)");
}

TEST(Text, StripsAnsiSequences) {
  EXPECT_EQ(strip_ansi("\x1b[31mred\x1b[0m \x1b]8;;http://x\x1b\\link\x1b]8;;\a \x1b(B."), "red link B.");
}

TEST(Text, PrintableReplacesBadBytesAndDropsControls) {
  EXPECT_EQ(printable(std::string_view("a\0b\x01\tc\n\xff\xc3\xa9\xed\xa0\x80", 14)),
            "ab\tc\n\xEF\xBF\xBD\xc3\xa9\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(printable("a\xC2\x9B"
                      "31m\xC2\x80z\xC2\xA0"),
            "a31mz\xC2\xA0");
}

TEST(Text, EllipsisNeverCutsACharacter) {
  EXPECT_EQ(ellipsis("abc", 3), "abc");
  EXPECT_EQ(ellipsis("a\xc3\xa9z", 2), "a…");
}

TEST(Text, TellsTheLastLinesAsPeopleReadThem) {
  EXPECT_THAT(last_lines("a\nb\n\x1b[31mc\x1b[0m\r\nd\a", 3), ElementsAre("b", "c", "d"));
  EXPECT_THAT(last_lines("a\n\n", 3), ElementsAre("a"));
  EXPECT_THAT(last_lines("", 3), ElementsAre());
}

TEST(Text, SaysWhatANumberCounts) {
  EXPECT_EQ(plural(0, "file"), "0 files");
  EXPECT_EQ(plural(1, "process"), "1 process");
  EXPECT_EQ(plural(2, "process"), "2 processes");
  EXPECT_EQ(plural(2, "box"), "2 boxes");
  EXPECT_EQ(plural(1, "entry"), "1 entry");
  EXPECT_EQ(plural(2, "entry"), "2 entries");
  EXPECT_EQ(plural(2, "day"), "2 days");
}

TEST(Text, FingerprintIsStable) {
  EXPECT_EQ(fingerprint(""), "cbf29ce484222325");
  EXPECT_EQ(fingerprint("a"), "af63dc4c8601ec8c");
}

} // namespace
} // namespace ctest_matrix
