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

  /// What `init` would write into a directory of the checkout.
  Scaffold scaffold(const std::string& name, const std::string& directory = "") {
    const auto made = make_scaffold(name, m_checkout / directory);
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made ? *made : Scaffold();
  }

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

TEST_F(Init, FillsTheTemplateWithWhatTheCheckoutShows) {
  put("package.json");
  put("test/unit/alpha.test.ts");
  put("test/unit/beta.test.ts");
  put("test/once.test.ts");
  put("dist/test/unit/alpha.test.ts");
  const Scaffold made = scaffold("vitest");
  EXPECT_THAT(made.found,
              ElementsAre("2 test files test/unit/*.test.ts in " + m_checkout.string(), "packages of npm"));
  EXPECT_THAT(names(made), ElementsAre("matrix.yaml", "matrix.schema.json", "CMakeLists.txt",
                                       "CMakePresets.json", "dashboard.cmake", ".vscode/settings.json"));
  EXPECT_THAT(text_of(made, "matrix.yaml"),
              HasSubstr("  command: [npx, --no, vitest, run, \"test/unit/{file}.test.ts\"]\n"));
  for (const auto& [path, text] : made.files) {
    EXPECT_THAT(text, Not(testing::ContainsRegex("@[A-Z]+@"))) << path;
  }
}

TEST_F(Init, RunsInTheNearestPackageAboveTheDirectory) {
  put("package.json");
  put("pnpm-lock.yaml");
  put("other.test.ts");
  put("packages/core/package.json");
  put("packages/core/src/deep/one.spec.ts");
  const Scaffold made = scaffold("vitest", "packages/core/ci");
  EXPECT_THAT(made.found,
              ElementsAre("1 test file src/deep/*.spec.ts in " + (m_checkout / "packages/core").string(),
                          "packages of pnpm"));
  EXPECT_THAT(text_of(made, "matrix.yaml"), HasSubstr("  directory: packages/core\n"));
  EXPECT_THAT(text_of(made, "matrix.yaml"), HasSubstr("name: core\n"));
  EXPECT_THAT(text_of(made, "settings.json"),
              HasSubstr("\"cmake.sourceDirectory\": \"${workspaceFolder}/packages/core/ci\""));
}

TEST_F(Init, ACMakeProjectStaysTheProjectOfTheEditor) {
  put("CMakeLists.txt");
  put("tests/parser_test.cpp");
  const Scaffold made = scaffold("gtest", "matrix");
  EXPECT_THAT(text_of(made, "settings.json"), Not(HasSubstr("cmake.sourceDirectory")));
}

TEST_F(Init, SettingsThatAreThereStay) {
  put("tests/test_one.py");
  put(".vscode/settings.json", "{}");
  EXPECT_THAT(names(scaffold("pytest")), Not(testing::Contains(".vscode/settings.json")));
}

TEST_F(Init, NeedsATestFileAndATemplate) {
  const auto none = make_scaffold("pytest", m_checkout);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ExitCode::input);
  EXPECT_EQ(none.error().message, "no test file of pytest is below " + m_checkout.string() +
                                      "; expected files like test_*.py, *_test.py");
  const auto unknown = make_scaffold("pytst", m_checkout);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ExitCode::usage);
  EXPECT_EQ(
      unknown.error().message,
      "unknown template 'pytst', did you mean 'pytest'? expected one of: gtest, pytest, rivetkit, vitest");
}

TEST_F(Init, WritesEverythingOrNothing) {
  put("tests/test_one.py");
  const Scaffold made = scaffold("pytest", "matrix");
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
