// Depfiles as gcc, clang, cargo and esbuild write them, and what could pass for one.
#include "base/depfile.hpp"

#include <gmock/gmock.h>

#include <string>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> files(std::string_view text) {
  const auto found = parse_depfile(text);
  EXPECT_TRUE(found) << found.error().message;
  return found ? found->files : std::vector<std::string>();
}

std::string problem(std::string_view text) {
  const auto found = parse_depfile(text);
  EXPECT_FALSE(found) << text;
  return found ? "" : found.error().message;
}

TEST(Depfile, OfCargo) {
  EXPECT_THAT(
      files("/repo/target/debug/libnapi.so: /repo/crates/a/src/lib.rs /repo/crates/my\\ crate/src/b.rs\n"),
      ElementsAre("/repo/crates/a/src/lib.rs", "/repo/crates/my crate/src/b.rs"));
  EXPECT_THAT(files("/t/liba.rmeta: src/lib.rs src/#1.rs\n\n/t/liba.rlib: src/lib.rs\n\nsrc/lib.rs:\n"
                    "src/#1.rs:\n\n# env-dep:CARGO_PKG_NAME=a\n# env-dep:DIR=C:\\\\x\\\n"),
              ElementsAre("src/lib.rs", "src/#1.rs", "src/lib.rs"));
}

TEST(Depfile, OfGcc) {
  EXPECT_THAT(
      files("main.o: main.c a\\ b.h \\\n  sub/x\\#y.h c$$d.h \\\n /usr/include/stdio.h e\\:f.h g:h.h\n"
            "\na\\ b.h:\n\nsub/x\\#y.h:\n"),
      ElementsAre("main.c", "a b.h", "sub/x#y.h", "c$d.h", "/usr/include/stdio.h", "e:f.h", "g:h.h"));
  EXPECT_THAT(files("a.o: back\\\\\\ slash.h two\\\\end.h\n"), ElementsAre("back\\ slash.h", "two\\\\end.h"));
  EXPECT_THAT(files("a.o b.o: c.h\nd.o:: e.h | order.h\nf.o:\\\n g.h\n"),
              ElementsAre("c.h", "e.h", "order.h", "g.h"));
}

TEST(Depfile, LinesEndAsTheyLike) {
  EXPECT_THAT(files("a.o: b.h \\\r\n  c.h\r\n\r\nb.h:\r\n"), ElementsAre("b.h", "c.h"));
  EXPECT_THAT(files("a.o: b.h"), ElementsAre("b.h"));
  EXPECT_THAT(files("\xEF\xBB\xBF# made by a tool\n  # another\na.o:\tb.h\t\n"), ElementsAre("b.h"));
  EXPECT_THAT(files("a.o: \\\n\\\n b.h\n"), ElementsAre("b.h"));
  EXPECT_THAT(files("a.o: caf\xe9.h \xff\n"), ElementsAre("caf\xe9.h", "\xff"));
}

/// A comment that a backslash continued would swallow the rule behind it.
TEST(Depfile, ACommentEndsWithItsLine) {
  EXPECT_THAT(files("# env-dep:A=\\\na.o: b.h\n"), ElementsAre("b.h"));
}

TEST(Depfile, WhatIsNoneIsSaid) {
  EXPECT_EQ(problem(""), "line 1: no rule names a file");
  EXPECT_EQ(problem("a.o:\n"), "line 2: no rule names a file");
  EXPECT_EQ(problem("# only a comment\n"), "line 2: no rule names a file");
  EXPECT_EQ(problem("a.o: b.h\nnot a rule\n"), "line 2: expected a rule `target: files`, got no ':'");
  EXPECT_EQ(problem("a.o: b.h\n: c.h\n"), "line 2: expected a target before ':'");
  EXPECT_EQ(problem("a.o: b.h\n\tgcc -c a.c\n"), "line 2: expected a rule `target: files`, got a command");
  EXPECT_EQ(problem("a.o: b.h \\\n"), "line 2: the text ends in the middle of a rule");
  EXPECT_EQ(problem("a.o: b.h \\\n  "), "line 2: the text ends in the middle of a rule");
  EXPECT_EQ(problem(std::string_view("a.o: b\0.h\n", 10)), "line 1: expected text, got a NUL byte");
}

TEST(Depfile, HasABound) {
  std::string text = "a.o:";
  for (std::size_t i = 0; i <= k_most_dependencies; ++i) {
    text += " b";
  }
  EXPECT_EQ(problem(text), "line 1: expected at most 200000 files");
}

TEST(Depfile, WhatIsWrittenIsRead) {
  const std::vector<std::string> names{"a.rs", "with space.h", "back\\ slash", "x#y",
                                       "c$d",  "e:f",          "../up",        "tab\there"};
  EXPECT_EQ(files(write_depfile(names)), names);
  EXPECT_EQ(files(write_depfile({"a\nb", "c"})), std::vector<std::string>{"c"});
}

TEST(Depfile, OfEsbuild) {
  const auto found = parse_depfile(R"({
    "inputs": {
      "src/mod.ts": {"bytes": 1, "imports": [{"path": "<runtime>", "kind": "import-statement", "external": true}]},
      "../common/a b.ts": {"bytes": 2},
      "<define:process.env.X>": {"bytes": 3},
      "(disabled):node_modules/fs/index.js": {"bytes": 0},
      "env-ns:env": {"bytes": 4},
      "src/logo.svg?raw": {"bytes": 5}
    },
    "outputs": {"dist/mod.js": {"inputs": {"src/none.ts": {}}}}})");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(found->files, ElementsAre("src/mod.ts", "../common/a b.ts"));
  EXPECT_THAT(found->uncertain,
              ElementsAre("(disabled):node_modules/fs/index.js", "env-ns:env", "src/logo.svg?raw"));
}

TEST(Depfile, AMetafileIsWhole) {
  EXPECT_EQ(problem(R"({"outputs": {}})"), "expected the metafile of esbuild, with an object 'inputs'");
  EXPECT_EQ(problem(R"({"inputs": []})"), "expected the metafile of esbuild, with an object 'inputs'");
  EXPECT_EQ(problem(R"({"inputs": {}})"), "expected at least one file in 'inputs', got none");
  EXPECT_EQ(problem(R"({"inputs": {"<runtime>": {}}})"), "expected at least one file in 'inputs', got none");
  EXPECT_THAT(problem(R"({"inputs": {"src/a.ts": {"bytes")"), HasSubstr("not JSON"));
  EXPECT_THAT(problem("{\"inputs\": {\"src/\xff.ts\": {}}}"), HasSubstr("not JSON"));
}

} // namespace
} // namespace ctest_matrix
