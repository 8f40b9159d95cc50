#include "matrix/sample_matrix.hpp"
#include "progress/checkout_testing.hpp"
#include "progress/sources.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using testing::ElementsAre;

TEST(Sources, AreWhatGitKnowsLessWhatNoTestReadsAndTheTestFilesOfRows) {
  const Plan plan = sample_plan();
  ASSERT_TRUE(plan.common.sources);
  EXPECT_EQ(plan.common.sources->test_file, "tests/{file}.test.ts");
  EXPECT_THAT(sources_among(plan.common, std::vector<std::string>{"actor-a", "http/get"},
                            {"src/b.ts", "README.md", "tests/actor-a.test.ts", "tests/http/get.test.ts",
                             "a b.ts", "tests/helper.ts", "tests/actor-z.test.ts", "LICENSE", "src/b.ts",
                             "node_modules/x/y.js", "lib/node_modules/z.js", "tests/__pycache__/a.pyc",
                             "out/CTestTestfile.cmake", "out/bin/prog", "outer/x.c"}),
              ElementsAre("a b.ts", "outer/x.c", "src/b.ts", "tests/actor-z.test.ts", "tests/helper.ts"));
}

TEST(Sources, LeaveOutWhatTheMatrixNames) {
  Plan plan = sample_plan();
  plan.common.directory = plan.common.places.root;
  const auto beside = [&](const std::filesystem::path& path) {
    return path.lexically_relative(plan.common.places.root).string();
  };
  EXPECT_THAT(
      sources_among(plan.common, {},
                    {beside(plan.common.progress), beside(plan.common.places.matrix), "full.md", "kept.txt"}),
      ElementsAre("kept.txt"));
}

using LinkedPackages = CheckoutTest;

TEST_F(LinkedPackages, AreThoseOfTheWorkspaceThatThePackageNeeds) {
  namespace fs = std::filesystem;
  m_plan.common.directory = m_root / "packages/app/tests";
  fs::create_directories(m_plan.common.directory);
  write("packages/app/package.json", R"({"dependencies": {"@x/core": "workspace:*", "left-pad": "1"}})");
  write("packages/core/package.json", R"({"devDependencies": {"util": "*"}})");
  write("packages/util/package.json", R"({"dependencies": {"@x/core": "*"}})");
  write("packages/other/package.json", "{}");
  write("node_modules/.pnpm/left-pad/index.js", "");
  write("packages/app/node_modules/@x/.keep", "");
  fs::create_directory_symlink("../../../core", m_root / "packages/app/node_modules/@x/core");
  fs::create_directory_symlink("../packages/util", m_root / "node_modules/util"); // as npm does
  fs::create_directory_symlink("../packages/other", m_root / "node_modules/other");
  fs::create_directory_symlink(".pnpm/left-pad", m_root / "node_modules/left-pad");
  EXPECT_THAT(linked_packages(m_plan.common), ElementsAre("../../core", "../../util"));
}

} // namespace
} // namespace ctest_matrix
