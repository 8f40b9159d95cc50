#include "base/files.hpp"
#include "check/init.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// A checkout in a directory of its own.
class Init : public testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "init_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_checkout = fs::canonical(pattern);
    fs::create_directory(m_checkout / ".git");
  }

  void TearDown() override {
    if (HasFailure()) {
      std::printf("kept: %s\n", m_checkout.c_str());
    } else {
      fs::remove_all(m_checkout);
    }
  }

  void put(const std::string& path, const std::string& text = "") {
    fs::create_directories((m_checkout / path).parent_path());
    ASSERT_TRUE(write_file_if_changed(m_checkout / path, text));
  }

  /// What `init` would write, into a directory of the checkout.
  Scaffold scaffold(InitRequest request) {
    request.directory = m_checkout / request.directory;
    const auto made = make_scaffold(request);
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made ? *made : Scaffold();
  }

  Error refused(InitRequest request) {
    request.directory = m_checkout / request.directory;
    const auto made = make_scaffold(request);
    EXPECT_FALSE(made);
    return made ? Error{ExitCode::ok, ""} : made.error();
  }

  static constexpr const char* k_vitest = R"({"devDependencies": {"vitest": "3"}})";

  std::vector<std::string> names(const Scaffold& scaffold) const {
    std::vector<std::string> found;
    for (const auto& [path, text] : scaffold.files) {
      found.push_back(path.lexically_relative(m_checkout).string());
    }
    return found;
  }

  static std::string text_of(const Scaffold& scaffold, const std::string& name) {
    for (const auto& [path, text] : scaffold.files) {
      if (path.filename() == name) {
        return text;
      }
    }
    return "";
  }

  fs::path m_checkout;
};

TEST_F(Init, WritesOneMatrixOfWhatTheCheckoutShows) {
  put("package.json", k_vitest);
  put("test/unit/alpha.test.ts");
  put("test/unit/beta.test.ts");
  put("dist/test/unit/alpha.test.ts");
  const Scaffold made = scaffold({});
  EXPECT_THAT(
      made.said,
      ElementsAre(
          "found vitest: 2 files test/unit/*.test.ts in the checkout (vitest in package.json)",
          "columns: node",
          "left out: 1 test file below dist/, dist/test/unit/alpha.test.ts: what is built, brought along or "
          "a fixture has such a name; the rows can name them"));
  EXPECT_THAT(made.missing, ElementsAre("vitest, which is not in node_modules: npm install"));
  EXPECT_THAT(names(made), ElementsAre("matrix.yaml"));
  EXPECT_THAT(
      text_of(made, "matrix.yaml"),
      HasSubstr("  command: [npx, --no, --, vitest, run, \"test/unit/{file}.test.ts\", -t, \"{filter}\"]\n"));
  EXPECT_THAT(text_of(made, "matrix.yaml"), HasSubstr("    '*':\n"));
}

TEST_F(Init, SaysWhichProgramsAreMissing) {
  put("package.json", k_vitest);
  put("packages/core/src/one.test.ts");
  put("pnpm-lock.yaml");
  put("node_modules/vitest/package.json", "{}");
  EXPECT_THAT(scaffold({}).missing, testing::IsEmpty()); // a directory above has it
  fs::remove_all(m_checkout / "node_modules");
  const std::string path = std::getenv("PATH");
  put("bin/pnpm");
  fs::permissions(m_checkout / "bin/pnpm", fs::perms::owner_all);
  setenv("PATH", (m_checkout / "bin").c_str(), 1);
  const auto of_vitest = scaffold({}).missing;
  put("go.mod");
  put("a_test.go");
  const auto of_go = scaffold({.kind = "go"}).missing;
  setenv("PATH", path.c_str(), 1);
  EXPECT_THAT(of_vitest, ElementsAre("vitest, which is not in node_modules: pnpm install"));
  EXPECT_THAT(of_go,
              ElementsAre("go, which runs the tests: apt-get install golang-go",
                          "gotestsum, which writes the report: apt-get install gotestsum, or go install "
                          "gotest.tools/gotestsum@latest"));
}

