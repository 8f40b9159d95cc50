#include "service/ready_line.hpp"

#include <gtest/gtest.h>

namespace ctest_matrix {
namespace {

TEST(ReadyLine, IsSeenInPiecesAndInColour) {
  ReadyLine line("is ready");
  line.add("the engine is\nready, is rea");
  EXPECT_FALSE(line.seen());
  line.add("\x1b[32mdy\x1b[0m");
  EXPECT_TRUE(line.seen()); // though the line has not ended yet
  line.add("\nand goes on");
  EXPECT_TRUE(line.seen());
}

TEST(ReadyLine, IsSeenAtTheEndOfALineWithoutEnd) {
  ReadyLine line("is ready");
  for (int i = 0; i < 20; ++i) {
    line.add(std::string(10'000, '.'));
    EXPECT_FALSE(line.seen());
  }
  line.add("is rea");
  line.add("dy");
  EXPECT_TRUE(line.seen());
}

} // namespace
} // namespace ctest_matrix
