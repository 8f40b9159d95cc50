#include "report/markup.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Markup, ShowsATextAsItIs) {
  EXPECT_EQ(markdown_text("Suite / works, well."), "Suite / works, well.");
  EXPECT_EQ(markdown_text("<b>|*a*|`x`\n[l](u)"),
            "&#60;b&#62;&#124;&#42;a&#42;&#124;&#96;x&#96; &#91;l&#93;&#40;u&#41;");
  EXPECT_EQ(markdown_text("\x1b[31mred\x1b[0m ä"), "red ä");
}

TEST(Markup, ABlockEndsWhereItShould) {
  EXPECT_EQ(markdown_block("one\ntwo", 100), "\n```text\none\ntwo\n```\n");
  EXPECT_EQ(markdown_block("```\n</details>\n````x", 100), "\n`````text\n```\n</details>\n````x\n`````\n");
  EXPECT_EQ(markdown_block("abcdef", 3), "\n```text\nabc…\n```\n");
}

// What a test prints gives no command to the CI.
TEST(Markup, AWorkflowCommandStaysOne) {
  EXPECT_EQ(workflow_message("100%\r\n::error::x"), "100%25%0A::error::x");
  EXPECT_THAT(workflow_message("a\n::stop-commands::x"), Not(HasSubstr("\n")));
  EXPECT_EQ(workflow_property("a,b:c%\nd"), "a%2Cb%3Ac%25%0Ad");
}

} // namespace
} // namespace ctest_matrix