TEST_F(Init, TakesTheSuitesOfOneProgramForRows) {
  put("CMakeLists.txt", "project(shop)\nadd_subdirectory(test)\n");
  put("test/CMakeLists.txt", "file(GLOB sources *.cpp) # not one_test\nadd_executable(shop-tests \"\")\n");
  put("test/one_test.cpp", "#include <gtest/gtest.h>\nTEST(One, A) {}\nTEST_F(Two, A) {}\nTEST(One, B) {}\n");
  put("test/two_test.cpp", "#include <gtest/gtest.h>\nINSTANTIATE_TEST_SUITE_P(All, Three, Range(0, 2));\n");
  const Scaffold made = scaffold({});
  EXPECT_EQ(made.said.front(),
            "found gtest: 2 files test/*_test.cpp, of one program, shop-tests with 3 suites in the "
            "checkout (CMakeLists.txt)");
  const std::string text = text_of(made, "matrix.yaml");
  EXPECT_THAT(text, HasSubstr("build/matrix/{config}/bin/shop-tests"));
  EXPECT_THAT(text, HasSubstr("    One:\n    Two:\n    All/Three:\n"));
  // A program for each file.
  put("test/CMakeLists.txt",
      "add_executable(one_test one_test.cpp)\nadd_executable(two_test two_test.cpp)\n");
  EXPECT_THAT(text_of(scaffold({}), "matrix.yaml"), HasSubstr("build/matrix/{config}/bin/{file}_test"));
  put("test/CMakeLists.txt", "foreach(name ${names})\n  add_executable(${name} ${name}.cpp)\nendforeach()\n");
  EXPECT_THAT(text_of(scaffold({}), "matrix.yaml"), HasSubstr("build/matrix/{config}/bin/{file}_test"));
}

TEST_F(Init, WritesWhatElseIsAskedFor) {
  put("package.json", k_vitest);
  put("one.test.ts");
  put(".gitignore", "node_modules");
  const Scaffold made =
      scaffold({.directory = "ci", .cmake = true, .vscode = true, .dashboard = true, .gitignore = true});
  EXPECT_THAT(names(made),
              ElementsAre("ci/matrix.yaml", "ci/CMakeLists.txt", "ci/CMakePresets.json", "ci/dashboard.cmake",
                          "ci/matrix.schema.json", ".vscode/settings.json"));
  EXPECT_THAT(text_of(made, "matrix.yaml"),
              testing::StartsWith("# yaml-language-server: $schema=matrix.schema.json\n"));
  EXPECT_THAT(made.additions, ElementsAre(testing::Pair(m_checkout / "ci/.gitignore", "/build/\n")));
  for (const auto& [path, text] : made.files) {
    EXPECT_THAT(text, Not(testing::ContainsRegex("@[A-Z]+@"))) << path;
  }
}

TEST_F(Init, ALineForTheBuildDirectoryIsAddedOnce) {
  put("package.json", k_vitest);
  put("one.test.ts");
  put(".gitignore", "node_modules");
  const Scaffold made = scaffold({.gitignore = true});
  EXPECT_THAT(made.additions,
              ElementsAre(testing::Pair(m_checkout / ".gitignore", "node_modules\n/build/\n")));
  ASSERT_TRUE(write_scaffold(made));
  EXPECT_THAT(scaffold({.gitignore = true}).additions, testing::IsEmpty());
}

TEST_F(Init, TheLineForTheBuildDirectoryAloneBesideAMatrix) {
  put("matrix.yaml", "# mine\n");
  const Scaffold made = scaffold({.gitignore = true});
  EXPECT_THAT(made.files, testing::IsEmpty());
  EXPECT_FALSE(made.tries);
  ASSERT_TRUE(write_scaffold(made));
  EXPECT_EQ(*read_file(m_checkout / ".gitignore"), "/build/\n");
  EXPECT_EQ(*read_file(m_checkout / "matrix.yaml"), "# mine\n");
  EXPECT_THAT(scaffold({.gitignore = true}).said,
              ElementsAre((m_checkout / ".gitignore").string() + " has the build directory already"));
}

