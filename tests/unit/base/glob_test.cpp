#include "base/glob.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

TEST(Glob, MatchesSegmentsAndAnyDepth) {
  EXPECT_TRUE(glob_match("src/**/*.rs", "src/a.rs"));
  EXPECT_TRUE(glob_match("src/**/*.rs", "src/x/y/a.rs"));
  EXPECT_FALSE(glob_match("src/*.rs", "src/x/a.rs"));
  EXPECT_TRUE(glob_match("**/target/**", "a/target/b/c"));
  EXPECT_TRUE(glob_match("**", "a/b"));
  EXPECT_FALSE(glob_match("a[0-9].ts", "ax.ts"));
  EXPECT_FALSE(glob_match("src", "src/a"));
}

TEST(Glob, CoversWhatNoExclusionTakesAway) {
  EXPECT_TRUE(covers({"src/**", "!**/target/**"}, "src/a.rs"));
  EXPECT_FALSE(covers({"src/**", "!**/target/**"}, "src/target/a.rs"));
  EXPECT_FALSE(covers({"!**/target/**", "src/**"}, "src/target/a.rs"));
  EXPECT_FALSE(covers({"src/**"}, "lib/a.rs"));
  EXPECT_FALSE(covers({}, "a"));
}

TEST(Glob, FindsFilesSortedWithoutExcludedOnes) {
  const fs::path root = fs::temp_directory_path() / ("glob_test." + std::to_string(getpid()));
  for (const char* file : {"src/b.rs", "src/x/a.rs", "src/target/c.rs", "src/.hidden.rs",
                           "src/node_modules/d.rs", "Cargo.toml"}) {
    fs::create_directories((root / file).parent_path());
    std::ofstream(root / file) << "x";
  }
  EXPECT_THAT(glob(root, {"src/**/*.rs", "Cargo.toml", "!**/target/**"}),
              ElementsAre("Cargo.toml", "src/.hidden.rs", "src/b.rs", "src/x/a.rs"));
  EXPECT_THAT(glob(root, {"src/node_modules/*.rs"}), ElementsAre("src/node_modules/d.rs"));
  EXPECT_THAT(glob(root, {"none/**", "src"}), ElementsAre());
  fs::remove_all(root);
}

TEST(Glob, FollowsLinksToDirectoriesButNotInCircles) {
  const fs::path root = fs::temp_directory_path() / ("glob_links." + std::to_string(getpid()));
  fs::create_directories(root / "src/deep");
  fs::create_directories(root / "shared/more");
  std::ofstream(root / "src/a.c") << "x";
  std::ofstream(root / "shared/more/b.c") << "x";
  fs::create_directory_symlink("../../shared", root / "src/deep/link");
  fs::create_directory_symlink("../src", root / "shared/back");
  fs::create_directory_symlink("..", root / "src/up");
  ReadLog log;
  const std::vector<std::string> patterns{"src/**"};
  EXPECT_THAT(glob(root, patterns, log), ElementsAre("src/a.c", "src/deep/link/more/b.c"));
  EXPECT_THAT(glob(root, patterns, log, Links::left_alone), ElementsAre("src/a.c"));
  fs::remove_all(root);
}

} // namespace
} // namespace ctest_matrix
