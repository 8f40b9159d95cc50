#include "base/text.hpp"
#include "matrix/load.hpp"
#include "matrix/sample_matrix.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::optional<Matrix> with_rules(const std::string& rules, std::string& said) {
  Diagnostics diagnostics;
  auto matrix =
      parse_matrix("m.yaml", replace_all(k_sample, "progress: notes", "rules:\n" + rules + "progress: notes"),
                   diagnostics);
  said = diagnostics.render();
  return matrix;
}

std::string problems_of(const std::string& rules) {
  std::string said;
  EXPECT_FALSE(with_rules(rules, said)) << rules;
  return said;
}

TEST(LoadRules, ReadsBothKinds) {
  std::string said;
  const auto matrix = with_rules(R"(  no-mocks:
    forbid_text: {pattern: '\bmock\(', files: ["src/**", "!src/x"]}
    reason: no mocks
  docs: {together: {when: src/**, then: docs.md, base: main}, level: warn, reason: documented}
)",
                                 said);
  ASSERT_TRUE(matrix) << said;
  ASSERT_EQ(matrix->rules.size(), 2U);
  EXPECT_EQ(matrix->rules[0].level, RuleLevel::error);
  EXPECT_EQ(matrix->rules[0].forbidden->pattern, R"(\bmock\()");
  EXPECT_THAT(matrix->rules[0].forbidden->files, ElementsAre("src/**", "!src/x"));
  EXPECT_EQ(matrix->rules[1].level, RuleLevel::warn);
  EXPECT_EQ(matrix->rules[1].together->base, "main");
}

TEST(LoadRules, SaysWhatIsWrong) {
  EXPECT_THAT(problems_of("  a: {reason: x}\n"),
              HasSubstr("expected one of forbid_text and together [M004]"));
  EXPECT_THAT(problems_of("  a: {forbid_text: {pattern: x, files: y}}\n"),
              HasSubstr("the key 'reason' is missing [M004]"));
  EXPECT_THAT(problems_of("  a: {forbid_text: {pattern: x, files: y}, reason: ' '}\n"),
              HasSubstr("reason: expected a text"));
  EXPECT_THAT(problems_of("  a: {forbid_text: {pattern: x, files: ['!y']}, reason: z}\n"),
              HasSubstr("expected a glob that includes files [M002]"));
  EXPECT_THAT(
      problems_of("  a: {forbid_text: {pattern: x, files: y}, together: {when: x, then: y}, reason: z}\n"),
      HasSubstr("[M028]"));
  EXPECT_THAT(problems_of("  a: {forbid_text: {pattern: x, files: y}, level: warning, reason: z}\n"),
              HasSubstr("unknown level 'warning'; expected one of: error, warn [M007]"));
  EXPECT_THAT(problems_of("  a: {together: {when: x, then: y, base: -x}, reason: z}\n"),
              HasSubstr("expected a branch"));
}

TEST(LoadRules, APatternIsPointedInto) {
  EXPECT_EQ(problems_of("  a: {forbid_text: {pattern: 'x(y)\\1', files: y}, reason: z}\n"),
            "m.yaml:41:35: error: rule 'a': forbid_text: pattern: a back-reference, which can take time "
            "without bound "
            "[M044]\n"
            "   41 |   a: {forbid_text: {pattern: 'x(y)\\1', files: y}, reason: z}\n"
            "      |                                   ^\n");
}

} // namespace
} // namespace ctest_matrix