TEST_F(Init, TakesAPythonThatHasPytest) {
  put("tests/test_one.py");
  put(".venv/bin/python", "#!/bin/sh\nexit 0\n");
  put("bin/python3", "#!/bin/sh\nexit 1\n");
  put("more/python3", "#!/bin/sh\n[ \"$2\" = pytest ]\n");
  for (const char* const program : {".venv/bin/python", "bin/python3", "more/python3"}) {
    fs::permissions(m_checkout / program, fs::perms::owner_all);
  }
  EXPECT_THAT(text_of(scaffold({}), "matrix.yaml"),
              HasSubstr("axes:\n  python: {venv: .venv/bin/python}\ncolumns:\n  venv: {python: venv}\n"));
  fs::remove_all(m_checkout / ".venv");
  const std::string path = std::getenv("PATH");
  const std::string bin = (m_checkout / "bin").string();
  const std::string more = (m_checkout / "more").string();
  setenv("PATH", (bin + ':' + more).c_str(), 1);
  const Scaffold behind = scaffold({});
  setenv("PATH", path.c_str(), 1);
  EXPECT_THAT(text_of(behind, "matrix.yaml"), HasSubstr("  python: {system: " + more + "/python3}\n"));
  EXPECT_THAT(behind.said, testing::Contains("left out: the python3 on PATH, which has no pytest: " + more +
                                             "/python3, which has it, is taken"));
  EXPECT_THAT(behind.missing, testing::IsEmpty());
}

TEST_F(Init, PackagesOfAWorkspaceOfCargoAreTheRows) {
  put("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\", \"c\"]\n");
  put("a/Cargo.toml", "[package]\nname = \"alpha\"\n");
  put("a/src/lib.rs", "#[test]\nfn works() {}\n");
  put("b/Cargo.toml", "[package]\nversion = \"1.0.0\"\nname = \"beta\"\n");
  put("b/tests/api.rs", "#[tokio::test]\nasync fn works() {}\n");
  put("c/Cargo.toml", "[package]\nname = \"gamma\"\n");
  put("c/src/lib.rs");
  const Scaffold made = scaffold({});
  EXPECT_THAT(made.said, testing::IsSupersetOf({"found cargo: 2 packages in the checkout (Cargo.toml)",
                                                "left out: the package gamma: it has no tests"}));
  EXPECT_THAT(text_of(made, "matrix.yaml"),
              HasSubstr("--no-fail-fast, --package, \"{file}\"]\n  file: none\n"));
  EXPECT_THAT(text_of(made, "matrix.yaml"), HasSubstr("    alpha:\n    beta:\n"));
  EXPECT_THAT(text_of(made, "matrix.yaml"), Not(HasSubstr("gamma:")));
}

TEST_F(Init, AWorkspaceOfVitestIsOneMatrix) {
  put("package.json", k_vitest);
  put("packages/core/package.json", k_vitest);
  put("packages/core/test/one.test.ts");
  put("packages/http/package.json", k_vitest);
  put("packages/http/test/one.test.ts");
  EXPECT_THAT(refused({}).message, testing::StartsWith("2 suites are here"));
  put("vitest.config.ts", "export default { test: { projects: ['packages/*'] } }");
  const Scaffold made = scaffold({});
  EXPECT_EQ(made.said.front(),
            "found vitest: 2 files packages/**/*.test.ts in the checkout (vitest in package.json)");
  EXPECT_THAT(text_of(made, "matrix.yaml"), HasSubstr("  file: \"packages/{file}.test.ts\"\n"));
}

TEST_F(Init, WhatMochaWouldRunBesidesIsLeftOut) {
  put("package.json", R"({"devDependencies": {"mocha": "10"}})");
  put("test/one.spec.ts");
  put(".mocharc.json",
      "{\n\t// ours\n\t\"spec\": [\"test/**/*.spec.ts\"],\n\t\"require\": [\"tsx/cjs\", \"./a b.js\"],\n"
      "\t\"exit\": true, \"color\": false, \"timeout\": 5000, \"reporter\": \"dot\"\n}\n");
  EXPECT_THAT(text_of(scaffold({}), "matrix.yaml"),
              HasSubstr("mocha, --no-config, --no-package, \"--require=tsx/cjs\", \"--require=./a b.js\", "
                        "\"--exit\", \"--no-color\", \"--timeout=5000\", --reporter, xunit"));
  put(".mocharc.json", R"({"require": "tsx/cjs"})");
  EXPECT_THAT(text_of(scaffold({}), "matrix.yaml"), HasSubstr("mocha, --reporter, xunit"));
  put(".mocharc.cjs", "module.exports = { spec: 'test/*.ts' }");
  EXPECT_THAT(scaffold({}).said,
              testing::Contains(testing::StartsWith("left out: the options of .mocharc.cjs, ")));
}

