#include "base/shell_words.hpp"
#include "base/text.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ShellWords, AreWhatAShellMakesOfALine) {
  EXPECT_THAT(*shell_words("  strace -f\t-o 'a b'  "), ElementsAre("strace", "-f", "-o", "a b"));
  EXPECT_THAT(*shell_words(R"(a\ b "c \"d\" \x" e"f"'g')"), ElementsAre("a b", R"(c "d" \x)", "efg"));
  EXPECT_THAT(*shell_words("'' x"), ElementsAre("", "x"));
  EXPECT_THAT(*shell_words(""), IsEmpty());
}

TEST(ShellWords, AQuoteHasAnEnd) {
  EXPECT_FALSE(shell_words("strace 'f"));
  EXPECT_FALSE(shell_words(R"(strace "f\")"));
}

TEST(ShellWords, TakeApartWhatWasPutTogether) {
  const std::vector<std::string> words{"-t", "a 'b' \"c\"", "", "x\ny", "\\", "$HOME", "*"};
  EXPECT_EQ(*shell_words(shell_line(words)), words);
}

} // namespace
} // namespace ctest_matrix
