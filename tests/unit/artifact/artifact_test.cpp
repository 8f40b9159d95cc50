// Artifacts of a real plan, built by the real Ninja.
#include "artifact/artifact.hpp"
#include "artifact/staleness.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "matrix/sample_matrix.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class ArtifactTest : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "artifact_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_root = pattern;
    write("schema.txt", "one");
    write("engine.c", "one");
    make(k_copy);
  }

  void TearDown() override {
    if (!HasFailure()) {
      fs::remove_all(m_root);
    }
  }

  void write(const std::string& file, const std::string& text) const {
    ASSERT_TRUE(write_file_atomic(m_root / file, text));
  }

  /// `schema`, and `engine` after it, whose command this is. Each build of one is a line in the file
  /// `builds`.
  void make(const std::string& command) {
    const Matrix matrix =
        sample_matrix("version: 1\n"
                      "name: demo\n"
                      "axes: {runtime: [native]}\n"
                      "columns: {native: {runtime: native}}\n"
                      "runner: {command: [run], report: exit-code}\n"
                      "rows: {fast: {alpha: Alpha}}\n"
                      "artifacts:\n"
                      "  schema: {inputs: [schema.txt], outputs: [schema.out],\n"
                      "    command: [sh, -c, \"echo schema >>builds; head -c 1 schema.txt >schema.out\"]}\n"
                      "  engine: {inputs: [\"*.c\"], outputs: [engine.out], after: schema,\n"
                      "    command: [sh, -c, \"" +
                      command + "\"]}\n");
    m_plan = make_plan(matrix, sample_expansion(matrix),
                       {m_root / "matrix.yaml", m_root, m_root / "build/ctest-matrix/demo", ""});
  }

  ArtifactWork build(const std::string& name = "engine") const {
    const auto work = build_artifact(m_plan.common, name);
    EXPECT_TRUE(work) << work.error().message;
    return work ? *work : ArtifactWork::none;
  }

  std::string failure(const std::string& name = "engine") const {
    const auto work = build_artifact(m_plan.common, name);
    EXPECT_FALSE(work);
    return work ? "" : work.error().message;
  }

  std::vector<std::string> builds() const {
    const auto text = read_file(m_root / "builds");
    return text ? split_lines(*text) : std::vector<std::string>();
  }

  static constexpr const char* k_copy = "echo engine >>builds; cat *.c schema.out >engine.out";

  fs::path m_root;
  Plan m_plan;
};

TEST_F(ArtifactTest, IsBuiltAfterWhatItComesAfterAndThenLeftAlone) {
  EXPECT_EQ(build(), ArtifactWork::built);
  EXPECT_THAT(builds(), ElementsAre("schema", "engine"));
  EXPECT_EQ(build(), ArtifactWork::none);
  EXPECT_THAT(builds(), ElementsAre("schema", "engine"));
  EXPECT_EQ(stale_reason(m_plan.common, {"engine"}), "");
  EXPECT_THAT(stale_artifacts(m_plan.common), IsEmpty());
}

TEST_F(ArtifactTest, IsBuiltAgainForEveryKindOfChange) {
  build();
  const auto expect_built = [&](const std::string& why) {
    EXPECT_EQ(stale_reason(m_plan.common, {"engine"}), why);
    EXPECT_EQ(build(), ArtifactWork::built) << why;
    EXPECT_EQ(builds().back(), "engine") << why;
    EXPECT_EQ(stale_reason(m_plan.common, {"engine"}), "") << why;
  };
  write("more.c", "two");
  expect_built("the artifact engine is older than its inputs: more.c was added");
  write("more.c", "three");
  expect_built("the artifact engine is older than its inputs: more.c was changed");
  fs::remove(m_root / "more.c");
  expect_built("the artifact engine is older than its inputs: more.c was removed");
  write("engine.out", "by hand");
  expect_built("the artifact engine is not up to date: its outputs are not the ones that were built: "
               "engine.out was changed");
  fs::remove(m_root / "engine.out");
  expect_built("the artifact engine is not up to date: its outputs are not the ones that were built: "
               "engine.out was removed");
  make(std::string(k_copy) + "; true");
  expect_built("the artifact engine is not up to date: its command, or an artifact that it comes after, has "
               "changed");
}

TEST_F(ArtifactTest, OneThatIsBuiltAgainWithTheSameContentMakesNothingOld) {
  build();
  write("schema.txt", "other"); // begins with the same letter
  EXPECT_EQ(build(), ArtifactWork::built);
  EXPECT_THAT(builds(), ElementsAre("schema", "engine", "schema"));
  write("schema.txt", "new");
  EXPECT_EQ(build(), ArtifactWork::built);
  EXPECT_THAT(builds(), ElementsAre("schema", "engine", "schema", "schema", "engine"));
}