TEST_F(Init, FilesThatLieDeeperAreOneMatrix) {
  put("package.json", k_vitest);
  put("src/hono.test.ts");
  put("src/middleware/cors/index.test.ts");
  const Scaffold made = scaffold({});
  EXPECT_THAT(made.said,
              ElementsAre("found vitest: 2 files src/**/*.test.ts in the checkout (vitest in package.json)",
                          "columns: node"));
  EXPECT_THAT(text_of(made, "matrix.yaml"), HasSubstr("  file: \"src/{file}.test.ts\"\n"));
  EXPECT_THAT(text_of(made, "matrix.yaml"), HasSubstr("    '**':\n"));
}

TEST_F(Init, RunsInTheNearestPackageAboveTheDirectory) {
  put("package.json", k_vitest);
  put("pnpm-lock.yaml");
  put("other.test.ts");
  put("packages/core/package.json", "{}");
  put("packages/core/src/deep/one.spec.ts");
  const Scaffold made = scaffold({.kind = "vitest", .directory = "packages/core/ci"});
  EXPECT_EQ(made.said.front(),
            "found vitest: 1 file src/deep/*.spec.ts in packages/core (vitest in package.json)");
  EXPECT_THAT(text_of(made, "matrix.yaml"), HasSubstr("  directory: packages/core\n"));
  EXPECT_THAT(text_of(made, "matrix.yaml"), HasSubstr("name: core\n"));
  EXPECT_THAT(text_of(made, "matrix.yaml"), HasSubstr("  command: [npx, --no, --, vitest, run, "));
  EXPECT_THAT(made.said,
              testing::Contains("left out: pnpm of pnpm-lock.yaml: not on PATH, npx runs what is installed"));
}

TEST_F(Init, TakesFilesOfSeveralEndings) {
  put("package.json", k_vitest);
  put("src/one.test.ts");
  put("src/two.test.ts");
  put("src/jsx/dom.test.tsx");
  const Scaffold made = scaffold({});
  EXPECT_EQ(made.said.front(),
            "found vitest: 3 files src/**/*.test.ts (or .tsx) in the checkout (vitest in package.json)");
  const std::string text = text_of(made, "matrix.yaml");
  EXPECT_THAT(text, HasSubstr("  file: [\"src/{file}.test.ts\", \"src/{file}.test.tsx\"]\n"));
  EXPECT_THAT(text, HasSubstr("vitest, run, \"{path}\", -t"));
}

TEST_F(Init, TakesTheDirectoriesThatTheConfigurationOfVitestNames) {
  put("package.json", k_vitest);
  put("__tests__/base.js");
  put("__tests__/draft.ts");
  put("__tests__/deep/one.ts");
  EXPECT_EQ(refused({}).code, ExitCode::input);
  put("vitest.config.ts", "export default {test: {include: ['**/__tests__/**/*.[jt]s?(x)']}}");
  const Scaffold made = scaffold({});
  EXPECT_EQ(made.said.front(),
            "found vitest: 3 files __tests__/**/*.ts (or .js) in the checkout (vitest in package.json)");
}

TEST_F(Init, FilesThatDifferInTheirEndingAloneStayApart) {
  put("package.json", k_vitest);
  put("src/one.test.ts");
  put("src/two.test.ts");
  put("src/one.test.tsx");
  const Scaffold made = scaffold({});
  EXPECT_THAT(made.said,
              testing::Contains("left out: 1 test file src/*.test.tsx: named in another way, as rows "
                                "that could not be told from the others"));
}

