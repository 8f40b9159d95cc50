#include "matrix/text_template.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

TextTemplate parsed(std::string_view text) {
  TextTemplate::Problem problem;
  const auto result = TextTemplate::parse(text, problem);
  EXPECT_TRUE(result) << problem.message;
  return result.value_or(TextTemplate());
}

std::optional<std::string> upper(std::string_view name) {
  return name == "a" ? std::optional<std::string>("A{") : std::nullopt;
}

TEST(TextTemplate, BindsStepByStep) {
  const TextTemplate bound = parsed("x{a}{{{b}}}").bind(upper);
  EXPECT_EQ(bound.source(), "xA{{{{{b}}}");
  EXPECT_EQ(*parsed(bound.source()).render([](std::string_view) { return "B"; }), "xA{{B}");
}

TEST(TextTemplate, NamesItsPlaceholdersWithTheirPlaces) {
  EXPECT_THAT(parsed("a{b}c{d.e-f}").placeholders(),
              ::testing::ElementsAre(std::pair<std::string, std::size_t>("b", 1),
                                     std::pair<std::string, std::size_t>("d.e-f", 5)));
}

TEST(TextTemplate, RenderingWithoutAValueIsAnError) {
  const auto text = parsed("{a}{b}").render(upper);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().message, "the placeholder {b} has no value");
}

TEST(TextTemplate, RefusesStrayBraces) {
  for (const auto& [text, offset] :
       {std::pair("a{2}", 1U), std::pair("a}", 1U), std::pair("{", 0U), std::pair("{a b}", 0U)}) {
    TextTemplate::Problem problem;
    EXPECT_FALSE(TextTemplate::parse(text, problem)) << text;
    EXPECT_EQ(problem.offset, offset) << text;
  }
}

TEST(TextTemplate, FindsTheValuesInATextOfItsOwn) {
  using Values = std::vector<std::pair<std::string, std::string>>;
  TextTemplate::Problem problem;
  const auto scope = TextTemplate::parse("runtime ({runtime}) / encoding ({encoding})", problem);
  EXPECT_EQ(scope->match("runtime (wasm) / encoding (bare)"),
            (Values{{"runtime", "wasm"}, {"encoding", "bare"}}));
  EXPECT_EQ(scope->match("runtime (a (b)) / encoding (c))"),
            (Values{{"runtime", "a (b)"}, {"encoding", "c)"}}));
  EXPECT_EQ(scope->match("runtime () / encoding (bare)"), std::nullopt);
  EXPECT_EQ(scope->match("runtime (wasm) / encoding (bare) "), std::nullopt);
  EXPECT_EQ(scope->match("a runtime (wasm) / encoding (bare)"), std::nullopt);
  EXPECT_EQ(scope->match("Suite"), std::nullopt);
  const auto bare = TextTemplate::parse("{runtime}", problem);
  EXPECT_EQ(bare->match("wasm"), (Values{{"runtime", "wasm"}}));
  EXPECT_EQ(bare->match(""), std::nullopt);
}

TEST(TextTemplate, ALiteralStaysWhatItIs) {
  EXPECT_EQ(*TextTemplate::literal("{x}").render(upper), "{x}");
  EXPECT_EQ(TextTemplate::literal("{x}").source(), "{{x}}");
}

} // namespace
} // namespace ctest_matrix