TEST_F(ArtifactTest, ABuildThatTouchesWhatItReadsMakesItselfNotOld) {
  for (const char* touching :
       {"touch engine.c", "ln -f engine.c stage", "cat engine.c >t; cat t >engine.c"}) {
    make(std::string(touching) + "; " + k_copy);
    EXPECT_EQ(build(), ArtifactWork::built) << touching;
    EXPECT_EQ(stale_reason(m_plan.common, {"engine"}), "") << touching;
    EXPECT_EQ(build(), ArtifactWork::none) << touching;
  }
  make("echo two >engine.c; cp engine.c engine.out");
  EXPECT_EQ(build(), ArtifactWork::built);
  EXPECT_EQ(stale_reason(m_plan.common, {"engine"}),
            "the artifact engine is older than its inputs: engine.c was changed");
}

TEST_F(ArtifactTest, ItsOutputsAreNotItsInputs) {
  m_plan.common.artifacts[1].inputs = {"*"};
  m_plan.common.artifacts[1].inputs.emplace_back("!builds");
  build();
  EXPECT_EQ(stale_reason(m_plan.common, {"engine"}), "");
}

TEST_F(ArtifactTest, ACommandThatGoesByTimesSeesAnEditWithAnOldOne) {
  make("[ engine.out -nt engine.c ] || cp engine.c engine.out");
  build();
  const auto old = fs::last_write_time(m_root / "engine.out") - std::chrono::hours(1);
  write("engine.c", "two");
  fs::last_write_time(m_root / "engine.c", old);
  EXPECT_EQ(build(), ArtifactWork::built);
  EXPECT_EQ(*read_file(m_root / "engine.out"), "two");
  const auto untouched = fs::last_write_time(m_root / "engine.c");
  EXPECT_EQ(build(), ArtifactWork::none);
  EXPECT_EQ(fs::last_write_time(m_root / "engine.c"), untouched);
}

TEST_F(ArtifactTest, AFailedBuildSaysItsFactsAndIsTriedAgain) {
  make("echo no compiler; exit 4");
  EXPECT_THAT(
      failure(),
      AllOf(StartsWith("the artifact engine could not be built\n  command: sh -c 'echo no compiler; exit "
                       "4'\n  directory: " +
                       m_root.string() + "/\n  ended: exit status 1\n  log: "),
            HasSubstr("\n    no compiler\n")));
  make(k_copy);
  EXPECT_EQ(build(), ArtifactWork::built);
}

TEST_F(ArtifactTest, ABuildWithoutItsOutputIsNone) {
  make("true");
  EXPECT_THAT(failure(), StartsWith("the artifact engine was built without an error, but no file below " +
                                    m_root.string() + " matches its output engine.out; log: "));
  EXPECT_THAT(failure(), HasSubstr("was built without an error"));
}

TEST_F(ArtifactTest, WithoutInputsOrANameThereIsNothingToBuild) {
  fs::remove(m_root / "engine.c");
  EXPECT_EQ(failure(),
            "the artifact engine has no inputs: no file below " + m_root.string() + " matches *.c");
  EXPECT_EQ(failure("egnine"), "the matrix has no artifact 'egnine'");
  EXPECT_EQ(stale_reason(m_plan.common, {"egnine"}), "the matrix has no artifact 'egnine'");
}

TEST_F(ArtifactTest, OneThatThisBuildDirectoryNeverBuiltIsJudgedByTheTimesOfItsFiles) {
  const auto stale = stale_artifacts(m_plan.common);
  EXPECT_THAT(stale, ElementsAre("the artifact schema is not built: no file below " + m_root.string() +
                                     " matches schema.out",
                                 "the artifact engine is not built: no file below " + m_root.string() +
                                     " matches engine.out"));
  write("schema.out", "o");
  write("engine.out", "o");
  const auto now = fs::last_write_time(m_root / "engine.c");
  fs::last_write_time(m_root / "schema.out", now + std::chrono::seconds(10));
  fs::last_write_time(m_root / "engine.out", now - std::chrono::seconds(10));
  EXPECT_THAT(
      stale_artifacts(m_plan.common),
      ElementsAre("the artifact engine is older than its inputs: engine.c was changed after engine.out"));
}

} // namespace
} // namespace ctest_matrix
