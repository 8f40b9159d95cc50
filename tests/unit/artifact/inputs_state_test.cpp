// Artifacts whose builds write down what they read, by a shell script in the place of a compiler.
#include "artifact/artifact.hpp"
#include "artifact/inputs_state.hpp"
#include "artifact/staleness.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "matrix/sample_matrix.hpp"
#include "plan/build_reads.hpp"
#include "progress/basis.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

#include <cstdlib>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BuildReadsTest : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "inputs_state_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_top = fs::canonical(pattern);
    m_root = m_top / "checkout";
    write("app/main.c", "main");
    write("lib/third.c", "third");
    write("libs", "lib/third.c\n");
    make("depfile: out/*.d");
  }

  void TearDown() override {
    if (!HasFailure()) {
      fs::remove_all(m_top);
    }
  }

  void write(const std::string& file, const std::string& text) const {
    ASSERT_TRUE(write_file_atomic(m_root / file, text));
  }

  /// The artifact `app`: its inputs name app/ alone, it reads what the file `libs` lists. `more` are further
  /// keys.
  void make(const std::string& more, const std::string& command = k_compile) {
    write("compile.sh", command);
    const Matrix matrix = sample_matrix("version: 1\n"
                                        "name: demo\n"
                                        "axes: {runtime: [native]}\n"
                                        "columns: {native: {runtime: native}}\n"
                                        "runner: {command: [run], report: exit-code}\n"
                                        "rows: {fast: {alpha: Alpha}}\n"
                                        "artifacts:\n"
                                        "  app: {inputs: [\"app/**\"], outputs: [out/app],\n"
                                        "    command: [sh, compile.sh], " +
                                        more + "}\n");
    m_plan = make_plan(matrix, sample_expansion(matrix),
                       {m_root / "matrix.yaml", m_root, m_root / "build/ctest-matrix/demo", ""});
  }

  ArtifactWork build() const {
    const auto work = build_artifact(m_plan.common, "app");
    EXPECT_TRUE(work) << work.error().message;
    return work ? *work : ArtifactWork::none;
  }

  std::string failure() const {
    const auto work = build_artifact(m_plan.common, "app");
    EXPECT_FALSE(work);
    return work ? "" : work.error().message;
  }

  std::string stale() const { return stale_reason(m_plan.common, {"app"}); }

  std::string basis() const {
    BasisReader reader(m_plan.common);
    for (const auto& [name, value] : reader.of(bind(m_plan.common, m_plan.cells.front()))) {
      if (name == "artifact app") {
        return value;
      }
    }
    return "";
  }

  static constexpr const char* k_compile = "mkdir -p out\n"
                                           "cat app/main.c $(cat libs) >out/app\n"
                                           "echo \"out/app: app/main.c $(tr '\\n' ' ' <libs)\" >out/app.d\n";

  fs::path m_top;
  fs::path m_root;
  Plan m_plan;
};

TEST_F(BuildReadsTest, AnEditOfWhatNoInputNamesMakesItOld) {
  EXPECT_EQ(build(), ArtifactWork::built);
  EXPECT_EQ(build(), ArtifactWork::none);
  const std::string ticked = basis();
  write("lib/third.c", "another");
  EXPECT_EQ(stale(),
            "the artifact app is older than its inputs: lib/third.c was changed, read by the last build");
  EXPECT_EQ(artifact_standing(m_plan.common, "app"),
            "stale: lib/third.c was changed, read by the last build");
  EXPECT_NE(basis(), ticked);
  EXPECT_EQ(build(), ArtifactWork::built);
  EXPECT_EQ(stale(), "");
  EXPECT_EQ(artifact_standing(m_plan.common, "app"), "its last build read 2 files, 1 beside its inputs");
  EXPECT_EQ(build(), ArtifactWork::none);
  write("lib/third.c", "third");
  EXPECT_EQ(basis(), ticked) << "the same contents as then";
}

TEST_F(BuildReadsTest, WithoutADepfileNothingIsKnownOfIt) {
  make("timeout: 60");
  build();
  write("lib/third.c", "another");
  EXPECT_EQ(stale(), "");
  EXPECT_EQ(build(), ArtifactWork::none);
}

TEST_F(BuildReadsTest, WhatIsReadNoMoreMakesNothingOld) {
  build();
  write("lib/fourth.c", "fourth");
  write("libs", "lib/fourth.c\n");
  write("app/main.c", "main 2");
  EXPECT_EQ(build(), ArtifactWork::built);
  EXPECT_EQ(stale(), "");
  write("lib/third.c", "another");
  EXPECT_EQ(stale(), "");
  write("lib/fourth.c", "another");
  EXPECT_THAT(stale(), HasSubstr("lib/fourth.c was changed"));
}

TEST_F(BuildReadsTest, AFileOfTheDepfileThatIsGoneMakesItOld) {
  build();
  const std::string ticked = basis();
  fs::remove(m_root / "lib/third.c");
  const std::string reason = "its depfile out/app.d names lib/third.c, which is not there";
  EXPECT_EQ(stale(), "the artifact app is not up to date: " + reason);
  EXPECT_THAT(stale_artifacts(m_plan.common), ElementsAre("the artifact app is not up to date: " + reason));
  EXPECT_NE(basis(), ticked);
  EXPECT_THAT(failure(), HasSubstr(reason)) << "by this command, which does not mind";
}