TEST_F(Init, FilesOfSeveralNamesAreRowsBesideEachOther) {
  put("package.json", k_vitest);
  put("src/hono.test.ts");
  put("src/middleware/cors/index.test.ts");
  put("src/router.spec.ts");
  const Scaffold made = scaffold({});
  EXPECT_EQ(made.said.front(),
            "found vitest: 3 files src/**/*.test.ts, src/*.spec.ts in the checkout (vitest in package.json)");
  EXPECT_THAT(text_of(made, "matrix.yaml"),
              HasSubstr("  file: [\"src/{file}.test.ts\", \"src/{file}.spec.ts\"]\n"));
  EXPECT_THAT(text_of(made, "matrix.yaml"), HasSubstr("vitest, run, \"{path}\","));
}

TEST_F(Init, ProgramsOfSeveralSourcesAreRows) {
  put("CMakeLists.txt", "add_executable(unit_tests tests/a_test.cpp tests/b_test.cpp)\n"
                        "add_executable(io_tests tests/io_test.cpp)\nadd_executable(app main.cpp)\n");
  for (const char* name : {"a", "b", "io"}) {
    put(std::string("tests/") + name + "_test.cpp", "#include <gtest/gtest.h>\nTEST(A, B) {}\n");
  }
  const Scaffold made = scaffold({});
  EXPECT_EQ(made.said.front(),
            "found gtest: 3 files tests/*_test.cpp, of 2 programs in the checkout (CMakeLists.txt)");
  EXPECT_THAT(text_of(made, "matrix.yaml"), HasSubstr("    io_tests:\n    unit_tests:\n"));
  EXPECT_THAT(text_of(made, "matrix.yaml"), HasSubstr("\"build/matrix/{config}/bin/{file}\""));
}

TEST_F(Init, SaysWhatTheCommandHasNotOfTheScript) {
  put("package.json",
      R"({"scripts": {"test": "tsc && STRICT=1 vitest run --config vitest.unit.js --run && echo -n ok"},
                          "devDependencies": {"vitest": "3"}})");
  put("src/one.test.ts");
  EXPECT_THAT(scaffold({}).said,
              testing::Contains(
                  "left out: `STRICT=1 --config vitest.unit.js` of the script 'test' of package.json: the "
                  "command of the matrix does not say it; add what the tests need"));
}

TEST_F(Init, TestsImportThePackagesOfTheCheckout) {
  put("pyproject.toml");
  put("tests/test_one.py");
  EXPECT_THAT(text_of(scaffold({}), "matrix.yaml"), Not(HasSubstr("PYTHONPATH")));
  put("src/shop/__init__.py");
  EXPECT_THAT(text_of(scaffold({}), "matrix.yaml"),
              HasSubstr("  environment: {PYTHONPATH: \"{root}/src\"} #"));
  put("pyproject.toml", "[tool.pytest.ini_options]\npythonpath = [\"src\"]\n");
  EXPECT_THAT(text_of(scaffold({}), "matrix.yaml"), Not(HasSubstr("PYTHONPATH")));
}

TEST_F(Init, TakesTheDirectoriesThatPytestTakes) {
  put("pyproject.toml", "[tool.pytest.ini_options]\naddopts = \"-q\"\ntestpaths = [\n  \"tests\",\n]\n");
  put("tests/test_one.py");
  put("bench/test_speed.py");
  const Scaffold made = scaffold({.kind = "pytest"});
  EXPECT_EQ(made.said.front(), "found pytest: 1 file tests/test_*.py in the checkout (pyproject.toml)");
}

TEST_F(Init, PutsDirectoriesBeforeWhatStandsBeforeTheName) {
  put("setup.cfg", "[tool:pytest]\n");
  put("tests/test_one.py");
  put("tests/deep/test_two.py");
  const Scaffold made = scaffold({.kind = "pytest"});
  EXPECT_THAT(text_of(made, "matrix.yaml"), HasSubstr("  file: \"tests/**/test_{file}.py\"\n"));
  EXPECT_THAT(text_of(made, "matrix.yaml"), HasSubstr("  filter: \"{path}\"\n"));
}

