#include "matrix/sample_matrix.hpp"
#include "plan/targets.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using testing::ElementsAre;

constexpr std::string_view k_text = "cmake /usr/bin/cmake\nbuild /repo/out\nsource /repo\nconfig Debug\n"
                                    "target suites /repo/out/bin/the suites\n";

TEST(Targets, BecomeArtifactsAndPrograms) {
  Matrix matrix = sample_matrix();
  matrix.runner.command.front() = TextTemplate::literal("");
  TextTemplate::Problem problem;
  matrix.runner.command.front() = *TextTemplate::parse("{target.suites}", problem);
  const auto targets = parse_targets(k_text);
  ASSERT_TRUE(targets);
  ASSERT_TRUE(add_targets(matrix, *targets, "/repo"));
  EXPECT_EQ(matrix.runner.command.front().source(), "/repo/out/bin/the suites");
  const Artifact& artifact = matrix.artifacts.back();
  EXPECT_EQ(artifact.name, "suites");
  EXPECT_THAT(artifact.outputs, ElementsAre("out/bin/the suites"));
  EXPECT_EQ(artifact.inputs.back(), "!out/**");
  std::vector<std::string> command;
  for (const TextTemplate& argument : artifact.command) {
    command.push_back(argument.source());
  }
  EXPECT_THAT(command, ElementsAre("/usr/bin/cmake", "--build", "/repo/out", "--target", "suites", "--config",
                                   "Debug"));
}

TEST(Targets, AreRefusedWhereTheyAreNotThereOrMeetAnArtifact) {
  Matrix matrix = sample_matrix();
  TextTemplate::Problem problem;
  matrix.runner.command.front() = *TextTemplate::parse("{target.suite}", problem);
  EXPECT_EQ(
      add_targets(matrix, *parse_targets(k_text), "/repo").error().message,
      "matrix.yaml: no target 'suite' is among the TARGETS of matrix_discover_tests, did you mean 'suites'? "
      "expected suites");
  EXPECT_EQ(add_targets(matrix, {}, "/repo").error().message,
            "matrix.yaml: no target 'suite' is among the TARGETS of matrix_discover_tests");
  EXPECT_EQ(add_targets(matrix, *parse_targets("target napi /x"), "/repo").error().message,
            "matrix.yaml: the target 'napi' (TARGETS of matrix_discover_tests) is called like an artifact");
  EXPECT_FALSE(parse_targets("what is this"));
}

} // namespace
} // namespace ctest_matrix
