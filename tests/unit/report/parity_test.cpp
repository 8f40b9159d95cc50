#include "report/parity.hpp"
#include "report/standings.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

TEST(TestParity, NamesWhatDiffersAndWhere) {
  const std::vector<CellStanding> standings{
      standing_of("conn", "native", Verdict::pass, {"+a", "+b", "+c", "=d", "+e"}),
      standing_of("conn", "wasm", Verdict::fail, {"+a", "-b", "=c", "=d", "-f"}),
      standing_of("db", "native", Verdict::pass, {"+a"}), standing_of("db", "wasm", Verdict::pass, {"+a"})};
  const TestParity parity = compare_tests(standings);
  EXPECT_EQ(parity.compared, 2);
  EXPECT_THAT(parity.uncompared, ElementsAre());
  EXPECT_THAT(parity.rows, ElementsAre(RowParity{"conn",
                                                 {"native", "wasm"},
                                                 {{"b", {"native"}, {"wasm"}, {}, {}},
                                                  {"c", {"native"}, {}, {"wasm"}, {}},
                                                  {"e", {"native"}, {}, {}, {"wasm"}},
                                                  {"f", {}, {"wasm"}, {}, {"native"}}}}));
}

TEST(TestParity, ComparesOnlyWholeLists) {
  const std::vector<CellStanding> standings{
      standing_of("a", "native", Verdict::pass, {"+t"}),
      standing_of("a", "wasm", Verdict::timeout, {"+t"}),
      standing_of("b", "native", Verdict::pass, {"+t"}),
      standing_of("b", "wasm", Verdict::skip, {"=t"}, "no such protocol"),
      standing_of("c", "native", Verdict::pass, {"+t"}),
      standing_of("c", "wasm", Verdict::pass, {}),
      standing_of("d", "native", Verdict::setup, {}),
      standing_of("d", "wasm"),
      standing_of("e", "native", Verdict::fail, {})};
  const TestParity parity = compare_tests(standings);
  EXPECT_EQ(parity.compared, 0);
  EXPECT_THAT(parity.rows, ElementsAre());
  EXPECT_THAT(parity.uncompared, ElementsAre(Uncompared{"a.wasm", "it ended as TIMEOUT"},
                                             Uncompared{"b.wasm", "skipped as declared: no such protocol"},
                                             Uncompared{"c.wasm", "its result does not list its tests"},
                                             Uncompared{"d.native", "it ended as SETUP"}));
}

TEST(TestParity, ATitleThatIsThereTwiceIsAsBadAsTheWorse) {
  const std::vector<CellStanding> standings{standing_of("a", "native", Verdict::pass, {"+t", "=t"}),
                                            standing_of("a", "wasm", Verdict::fail, {"-t", "+t"})};
  EXPECT_THAT(compare_tests(standings).rows,
              ElementsAre(RowParity{"a", {"native", "wasm"}, {{"t", {"native"}, {"wasm"}, {}, {}}}}));
}

} // namespace
} // namespace ctest_matrix