TEST_F(Init, SeveralSuitesAreAQuestion) {
  put("a/package.json", k_vitest);
  put("a/one.test.ts");
  put("b/pyproject.toml");
  put("b/tests/test_one.py");
  const Error which = refused({});
  EXPECT_EQ(which.code, ExitCode::usage);
  EXPECT_EQ(which.message, "2 suites are here; name one, or say --all for a matrix in each one's directory\n"
                           "  ctest-matrix init vitest " +
                               (m_checkout / "a").string() +
                               "\n    vitest: 1 file *.test.ts in a (vitest in package.json)\n"
                               "  ctest-matrix init pytest " +
                               (m_checkout / "b").string() +
                               "\n    pytest: 1 file tests/test_*.py in b (pyproject.toml)");
  EXPECT_THAT(names(scaffold({.all = true})), ElementsAre("a/matrix.yaml", "b/matrix.yaml"));
  EXPECT_THAT(names(scaffold({.kind = "pytest"})), ElementsAre("matrix.yaml"));
}

TEST_F(Init, ACMakeProjectStaysTheProjectOfTheEditor) {
  put("CMakeLists.txt");
  put("tests/parser_test.cpp", "#include <gtest/gtest.h>\n");
  const Scaffold made = scaffold({.kind = "gtest", .directory = "matrix", .vscode = true});
  EXPECT_THAT(text_of(made, "settings.json"), Not(HasSubstr("cmake.sourceDirectory")));
}

TEST_F(Init, AMatrixInADirectoryOfItsOwnIsTheProjectOfTheEditor) {
  put("package.json", k_vitest);
  put("one.test.ts");
  const Scaffold made = scaffold({.directory = "packages/core/ci", .vscode = true});
  EXPECT_THAT(text_of(made, "settings.json"),
              HasSubstr("\"cmake.sourceDirectory\": \"${workspaceFolder}/packages/core/ci\""));
}

TEST_F(Init, SettingsThatAreThereStay) {
  put("tests/test_one.py");
  put(".vscode/settings.json", "{}");
  EXPECT_THAT(names(scaffold({.kind = "pytest", .vscode = true})),
              Not(testing::Contains(".vscode/settings.json")));
}

TEST_F(Init, NeedsATestFileAndAKindThatThereIs) {
  const Error none = refused({.kind = "pytest"});
  EXPECT_EQ(none.code, ExitCode::input);
  EXPECT_EQ(none.message, "no test file of pytest is below " + m_checkout.string() +
                              "; expected files like test_*.py, *_test.py");
  EXPECT_THAT(refused({}).message, testing::StartsWith("no suite was found below " + m_checkout.string() +
                                                       "; expected test files of one of: vitest, jest, "));
  const Error unknown = refused({.kind = "pytst"});
  EXPECT_EQ(unknown.code, ExitCode::usage);
  EXPECT_THAT(unknown.message,
              testing::StartsWith("unknown test runner or template 'pytst', did you mean 'pytest'?"));
}

TEST_F(Init, WritesEverythingOrNothing) {
  put("tests/test_one.py");
  const Scaffold made = scaffold({.directory = "matrix", .cmake = true});
  ASSERT_TRUE(write_scaffold(made));
  for (const auto& [path, text] : made.files) {
    EXPECT_EQ(*read_file(path), text);
  }
  EXPECT_TRUE(write_scaffold(made)) << "the same once more";

  put("matrix/matrix.yaml", "# mine\n");
  fs::remove(m_checkout / "matrix/CMakeLists.txt");
  const auto refused = write_scaffold(made);
  ASSERT_FALSE(refused);
  EXPECT_EQ(
      refused.error().message,
      (m_checkout / "matrix/matrix.yaml").string() +
          " is there already and stays as it is; nothing was written; name another directory, such as " +
          (m_checkout / "matrix/matrix").string());
  EXPECT_FALSE(fs::exists(m_checkout / "matrix/CMakeLists.txt"));
  EXPECT_EQ(*read_file(m_checkout / "matrix/matrix.yaml"), "# mine\n");
}

} // namespace
} // namespace ctest_matrix
