#include "runners/source_place.hpp"

#include <gtest/gtest.h>

namespace ctest_matrix {
namespace {

TEST(ExcerptAround, MarksTheLineAmongItsNeighbours) {
  EXPECT_EQ(excerpt_around("one\ntwo\n\n  four\nfive\nsix\n", 4), "     2 | two\n"
                                                                  "     3 |\n"
                                                                  ">    4 |   four\n"
                                                                  "     5 | five\n"
                                                                  "     6 | six\n");
  EXPECT_EQ(excerpt_around("one\ntwo", 1), ">    1 | one\n     2 | two\n");
}

TEST(ExcerptAround, OfALineThatIsNotThere) {
  EXPECT_EQ(excerpt_around("one\n", 0), "");
  EXPECT_EQ(excerpt_around("one\n", 2), "");
  EXPECT_EQ(excerpt_around("", 1), "");
}

TEST(ExcerptAround, IsBoundedAndPrintable) {
  EXPECT_EQ(excerpt_around("a\x1b[31mb\n", 1).find('\x1b'), std::string::npos);
  EXPECT_LT(excerpt_around(std::string(100'000, 'x'), 1).size(), 200U);
}

} // namespace
} // namespace ctest_matrix
