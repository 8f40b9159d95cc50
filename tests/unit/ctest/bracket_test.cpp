#include "ctest/bracket.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

TEST(Bracket, NothingInTheTextEndsIt) {
  EXPECT_EQ(bracket("a b;\"$x"), "[=[a b;\"$x]=]");
  EXPECT_EQ(bracket("a]=]b"), "[==[a]=]b]==]");
  EXPECT_EQ(bracket("a]="), "[==[a]=]==]");
  EXPECT_EQ(bracket("a]"), "[=[a]]=]");
  EXPECT_EQ(bracket("a]=]b]="), "[==[a]=]b]=]==]");
  EXPECT_EQ(bracket("a]==]=", "=="), "[===[a]==]=]===]");
}

TEST(Bracket, KeepsANewlineAtTheBegin) {
  EXPECT_EQ(bracket("\na"), "[=[\n\na]=]");
}

} // namespace
} // namespace ctest_matrix
