#include "progress/markdown.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

std::vector<bool> opaque(std::string_view text) {
  BlockScanner scanner;
  std::vector<bool> result;
  for (const std::string& line : split_keeping_ends(text)) {
    result.push_back(scanner.is_opaque(line));
  }
  return result;
}

TEST(Markdown, SplitsWithoutLosingAByte) {
  EXPECT_THAT(split_keeping_ends("a\r\n\nb\rc\n d"), ElementsAre("a\r\n", "\n", "b\rc\n", " d"));
  EXPECT_THAT(split_keeping_ends(""), ElementsAre());
  EXPECT_EQ(line_ending("a\r\n"), "\r\n");
  EXPECT_EQ(line_ending("a\n"), "\n");
  EXPECT_EQ(line_ending("a\r"), "");
}

TEST(Markdown, KnowsFencedBlocks) {
  EXPECT_THAT(opaque("a\n```sh\nb\n``\n```\nc\n"), ElementsAre(false, true, true, true, true, false));
  EXPECT_THAT(opaque("~~~~\n```\n~~~\n~~~~~ \r\nc\n"), ElementsAre(true, true, true, true, false));
  EXPECT_THAT(opaque("- ```\n  x\n  ```\nc\n"), ElementsAre(true, true, true, false));
  EXPECT_THAT(opaque("```inline``` code\nc\n"), ElementsAre(false, false));
  EXPECT_THAT(opaque("``\nc\n"), ElementsAre(false, false));
}

TEST(Markdown, KnowsComments) {
  EXPECT_THAT(opaque("<!-- a -->\nb\n"), ElementsAre(true, false));
  EXPECT_THAT(opaque("  <!-- a\n```\n--> b\nc\n"), ElementsAre(true, true, true, false));
  EXPECT_THAT(opaque("a <!-- b\nc\n"), ElementsAre(false, false));
}

TEST(Markdown, TellsThatABlockIsOpen) {
  BlockScanner scanner;
  EXPECT_TRUE(scanner.is_opaque("```\n"));
  EXPECT_TRUE(scanner.inside());
  EXPECT_TRUE(scanner.is_opaque("```"));
  EXPECT_FALSE(scanner.inside());
}

TEST(Markdown, ReadsHeadings) {
  const auto heading = [](std::string_view line) {
    const auto read = parse_heading(line);
    return read ? std::to_string(read->level) + read->title : "none";
  };
  EXPECT_EQ(heading("## Fast Tests\r\n"), "2Fast Tests");
  EXPECT_EQ(heading("   #\tC#  \n"), "1C#");
  EXPECT_EQ(heading("### a ## \n"), "3a");
  EXPECT_EQ(heading("## ##"), "2");
  EXPECT_EQ(heading("#"), "1");
  for (const char* line : {"", "#a", "    # code", "####### a", "a # b", "\t# code"}) {
    EXPECT_EQ(heading(line), "none") << line;
  }
}

TEST(Markdown, ReadsRows) {
  const auto row = [](std::string_view line) {
    std::string text;
    if (const auto read = parse_row(line)) {
      for (const std::size_t mark : read->boxes) {
        text += line[mark];
      }
      text += (read->has_bar ? "|" : ":") + read->file;
    }
    return text;
  };
  EXPECT_EQ(row("- [ ] [x] actor-conn | Actor Connection Tests\n"), " x|actor-conn");
  EXPECT_EQ(row("* [X]\t[ ]  actor-conn|Suite\r\n"), "X |actor-conn");
  EXPECT_EQ(row("  + [-][!]actor-conn"), "-!:actor-conn");
  EXPECT_EQ(row("- [x] [x] actor-conn passes since Tuesday"), "xx:actor-conn");
  EXPECT_EQ(row("- [x] ~~`actor-conn`~~ | gone"), "x|actor-conn");
  EXPECT_EQ(row("-[ ] a"), " :a");
  EXPECT_EQ(row("- [✓] [x] a").substr(1), "x:a");
  for (const char* line : {"", "-", "- ", "- [ ]", "- [ ] ", "- [ ] |", "- actor", "[ ] a", "- [x](u) a",
                           "- [a] b", "- [] b", "> - [ ] a", "- [ ", "- [ ] **"}) {
    EXPECT_EQ(row(line), "") << line;
  }
}

} // namespace
} // namespace ctest_matrix
