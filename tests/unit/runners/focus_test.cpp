#include "runners/focus.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

TEST(Focus, FindsTheLine) {
  EXPECT_EQ(focused_line("describe(\"a\", () => {\n  it.only(\"b\", f);\n});\n"), 2);
  EXPECT_EQ(focused_line("describe.only(\"a\", f)"), 1);
  EXPECT_EQ(focused_line("test.concurrent.only.each([1])(\"a\", f)"), 1);
  EXPECT_EQ(focused_line("test.only.each`x`(\"a\", f)"), 1);
  EXPECT_EQ(focused_line("\n\nfit('a', f)"), 3);
  EXPECT_EQ(focused_line("fdescribe('a', f)"), 1);
}

TEST(Focus, IsNotInCommentsStringsOrOtherNames) {
  EXPECT_EQ(focused_line("// it.only(\"b\")\n/* fit(\n */ it('x', f)"), 0);
  EXPECT_EQ(focused_line("it('it.only(', f); it(\"fit(\\\"\", f); it(`describe.only(`, f)"), 0);
  EXPECT_EQ(focused_line("model.fit(data); benefit(1); it.onlyOne(2); expect(a.only(1))"), 0);
  EXPECT_EQ(focused_line(""), 0);
}

} // namespace
} // namespace ctest_matrix
