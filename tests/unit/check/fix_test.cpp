#include "check/fix.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

const std::string k_text = "# mine\n"
                           "rows:\n"
                           "  fast: # the quick ones\n"
                           "    alpha: Alpha Tests  # first\n"
                           "    beta:\n"
                           "      suite: \"Beta \\\"B\\\" Tests\"\n"
                           "\n"
                           "      timeout: 3\n"
                           "    # about gamma\n"
                           "    gamma: {suite: Gamma Tests, timeout: 5}\n"
                           "  slow: {delta: 'Delta Tests'}";

std::string fixed(const std::vector<Fix>& fixes) {
  const Fixed result = apply_fixes("m.yaml", k_text, fixes);
  EXPECT_EQ(result.done.size(), fixes.size());
  return result.text;
}

/// The sample with one line in place of another.
std::string with(const std::string& from, const std::string& to) {
  std::string text = k_text;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, from.size(), to);
}

TEST(Fix, ReplacesTextsWhateverTheirQuotes) {
  EXPECT_EQ(fixed({{Fix::Kind::replace, {"m.yaml", 4, 12, 11}, "Alfa: Tests"}}),
            with("Alpha Tests", "'Alfa: Tests'"));
  EXPECT_EQ(fixed({{Fix::Kind::replace, {"m.yaml", 6, 14, 14}, "Beta"}}),
            with("\"Beta \\\"B\\\" Tests\"", "Beta"));
  EXPECT_EQ(fixed({{Fix::Kind::replace, {"m.yaml", 10, 20, 11}, "Gamma's"}}),
            with("Gamma Tests", "'Gamma''s'"));
  EXPECT_EQ(fixed({{Fix::Kind::replace, {"m.yaml", 11, 17, 11}, "D"}}), with("'Delta Tests'", "D"));
  EXPECT_EQ(fixed({{Fix::Kind::replace, {"m.yaml", 4, 5, 5}, "alfa"}}), with("    alpha:", "    alfa:"));
}

TEST(Fix, RemovesARowWithItsLinesAndNoOthers) {
  EXPECT_EQ(fixed({{Fix::Kind::remove, {"m.yaml", 5, 5, 4}, ""}}),
            with("    beta:\n      suite: \"Beta \\\"B\\\" Tests\"\n\n      timeout: 3\n", ""));
  EXPECT_EQ(fixed({{Fix::Kind::remove, {"m.yaml", 4, 5, 5}, ""}}),
            with("    alpha: Alpha Tests  # first\n", ""));
}

TEST(Fix, AppendsRowsInTheirOrder) {
  EXPECT_EQ(fixed({{Fix::Kind::append, {"m.yaml", 5, 5, 4}, "one:"},
                   {Fix::Kind::append, {"m.yaml", 5, 5, 4}, "two: Two"}}),
            with("      timeout: 3\n", "      timeout: 3\n    one:\n    two: Two\n"));
}

TEST(Fix, ManyAtOnce) {
  EXPECT_EQ(fixed({{Fix::Kind::replace, {"m.yaml", 4, 12, 11}, "A"},
                   {Fix::Kind::remove, {"m.yaml", 5, 5, 4}, ""},
                   {Fix::Kind::append, {"m.yaml", 10, 5, 5}, "new:"}}),
            "# mine\n"
            "rows:\n"
            "  fast: # the quick ones\n"
            "    alpha: A  # first\n"
            "    # about gamma\n"
            "    gamma: {suite: Gamma Tests, timeout: 5}\n"
            "    new:\n"
            "  slow: {delta: 'Delta Tests'}");
}

TEST(Fix, LeavesWhatIsWrittenInFlowStyleToPeople) {
  const std::vector<Fix> fixes{{Fix::Kind::remove, {"m.yaml", 11, 10, 5}, ""},
                               {Fix::Kind::append, {"m.yaml", 11, 10, 5}, "x:"},
                               {Fix::Kind::remove, {"m.yaml", 99, 1, 5}, ""}};
  const Fixed result = apply_fixes("m.yaml", k_text, fixes);
  EXPECT_EQ(result.text, k_text);
  EXPECT_EQ(result.left, fixes);
  EXPECT_EQ(apply_fixes("other.yaml", k_text, fixes).left.size(), 0U);
}

} // namespace
} // namespace ctest_matrix
