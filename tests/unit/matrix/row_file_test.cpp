#include "matrix/row_file.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

TestFile file(std::string_view text) {
  const auto parsed = TestFile::parse(text);
  EXPECT_TRUE(parsed) << text;
  EXPECT_EQ(parsed->source(), text);
  return *parsed;
}

TEST(TestFile, IsTheRowWithItsDirectories) {
  const TestFile plain = file("src/{file}.test.ts");
  EXPECT_THAT(plain.path_of("context"), Optional(std::string("src/context.test.ts")));
  EXPECT_THAT(plain.path_of("middleware/cors/index"),
              Optional(std::string("src/middleware/cors/index.test.ts")));
  EXPECT_THAT(plain.row_of("src/middleware/cors/index.test.ts"),
              Optional(std::string("middleware/cors/index")));
  EXPECT_EQ(plain.row_of("src/.test.ts"), std::nullopt);
  EXPECT_EQ(plain.row_of("lib/a.test.ts"), std::nullopt);
  EXPECT_EQ(plain.row_of("src/a.test.tsx"), std::nullopt);
  EXPECT_EQ(plain.row_of("src//a.test.ts"), std::nullopt);
}

TEST(TestFile, WildcardsAreTheDirectoriesOfTheName) {
  const TestFile packages = file("packages/*/test/**/test_{file}.py");
  EXPECT_THAT(packages.path_of("core/get"), Optional(std::string("packages/core/test/test_get.py")));
  EXPECT_THAT(packages.path_of("core/a/b/get"), Optional(std::string("packages/core/test/a/b/test_get.py")));
  EXPECT_EQ(packages.path_of("get"), std::nullopt);
  for (const char* row : {"core/get", "core/a/b/get"}) {
    EXPECT_THAT(packages.row_of(*packages.path_of(row)), Optional(std::string(row)));
  }
  EXPECT_EQ(packages.row_of("packages/core/tests/test_get.py"), std::nullopt);
  EXPECT_EQ(packages.row_of("packages/core/test/get.py"), std::nullopt);
  EXPECT_EQ(packages.row_of("packages/test/test_get.py"), std::nullopt);
  const TestFile behind = file("**/t/*/{file}");
  EXPECT_THAT(behind.path_of("a/b/c/x"), Optional(std::string("a/b/t/c/x")));
  EXPECT_THAT(behind.row_of("a/b/t/c/x"), Optional(std::string("a/b/c/x")));
  EXPECT_THAT(behind.path_of("c/x"), Optional(std::string("t/c/x")));
  EXPECT_EQ(file("*/{file}.c").path_of("a/b/x"), std::nullopt);
}

TEST(TestFile, RefusesWhatNamesNoFileOrSeveral) {
  for (const char* text : {"tests/a.ts", "{file}/{file}.ts", "a*/{file}", "**/x/**/{file}", "**{file}",
                           "*{file}.ts", "{file}.*", "[ab]/{file}"}) {
    EXPECT_EQ(TestFile::parse(text), std::nullopt) << text;
  }
}

TEST(TestFile, MayBeInOneOfSeveralPlaces) {
  TestFile several = file("src/{file}.test.ts\nsrc/{file}.test.tsx\nlib/*/{file}.ts");
  EXPECT_THAT(several.path_of("a/b"), Optional(std::string("src/a/b.test.ts")));
  EXPECT_THAT(several.find({"src/a.test.ts", "src/a/b.test.tsx", "README"}), ElementsAre());
  EXPECT_THAT(several.path_of("a/b"), Optional(std::string("src/a/b.test.tsx")));
  EXPECT_THAT(several.row_of("lib/x/c.ts"), Optional(std::string("x/c")));
  EXPECT_THAT(several.paths_of("x/c"), ElementsAre("src/x/c.test.ts", "src/x/c.test.tsx", "lib/x/c.ts"));
  EXPECT_THAT(several.globs_of("a"), ElementsAre("src/a.test.ts", "src/a.test.tsx"));
  EXPECT_THAT(several.find({"src/a.test.ts", "src/a.test.tsx", "src/b.test.tsx"}), ElementsAre("a"));
  EXPECT_EQ(TestFile::parse("src/{file}.ts\nsrc/x.ts"), std::nullopt);
}

TEST(TestFile, LooksWhereAPatternLeads) {
  const TestFile plain = file("src/{file}.test.ts");
  EXPECT_THAT(plain.globs_of("actor-*"), ElementsAre("src/actor-*.test.ts"));
  EXPECT_THAT(plain.globs_of("http/**"), ElementsAre("src/http/**/*.test.ts"));
  EXPECT_THAT(plain.globs_of("**"), ElementsAre("src/**/*.test.ts"));
  EXPECT_THAT(plain.all_globs(), ElementsAre("src/*.test.ts", "src/**/*.test.ts"));
  const TestFile prefixed = file("tests/test_{file}.py");
  EXPECT_THAT(prefixed.globs_of("**"), ElementsAre("tests/test_*.py", "tests/test_*/**/*.py"));
  const TestFile wild = file("packages/*/{file}.c");
  EXPECT_THAT(wild.globs_of("core/*"), ElementsAre("packages/core/*.c"));
  EXPECT_THAT(wild.globs_of("**"), ElementsAre("packages/*/*.c"));
  EXPECT_THAT(wild.globs_of("*"), IsEmpty());
}

TEST(RowPattern, ItsLastStarsStandForEverythingBelow) {
  EXPECT_TRUE(row_matches("**", "a"));
  EXPECT_TRUE(row_matches("**", "a/b/c"));
  EXPECT_TRUE(row_matches("src/**", "src/a/b"));
  EXPECT_FALSE(row_matches("src/**", "src"));
  EXPECT_FALSE(row_matches("*", "a/b"));
  EXPECT_TRUE(row_matches("**/index", "index"));
  EXPECT_TRUE(row_matches("**/index", "a/b/index"));
}

} // namespace
} // namespace ctest_matrix
