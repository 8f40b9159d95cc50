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

TEST(Focus, IsFoundHoweverItIsWritten) {
  EXPECT_EQ(focused_line("describe\n  .only('a', f)"), 1);
  EXPECT_EQ(focused_line("it . only\n('a', f)"), 1);
  EXPECT_EQ(focused_line("it[\"only\"]('a', f)"), 1);
  EXPECT_EQ(focused_line("test['only'].each([1])('a', f)"), 1);
  EXPECT_EQ(focused_line("test.only<Row>('a', f)"), 1);
  EXPECT_EQ(focused_line("\nconst o = it.only;\no('a', f)"), 2);
  EXPECT_EQ(focused_line("dbTest.only('a', f)"), 1);
  EXPECT_EQ(focused_line("const t = /`/;\nit.only('a', f)"), 2);
  EXPECT_EQ(focused_line("const t = x.replace(/[/\"]/g, '');\nit.only('a', f)"), 2);
  EXPECT_EQ(focused_line("const t = a / b; const u = c / `d`;\nit.only('a', f)"), 2);
  EXPECT_EQ(focused_line("const t = `a ${b ? `c ${\"}\"}` : {}} d`;\nit.only('a', f)"), 2);
}

TEST(Focus, LeavesTestsOutAsTheWriterHasIt) {
  EXPECT_EQ(what_only_leaves("mocha", ""), Unfocused::left_out);
  EXPECT_EQ(what_only_leaves("Bun", ""), Unfocused::left_out);
  EXPECT_EQ(what_only_leaves("vitest", ""), Unfocused::skipped);
  EXPECT_EQ(what_only_leaves("jest", ""), Unfocused::skipped);
  const std::string_view node = "import { it } from \"node:test\"; say('tape')";
  EXPECT_EQ(what_only_leaves("", node), std::nullopt);
}

TEST(Focus, OfAnUnknownWriterIsToldByWhatIsImported) {
  EXPECT_EQ(what_only_leaves("", "const test = require('tape')\n"), Unfocused::left_out);
  EXPECT_EQ(what_only_leaves("", "import test from \"ava\";\n"), Unfocused::left_out);
  EXPECT_EQ(what_only_leaves("", "const x = 'tape'; import test from 'tape'"), Unfocused::left_out);
  EXPECT_EQ(what_only_leaves("", "import { it } from \"bun:test\""), Unfocused::left_out);
  EXPECT_EQ(what_only_leaves("", "import { it } from 'vitest'"), Unfocused::skipped);
  EXPECT_EQ(what_only_leaves("", "const x = 'tape';"), std::nullopt);
}

TEST(Focus, IsNotInCommentsStringsOrOtherNames) {
  EXPECT_EQ(focused_line("// it.only(\"b\")\n/* fit(\n */ it('x', f)"), 0);
  EXPECT_EQ(focused_line("it('it.only(', f); it(\"fit(\\\"\", f); it(`describe.only(`, f)"), 0);
  EXPECT_EQ(focused_line("model.fit(data); benefit(1); it.onlyOne(2); expect(a.only(1))"), 0);
  EXPECT_EQ(focused_line("const a = /it.only(/; const b = `${`it.only(`} it.only(`; pick(x).only('a')"), 0);
  EXPECT_EQ(focused_line("`${"), 0);
  EXPECT_EQ(focused_line("await x; query.only('a'); profit.onlyOnce()"), 0);
  EXPECT_EQ(focused_line(""), 0);
}

TEST(HiddenExit, IsOneInCodeThatNodesRunnerDoesNotMiss) {
  const std::vector<std::string> hides{"/usr/bin/node", "--test", "a.test.js"};
  EXPECT_EQ(hidden_exit_line(hides, "test('a', f);\nprocess\n  .exit(0);"), 2);
  EXPECT_EQ(hidden_exit_line(hides, "// process.exit(0)\nconst s = 'process.exit(0)'; process.exit = f"), 0);
  EXPECT_EQ(hidden_exit_line(hides, "child.process.exit(0)"), 0);
  EXPECT_EQ(hidden_exit_line({"node", "a.test.js"}, "process.exit(0)"), 0);
  EXPECT_EQ(hidden_exit_line({"vitest", "--test"}, "process.exit(0)"), 0);
}

TEST(Focus, CountsForNodeWhereItIsToldSo) {
  const std::string_view source = "import { it } from \"node:test\";";
  EXPECT_TRUE(node_hears_only({"/usr/bin/node", "--test-reporter=tap", "a.test.js"}, "", source));
  EXPECT_TRUE(node_hears_only({"npm", "test"}, "node a.test.js", source));
  EXPECT_FALSE(node_hears_only({"node", "--test", "a.test.js"}, "", source));
  EXPECT_FALSE(node_hears_only({"npm", "test"}, "node --test a.test.js", source));
  EXPECT_FALSE(node_hears_only({"node", "a.test.js"}, "", "import x from './x.js'"));
  EXPECT_TRUE(node_runs_only({"node", "--test", "--test-only"}, ""));
  EXPECT_TRUE(node_runs_only({"npm", "test"}, "node --test-only --test"));
  EXPECT_TRUE(node_runs_only({"node", "--test", "--experimental-test-isolation=none"}, ""));
  EXPECT_FALSE(node_runs_only({"node", "--test", "tests/only.test.js"}, ""));
  EXPECT_EQ(node_focused_line("\ntest('a', { only: true }, f)"), 2);
  EXPECT_EQ(node_focused_line("test('a', { only : focus }, f)"), 1);
  EXPECT_EQ(node_focused_line("test('a', (t) => { t.runOnly(true) })"), 1);
  EXPECT_EQ(node_focused_line("it.only('a', f)"), 1);
  EXPECT_EQ(node_focused_line("test('a', { only: false }, f); a.only; say(only)"), 0);
}

TEST(Focus, IsPassedOverByAnEarlierNode) {
  EXPECT_TRUE(node_passes_over_only("v20.20.2\n"));
  EXPECT_TRUE(node_passes_over_only("v24.20.9"));
  EXPECT_FALSE(node_passes_over_only("v24.21.0"));
  EXPECT_FALSE(node_passes_over_only("v25.0.0"));
  EXPECT_FALSE(node_passes_over_only("node: not found"));
  EXPECT_FALSE(node_passes_over_only(""));
  EXPECT_EQ(node_program({"env", "A=1", "/opt/bin/node", "a.test.js"}), "/opt/bin/node");
  EXPECT_EQ(node_program({"npm", "test"}), "node");
}

} // namespace
} // namespace ctest_matrix
