#include "ctest/output_lines.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using Kind = CtestEvent::Kind;

TEST(CtestLines, TellsStartsAndEnds) {
  CtestLines lines;
  EXPECT_EQ(lines.read("Test project /build"), std::nullopt);
  EXPECT_EQ(lines.read("      Start  4: actor-conn.native"),
            (CtestEvent{Kind::started, "actor-conn.native", ""}));
  EXPECT_EQ(lines.read("1/7 Test  #4: actor-conn.native ...   Passed    0.66 sec"),
            (CtestEvent{Kind::ended, "actor-conn.native", "Passed    0.66 sec"}));
}

TEST(CtestLines, KnowsWhichTestAnEndIsOfByItsNumber) {
  CtestLines lines;
  lines.read("      Start 10: a");
  lines.read("      Start 11: a.b with spaces");
  EXPECT_EQ(lines.read(" 2/12 Test #11: a.b with spaces ...***Failed    0.02 sec"),
            (CtestEvent{Kind::ended, "a.b with spaces", "***Failed    0.02 sec"}));
  EXPECT_EQ(lines.read(" 3/12 Test #10: a .................***Not Run   0.00 sec"),
            (CtestEvent{Kind::ended, "a", "***Not Run   0.00 sec"}));
}

TEST(CtestLines, IgnoresWhatOnlyLooksLikeIt) {
  CtestLines lines;
  lines.read("      Start 10: a");
  EXPECT_EQ(lines.read("1/12 Test #9: unknown ... Passed"), std::nullopt);
  EXPECT_EQ(lines.read("1/12 Test #10: b ... Passed"), std::nullopt);
  EXPECT_EQ(lines.read("Start here"), std::nullopt);
  EXPECT_EQ(lines.read("1/12 Tests"), std::nullopt);
  EXPECT_EQ(lines.read(""), std::nullopt);
}

} // namespace
} // namespace ctest_matrix
