#include "base/pattern.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Pattern pattern(const std::string& text) {
  Pattern::Problem problem;
  auto parsed = Pattern::parse(text, problem);
  EXPECT_TRUE(parsed) << text << ": " << problem.message;
  return parsed ? *std::move(parsed) : Pattern();
}

std::string refusal_of(const std::string& text) {
  Pattern::Problem problem;
  EXPECT_FALSE(Pattern::parse(text, problem)) << text;
  return std::to_string(problem.offset) + ": " + problem.message;
}

TEST(Pattern, FindsTheFirstPlace) {
  const Pattern mocks = pattern(R"(\b(vi|jest)\.mock\()");
  EXPECT_EQ(mocks.find("  vi.mock(\"a\"); jest.mock("), (PatternMatch{2, 8}));
  EXPECT_FALSE(mocks.find("navi.mock("));
  EXPECT_FALSE(mocks.find("vi.mocks("));
  EXPECT_EQ(pattern(R"(\d+\t)").find("ab12\t"), (PatternMatch{2, 3}));
  EXPECT_EQ(pattern("x{2,3}y").find("axxxy"), (PatternMatch{1, 4}));
  EXPECT_EQ(pattern("[]x]z").find("]z"), (PatternMatch{0, 2}));
}

TEST(Pattern, ABytesThatEndsTextsHidesNothing) {
  const std::string line("a\0vi.mock(", 10);
  EXPECT_EQ(pattern(R"(vi\.mock\()").find(line), (PatternMatch{2, 8}));
  EXPECT_TRUE(pattern("mock").find("\xff\xfe mock"));
}

TEST(Pattern, KnowsWhatEachMatchHas) {
  EXPECT_THAT(pattern(R"(\b(vi|jest)\.mock\()").literals(), ElementsAre(".mock("));
  EXPECT_THAT(pattern(R"(rivet\.gg|rivet-gg/)").literals(), ElementsAre("rivet.gg", "rivet-gg/"));
  EXPECT_THAT(pattern("abc?d").literals(), ElementsAre("ab"));
  EXPECT_THAT(pattern("abc*").literals(), ElementsAre("ab"));
  EXPECT_THAT(pattern("ab+cde").literals(), ElementsAre("cde"));
  EXPECT_THAT(pattern("abc{0,2}").literals(), ElementsAre("ab"));
  EXPECT_THAT(pattern("a(bcd)*e").literals(), ElementsAre("a"));
  EXPECT_THAT(pattern("[ab]|cd").literals(), IsEmpty());
  EXPECT_THAT(pattern("(ab|cd)").literals(), IsEmpty());
}

TEST(Pattern, SaysNoOnlyWhereItIsNot) {
  for (const char* const text :
       {"abc?d", "abc*", "a(bcd)*e", "x|y", "(a|b)c{0,2}d", "a.c", "^a|b$", R"(a\.b+)"}) {
    const Pattern searched = pattern(text);
    for (const char* const line :
         {"abd", "abcd", "ab", "ae", "abcde", "y", "ad", "bccd", "axc", "b", "a.bb", "a"}) {
      if (searched.find(line)) {
        EXPECT_TRUE(searched.may_be_in(line)) << text << " in " << line;
      }
    }
  }
}

TEST(Pattern, RefusesWhatHasNoBound) {
  EXPECT_THAT(refusal_of(R"((a)\1)"), HasSubstr("3: a back-reference"));
  EXPECT_THAT(refusal_of("((a{1,200}){1,200}){1,200}"), HasSubstr("repetitions that come to more than 1000"));
  EXPECT_THAT(refusal_of(std::string(1001, 'a')), HasSubstr("1001 bytes"));
}

TEST(Pattern, RefusesWhatOthersReadOtherwise) {
  EXPECT_THAT(refusal_of("(?=a)b"), HasSubstr("0: '(?' begins nothing"));
  EXPECT_THAT(refusal_of(R"([\d])"), HasSubstr("1: a backslash stands for itself"));
  EXPECT_THAT(refusal_of(R"(\x41)"), HasSubstr(R"(0: '\x' is not known)"));
  EXPECT_THAT(refusal_of("a{b}"), HasSubstr("write \\{ for a brace"));
  EXPECT_THAT(refusal_of("a*"), HasSubstr("it matches the empty text"));
  EXPECT_THAT(refusal_of("a\nb"), HasSubstr("a line break"));
  EXPECT_THAT(refusal_of("(a"), HasSubstr("no POSIX extended regular expression"));
  EXPECT_THAT(refusal_of("[a"), HasSubstr("0: a '[' without its ']'"));
}

// Whatever a line and a pattern are, the search ends: of these some never do where ways are tried one by one.
TEST(Pattern, EndsOnEveryLine) {
  const std::string line = std::string(Pattern::k_longest_line - 1, 'a') + "!";
  for (const char* const text :
       {"(a+)+b", "(a|aa)+b", "(a*)*b", "a*a*a*a*a*b", "(.*a){12}b", "(a|b)*a(a|b){9}c"}) {
    EXPECT_FALSE(pattern(text).find(line)) << text;
  }
}

} // namespace
} // namespace ctest_matrix
