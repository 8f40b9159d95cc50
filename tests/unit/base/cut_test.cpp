#include "base/cut.hpp"
#include "base/text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ctest_matrix {
namespace {

const std::string k_euro = "€";          // three bytes
const std::string k_face = "\U0001F600"; // four

TEST(Cut, NeverSplitsASequence) {
  const std::string text = "a" + k_euro + k_face + "z";
  for (std::size_t limit = 0; limit <= text.size() + 2; ++limit) {
    const std::string first(first_bytes(text, limit));
    const std::string last(last_bytes(text, limit));
    EXPECT_LE(first.size(), limit);
    EXPECT_LE(last.size(), limit);
    EXPECT_EQ(valid_utf8(first), first) << limit;
    EXPECT_EQ(valid_utf8(last), last) << limit;
    EXPECT_TRUE(text.starts_with(first) && text.ends_with(last));
    EXPECT_LT(std::min(limit, text.size()) - first.size(), 4U) << limit;
    EXPECT_LT(std::min(limit, text.size()) - last.size(), 4U) << limit;
  }
}

TEST(Cut, CutsWhatIsNoSequenceAnywhere) {
  const std::string bytes(10, '\x80');
  EXPECT_EQ(first_bytes(bytes, 7).size(), 7U);
  EXPECT_EQ(last_bytes(bytes, 7).size(), 7U);
  EXPECT_EQ(first_bytes("ab\xE2\x82", 3), "ab\xE2");
  EXPECT_EQ(first_bytes("\xE2\xE2\x82\xAC", 2), "\xE2");
}

TEST(Cut, KnowsWhatEndsASequence) {
  for (std::size_t at = 0; at <= k_face.size(); ++at) {
    EXPECT_EQ(rest_of_sequence("xyz" + k_face.substr(0, at), k_face.substr(at) + "abc"),
              at == 0 ? 0 : k_face.size() - at);
  }
  EXPECT_EQ(rest_of_sequence("", "\x82\xAC"), 0U);
  EXPECT_EQ(rest_of_sequence("x", "\x82\xAC"), 0U);
  EXPECT_EQ(rest_of_sequence("\xE2", "\x82"), 1U); // more of it may come
  EXPECT_EQ(rest_of_sequence("\x82\x82\x82\x82\x82", "\x82\xAC"), 0U);
  EXPECT_EQ(rest_of_sequence("\xE2\x82", ""), 0U);
}

TEST(Cut, ReplacesWhatIsNoSequence) {
  EXPECT_EQ(valid_utf8("a\xE2\x82z\x80" + k_euro + "\xF0\x9F"), "a\uFFFD\uFFFDz\uFFFD€\uFFFD\uFFFD");
}

TEST(Cut, AShortenedTextIsValidAsAWhole) {
  EXPECT_EQ(ellipsis("a" + k_euro + "b", 3), "a…");
  EXPECT_EQ(ellipsis("a" + k_euro + "b", 5), "a" + k_euro + "b");
  EXPECT_EQ(ellipsis("a\x82", 5), "a\uFFFD");
  EXPECT_EQ(ellipsis(std::string(100, '\x82'), 7), "\uFFFD\uFFFD…");
}

} // namespace
} // namespace ctest_matrix