TEST_F(BuildReadsTest, ADepfileThatIsGoneMakesItOld) {
  build();
  const std::string ticked = basis();
  fs::remove(m_root / "out/app.d");
  EXPECT_EQ(stale(), "the artifact app is not up to date: no file below " + m_root.string() +
                         " matches its depfile out/*.d");
  EXPECT_NE(basis(), ticked);
  EXPECT_EQ(build(), ArtifactWork::built);
  EXPECT_EQ(stale(), "");
  EXPECT_EQ(basis(), ticked);
  write("out/app.d", "out/app: app/main.c \\\n");
  EXPECT_THAT(stale(),
              HasSubstr("its depfile out/app.d cannot be read: line 2: the text ends in the middle"));
}

TEST_F(BuildReadsTest, ABuildWithoutASoundDepfileIsNone) {
  make("depfile: out/*.d", "mkdir -p out; cat app/main.c >out/app");
  EXPECT_THAT(failure(), HasSubstr("the artifact app was built without an error, but no file below " +
                                   m_root.string() + " matches its depfile out/*.d; log: "));
  EXPECT_NE(stale(), "");
  make("depfile: out/*.d", std::string(k_compile) + ": >out/app.d\n");
  EXPECT_THAT(failure(), HasSubstr("its depfile out/app.d cannot be read: line 1: no rule names a file"));
  make("depfile: out/*.d", std::string(k_compile) + "echo out/app: gone.c >>out/app.d\n");
  EXPECT_THAT(failure(), HasSubstr("its depfile out/app.d names gone.c, which is not there"));
  EXPECT_THAT(failure(), HasSubstr("gone.c")) << "it is tried again";
  make("depfile: [out/*.d, other/*.d]");
  EXPECT_THAT(failure(), HasSubstr("matches its depfile other/*.d"));
}

TEST_F(BuildReadsTest, SeveralDepfilesAreOne) {
  make("depfile: [out/*.d, out/meta.json]",
       std::string(k_compile) +
           "echo 'out/x: lib/a.c' >out/x.d; echo '{\"inputs\": {\"lib/b.ts\": {}, "
           "\"<runtime>\": {}, \"ns:b.ts\": {}, \"lib/c.svg?raw\": {}}}' >out/meta.json\n");
  for (const char* file : {"lib/a.c", "lib/b.ts", "lib/c.svg"}) {
    write(file, "one");
  }
  build();
  EXPECT_EQ(stale(), "");
  EXPECT_THAT(build_reads(m_root, m_plan.common.artifacts.front()).files,
              ElementsAre("app/main.c", "lib/a.c", "lib/b.ts", "lib/c.svg", "lib/third.c"));
  for (const char* file : {"lib/a.c", "lib/b.ts", "lib/c.svg", "lib/third.c"}) {
    write(file, "two");
    EXPECT_THAT(stale(), HasSubstr(std::string(file) + " was changed, read by the last build"));
    EXPECT_EQ(build(), ArtifactWork::built);
  }
}

TEST_F(BuildReadsTest, NamesLeadToFilesByAnyWay) {
  fs::create_symlink("checkout", m_top / "link");
  write("lib/a b.c", "one");
  write("libs", "");
  make("depfile: out/*.d", std::string(k_compile) + "echo 'x: " + m_root.string() + "/lib/third.c " +
                               (m_top / "link/app").string() +
                               "/../lib/./a\\ b.c lib//third.c' >>out/app.d\n");
  build();
  EXPECT_THAT(build_reads(m_root, m_plan.common.artifacts.front()).files,
              ElementsAre("app/main.c", "lib/a b.c", "lib/third.c"));
}

TEST_F(BuildReadsTest, RelativeNamesAreThoseOfItsDirectory) {
  make("directory: app, depfile: app/out.d, environment: {X: y}");
  write("app/compile.sh", "echo x >../out/app; echo 'x: main.c ../lib/third.c' >out.d");
  fs::create_directories(m_root / "out");
  build();
  EXPECT_EQ(stale(), "") << "the depfile is no input, though a glob matches it";
  EXPECT_THAT(build_reads(m_root, m_plan.common.artifacts.front()).files,
              ElementsAre("app/main.c", "lib/third.c"));
}

