#include "cell/cell_testing.hpp"
#include "cell/expected_tests.hpp"

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class Expected : public CellStepTest {
protected:
  void SetUp() override {
    CellStepTest::SetUp();
    m_common.listing = ListCommand{};
    m_cell.scope = "wasm";
    m_cell.list_command =
        shell("printf 'a.test\twasm > one\nb.test\twasm > two\na.test\tnative > one\nwasm > three\n'");
    write("a.test", "");
  }
};

TEST_F(Expected, LieInTheCellsFileAndScope) {
  EXPECT_THAT(expected_tests(m_common, m_cell, ListingUse::remembered).names,
              ElementsAre("wasm > one", "wasm > three"));
}

TEST_F(Expected, AreNoneWithoutAListing) {
  m_common.listing.reset();
  const ExpectedTests expected = expected_tests(m_common, m_cell, ListingUse::remembered);
  EXPECT_THAT(expected.names, IsEmpty());
  EXPECT_EQ(expected.problem, "");
}

TEST_F(Expected, AListingThatCannotBeHadIsAProblemAndHoldsNothingBack) {
  m_cell.list_command = shell("exit 1");
  const ExpectedTests expected = expected_tests(m_common, m_cell, ListingUse::remembered);
  EXPECT_THAT(expected.names, IsEmpty());
  EXPECT_EQ(split_lines(expected.problem).front(), "the suite could not be listed: its command exited 1");
  EXPECT_FALSE(expected.interrupted);
}

TEST_F(Expected, AFileIsItsOwnByWhateverPath) {
  std::filesystem::create_directory_symlink(m_root, m_root / "link");
  const Listing listing{{"link/a.test", "linked", 0}, {"b.test", "other", 0}, {"", "of no file", 0}};
  EXPECT_THAT(in_own_file(m_common, m_cell, listing),
              ElementsAre(ListedTest{"link/a.test", "linked", 0}, ListedTest{"", "of no file", 0}));
}

TEST_F(Expected, PlacesAreThoseOfTheFirstTestThatHasALine) {
  m_common.listing->format = ListingFormat::vitest;
  m_common.listing->command = shell("cat listing.json");
  m_common.scope = TextTemplate::literal("wasm");
  m_common.file = TestFile::parse("{file}.test");
  m_cell = bind(m_common, m_cell);
  write("listing.json", R"([{"name":"wasm > one","file":"a.test"},)"
                        R"({"name":"wasm > two","file":"a.test","location":{"line":7}},)"
                        R"({"name":"wasm > three","file":"a.test","location":{"line":9}}])");
  Plan plan{.common = m_common, .rows = {}, .cells = {m_cell}};
  EXPECT_THAT(listed_places(plan), IsEmpty());
  ASSERT_TRUE(ask_listing(m_common, m_cell, ListingUse::remembered));
  EXPECT_THAT(listed_places(plan),
              UnorderedElementsAre(Pair("a.native", (m_root / "a.test").string() + ":7")));
}

} // namespace
} // namespace ctest_matrix
