#include "base/files.hpp"
#include "check/suites.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Suites : public testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "suites_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_checkout = fs::canonical(pattern);
  }

  void TearDown() override { fs::remove_all(m_checkout); }

  void put(const std::string& path, const std::string& text = "") {
    fs::create_directories((m_checkout / path).parent_path());
    ASSERT_TRUE(write_file_if_changed(m_checkout / path, text));
  }

  /// Each suite as `kind: files (mark)`.
  std::vector<std::string> found(const std::string& kind = "") {
    std::vector<std::string> texts;
    for (const FoundSuite& suite : find_suites(m_checkout, m_checkout, kind)) {
      const std::string directory = suite.directory.lexically_relative(m_checkout).string();
      texts.push_back(std::string(suite.kind->name) + ": " + (directory == "." ? "" : directory + "/") +
                      suite.files + " (" + suite.mark + ")");
    }
    return texts;
  }

  fs::path m_checkout;
};

TEST_F(Suites, PackagesOfGoRunByDirectory) {
  put("go.mod");
  put("cart_test.go");
  put("http/v2/server_test.go");
  put("http/v2/client_test.go");
  put("vendor/other/other_test.go");
  EXPECT_THAT(found(), ElementsAre("go: **/*_test.go (go.mod)"));
  EXPECT_THAT(find_suites(m_checkout, m_checkout).front().packages, ElementsAre(".", "http/v2"));
}

TEST_F(Suites, AScriptTellsMoreThanADependency) {
  put("test/one.js");
  put("package.json", R"({"scripts": {"test": "mocha --exit test/"}, "devDependencies": {"vitest": "3"}})");
  EXPECT_THAT(found(), ElementsAre("mocha: test/*.js (the script 'test' of package.json)"));
}

TEST_F(Suites, EachJavaScriptRunnerByItsScript) {
  const std::pair<const char*, const char*> scripts[] = {{"vitest --run", "vitest"},
                                                         {"jest --ci", "jest"},
                                                         {"playwright test", "playwright"},
                                                         {"nyc mocha", "mocha"},
                                                         {"c8 ava", "ava"},
                                                         {"tape test/*.js", "tape"},
                                                         {"tap", "tape"},
                                                         {"node --test test/", "node"},
                                                         {"bun test", "bun"},
                                                         {"deno test -A", "deno"},
                                                         {"mocha -R tap --reporter tap x", "mocha"}};
  put("test/one.test.js");
  for (const auto& [script, kind] : scripts) {
    put("package.json", R"({"scripts": {"test": ")" + std::string(script) + R"("}})");
    const auto suites = find_suites(m_checkout, m_checkout);
    ASSERT_EQ(suites.size(), 1U) << script;
    EXPECT_EQ(suites.front().kind->name, kind) << script;
  }
}

TEST_F(Suites, AWordInsideAnotherWordIsNoMark) {
  put("test/one.test.js");
  put("package.json",
      R"({"scripts": {"test": "run-jest-like --tapes my-mocha node --test-reporter=tap2 x"}})");
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(Suites, ADamagedPackageIsNone) {
  put("test/one.test.js");
  put("package.json", "{\"scripts\": ");
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_THAT(found("vitest"), ElementsAre("vitest: test/*.test.js (the names of files)"));
}

TEST_F(Suites, WhatIsBroughtAlongIsNotTheCheckoutsOwn) {
  put("CMakeLists.txt");
  put("test/node_test.cpp", "#include \"gtest/gtest.h\"\n");
  for (const char* const place :
       {"test/googletest-1.16.0", "extern/json", "external/json", "thirdparty/json"}) {
    put(std::string(place) + "/a_test.cc", "#include \"gtest/gtest.h\"\n");
    put(std::string(place) + "/b_test.cc", "#include \"gtest/gtest.h\"\n");
  }
  EXPECT_THAT(found(), ElementsAre("gtest: test/*_test.cpp (CMakeLists.txt)"));
}

TEST_F(Suites, FilesOfAPackageBelowAreItsOwn) {
  put("package.json", R"({"devDependencies": {"vitest": "3"}})");
  put("one.test.ts");
  put("packages/a/package.json", R"({"devDependencies": {"vitest": "3"}})");
  put("packages/a/two.test.ts");
  put("packages/b/package.json", "{}");
  put("packages/b/three.test.ts");
  put("node_modules/c/package.json", R"({"devDependencies": {"jest": "3"}})");
  put("node_modules/c/four.test.ts");
  EXPECT_THAT(found(), UnorderedElementsAre("vitest: **/*.test.ts (vitest in package.json)",
                                            "vitest: packages/a/*.test.ts (vitest in package.json)"));
}

TEST_F(Suites, SourcesOfCppSayTheirFramework) {
  put("CMakeLists.txt");
  put("test/CMakeLists.txt");
  put("test/format-test.cc", "#include \"gtest-extra.h\"\n");
  put("test/ranges-test.cc", "#include <gmock/gmock.h>\n");
  put("test/no-test.cc", "int main() {}\n");
  put("third_party/lib/x-test.cc", "#include <gtest/gtest.h>\n");
  EXPECT_THAT(found(), ElementsAre("gtest: test/*-test.cc (CMakeLists.txt)"));
  put("unit/test_a.cpp", "#include <catch2/catch_test_macros.hpp>\n");
  put("unit/b_test.cpp", "#include \"doctest.h\"\n");
  EXPECT_THAT(found(), UnorderedElementsAre("gtest: test/*-test.cc (CMakeLists.txt)",
                                            "catch2: unit/test_*.cpp (CMakeLists.txt)",
                                            "doctest: unit/*_test.cpp (CMakeLists.txt)"));
}

TEST_F(Suites, PythonWithAndWithoutConfiguration) {
  put("tests/test_a.py");
  EXPECT_THAT(found(), ElementsAre("pytest: tests/test_*.py (files test_*.py)"));
  put("tests/sub/test_b.py");
  put("pyproject.toml");
  put("venv/lib/test_c.py");
  EXPECT_THAT(found(), ElementsAre("pytest: tests/**/test_*.py (pyproject.toml)"));
}

TEST_F(Suites, RustByItsManifest) {
  put("Cargo.toml");
  put("src/lib.rs");
  EXPECT_THAT(found(), IsEmpty());
  put("tests/api.rs");
  EXPECT_THAT(found(), ElementsAre("cargo: tests/*.rs (Cargo.toml)"));
  put(".config/nextest.toml");
  EXPECT_THAT(found(), ElementsAre("nextest: tests/*.rs (.config/nextest.toml)"));
}

TEST_F(Suites, ShellAndPerl) {
  put("test/a.bats");
  put("t/basic.t");
  EXPECT_THAT(found(), UnorderedElementsAre("bats: test/*.bats (files *.bats)", "perl: t/*.t (files *.t)"));
}

} // namespace
} // namespace ctest_matrix