/// By their contents; where they lie is another place on each machine.
TEST_F(BuildReadsTest, FilesOutsideOfTheRootCount) {
  ASSERT_TRUE(write_file_atomic(m_top / "registry/one/x.h", "one"));
  const std::string header = (m_top / "registry/one/x.h").string();
  write("libs", "lib/third.c\n" + header + "\n");
  build();
  EXPECT_EQ(stale(), "");
  const std::string ticked = basis();
  ASSERT_TRUE(write_file_atomic(header, "two"));
  EXPECT_EQ(stale(),
            "the artifact app is older than its inputs: " + header + " was changed, read by the last build");
  EXPECT_NE(basis(), ticked);
  EXPECT_THAT(
      uncovered_inputs(m_plan.common),
      ElementsAre(
          "the last build of the artifact app read 1 file that no input names, so that a fresh checkout "
          "does not know of it: lib/third.c"));
  ASSERT_TRUE(write_file_atomic(m_top / "registry/two/x.h", "one"));
  write("libs", "lib/third.c\n" + (m_top / "registry/two/x.h").string() + "\n");
  build();
  EXPECT_EQ(basis(), ticked) << "the same header elsewhere";
}

TEST_F(BuildReadsTest, ADirectoryIsAllFilesBelowIt) {
  write("migrations/1.sql", "one");
  write("migrations/node_modules/x.js", "x");
  write("libs", "lib/third.c\n");
  make("depfile: out/*.d", std::string(k_compile) + "echo 'x: migrations' >>out/app.d\n");
  build();
  write("migrations/node_modules/x.js", "y");
  EXPECT_EQ(stale(), "");
  write("migrations/deep/2.sql", "two");
  EXPECT_THAT(stale(), HasSubstr("migrations/deep/2.sql was added, read by the last build"));
}

/// Code that a build generates is written during the build; so is the edit of a person.
TEST_F(BuildReadsTest, WhatABuildWritesForItselfIsNoEdit) {
  make("depfile: target/app.d",
       "mkdir -p out target/gen; : >target/CACHEDIR.TAG; date +%N >target/gen/x.c\n"
       "echo x >out/app; echo 'out/app: app/main.c target/gen/x.c lib/third.c' >target/app.d\n");
  build();
  EXPECT_EQ(stale(), "");
  EXPECT_EQ(build(), ArtifactWork::none);
  EXPECT_THAT(uncovered_inputs(m_plan.common), ElementsAre(HasSubstr("read 1 file that no input names")));
  write("app/main.c", "main 2");
  EXPECT_EQ(build(), ArtifactWork::built);
  EXPECT_EQ(stale(), "") << "generated anew";
}

TEST_F(BuildReadsTest, AnEditDuringTheBuildIsNotBuiltFrom) {
  // No tick of the kernel's clock lies between what a test writes and a build that begins at once.
  make("depfile: out/*.d", std::string(k_compile) + "sleep 0.02; echo edited >lib/third.c\n");
  build();
  EXPECT_EQ(stale(),
            "the artifact app is older than its inputs: lib/third.c was added, read by the last build");
  make("depfile: out/*.d");
  EXPECT_EQ(build(), ArtifactWork::built);
  EXPECT_EQ(stale(), "");
  make("depfile: out/*.d", std::string(k_compile) + "sleep 0.02; echo again >lib/third.c\n");
  write("app/main.c", "main 2");
  build();
  EXPECT_EQ(stale(),
            "the artifact app is older than its inputs: lib/third.c was changed, read by the last build");
}

/// A copy of a checkout has depfiles that name the files of the other one.
TEST_F(BuildReadsTest, DepfilesOfAnotherCheckoutSayNothingHere) {
  make("depfile: out/*.d", std::string(k_compile) + "echo \"x: $PWD/lib/third.c\" >out/app.d\n");
  build();
  const std::string ticked = basis();
  const fs::path original = m_root;
  m_root = m_top / "copy";
  fs::copy(original, m_root, fs::copy_options::recursive);
  make("depfile: out/*.d", std::string(k_compile) + "echo \"x: $PWD/lib/third.c\" >out/app.d\n");
  EXPECT_NE(stale(), "");
  EXPECT_NE(basis(), ticked);
  build();
  EXPECT_EQ(basis(), ticked);
  write("lib/third.c", "another");
  EXPECT_THAT(stale(), HasSubstr("lib/third.c was changed"));
}

TEST_F(BuildReadsTest, AHugeDepfileIsRefused) {
  make("depfile: out/*.d", std::string(k_compile) + "truncate -s 65M out/app.d\n");
  EXPECT_THAT(failure(), HasSubstr("its depfile cannot be read: "));
}

TEST_F(BuildReadsTest, OneThatThisBuildDirectoryNeverBuiltIsJudgedByTimes) {
  build();
  fs::remove_all(m_root / "build");
  EXPECT_THAT(stale_artifacts(m_plan.common), IsEmpty());
  fs::last_write_time(m_root / "out/app", fs::file_time_type::clock::now() - std::chrono::minutes(1));
  fs::last_write_time(m_root / "app/main.c", fs::file_time_type::clock::now() - std::chrono::minutes(2));
  EXPECT_THAT(
      stale_artifacts(m_plan.common),
      ElementsAre("the artifact app is older than its inputs: lib/third.c was changed after out/app, read by "
                  "the last build"));
  fs::remove(m_root / "out/app.d");
  EXPECT_THAT(stale_artifacts(m_plan.common), ElementsAre(HasSubstr("matches its depfile out/*.d")));
}

} // namespace
} // namespace ctest_matrix
