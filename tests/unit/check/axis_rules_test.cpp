#include "check/axis_rules.hpp"
#include "matrix/sample_matrix.hpp"

#include <gtest/gtest.h>

namespace ctest_matrix {
namespace {

Project project_with_rules(const Assignment& overrides = {}) {
  Project project;
  project.matrix = sample_matrix();
  Diagnostics diagnostics;
  project.expansion = expand(project.matrix, "default", overrides, diagnostics).value_or(Expansion());
  EXPECT_EQ(diagnostics.render(), "");
  return project;
}

/// `value (rule)`, or `(none)`.
std::string source_of(const Project& project, const std::string& column, const std::string& axis) {
  const AxisSource source = axis_source(project, *find_column(project, column), axis);
  return source.value == nullptr ? "(none)" : *source.value + " (" + source.rule + ")";
}

TEST(AxisRules, TheCommandLineGoesOverTheColumnAndThatOverTheProfile) {
  EXPECT_EQ(source_of(project_with_rules(), "wasm", "sqlite"), "remote (matrix.yaml:13: column 'wasm')");
  EXPECT_EQ(source_of(project_with_rules(), "wasm", "encoding"), "bare (matrix.yaml:16: profile 'default')");
  EXPECT_EQ(source_of(project_with_rules({{"encoding", "cbor"}}), "wasm", "encoding"),
            "cbor (the command line)");
  EXPECT_EQ(source_of(project_with_rules(), "wasm", "nothing"), "(none)");
}

TEST(AxisRules, ARuleAgainstACombinationIsQuotedWithItsReason) {
  const Matrix matrix = sample_matrix();
  const Forbidden* rule =
      rule_against(matrix, {{"runtime", "wasm"}, {"sqlite", "local"}, {"encoding", "bare"}});
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(describe(*rule), "matrix.yaml:10: forbidden: runtime=wasm, sqlite=local (no local SQLite)");
  EXPECT_EQ(rule_against(matrix, {{"runtime", "wasm"}}), nullptr) << "not all of its axes are known";
}

TEST(AxisRules, AColumnIsFoundByItsName) {
  const Project project = project_with_rules();
  EXPECT_EQ(find_column(project, "wasm")->name, "wasm");
  EXPECT_EQ(find_column(project, "web"), nullptr);
}

} // namespace
} // namespace ctest_matrix
