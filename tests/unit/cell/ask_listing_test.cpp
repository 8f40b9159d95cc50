#include "cell/ask_listing.hpp"
#include "cell/cell_testing.hpp"

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

class AskListing : public CellStepTest {
protected:
  void SetUp() override {
    CellStepTest::SetUp();
    m_common.listing = ListCommand{};
    m_common.listing->inputs = {"a.test"};
    // Tells how often it ran by the name of its second test.
    m_cell.list_command = shell("echo run >> runs; echo 'a.test\tworks'; echo \"$(wc -l < runs)\"");
    write("a.test", "first");
  }

  std::vector<std::string> names(ListingUse use) const {
    const auto listing = ask_listing(m_common, m_cell, use);
    std::vector<std::string> names;
    for (const ListedTest& test : listing ? *listing : Listing()) {
      names.push_back(test.name);
    }
    return names;
  }

  std::string error() const { return plain(ask_listing(m_common, m_cell, ListingUse::anew).error().message); }
};

TEST_F(AskListing, AsksOnceAndRemembers) {
  EXPECT_EQ(last_listing(m_common, m_cell), std::nullopt);
  EXPECT_THAT(names(ListingUse::remembered), ElementsAre("works", "1"));
  EXPECT_THAT(names(ListingUse::remembered), ElementsAre("works", "1"));
  EXPECT_THAT(*last_listing(m_common, m_cell),
              ElementsAre(ListedTest{"a.test", "works", 0}, ListedTest{"", "1", 0}));
}

TEST_F(AskListing, AsksAnewWhereTheContentChangedOrItIsToldTo) {
  EXPECT_THAT(names(ListingUse::remembered), ElementsAre("works", "1"));
  write("a.test", "other"); // of the same size
  EXPECT_THAT(names(ListingUse::remembered), ElementsAre("works", "2"));
  EXPECT_THAT(names(ListingUse::anew), ElementsAre("works", "3"));
}

TEST_F(AskListing, ADamagedMemoryIsNone) {
  EXPECT_THAT(names(ListingUse::remembered), ElementsAre("works", "1"));
  write("build/ctest-matrix/demo/listings/" + listing_id(m_common, m_cell) + ".json",
        R"({"key":"x","tests":[[)");
  EXPECT_EQ(last_listing(m_common, m_cell), std::nullopt);
  EXPECT_THAT(names(ListingUse::remembered), ElementsAre("works", "2"));
}

TEST_F(AskListing, ReadsTheFileThatTheCommandWrites) {
  m_cell.list_command = shell("echo not this; echo written > {list}");
  EXPECT_THAT(names(ListingUse::remembered), ElementsAre("written"));
}

TEST_F(AskListing, CellsOfOneCommandShareAListing) {
  Cell other = m_cell;
  other.name = "a.wasm";
  EXPECT_EQ(listing_id(m_common, other), listing_id(m_common, m_cell));
  other.list_command = shell("true");
  EXPECT_NE(listing_id(m_common, other), listing_id(m_common, m_cell));
}

TEST_F(AskListing, SaysHowItsCommandFailed) {
  m_cell.list_command = shell("echo no suite; exit 3");
  EXPECT_EQ(error(), "the suite could not be listed: its command exited 3\n"
                     "  command: cd DIR && /bin/sh -c 'echo no suite; exit 3'\n"
                     "  no suite");
  m_common.listing->format = ListingFormat::pytest;
  m_cell.list_command = shell("echo nothing");
  EXPECT_EQ(error(),
            "listing of the tests: expected `<n> tests collected` at the end of pytest --collect-only -q\n"
            "  command: cd DIR && /bin/sh -c 'echo nothing'\n"
            "  nothing");
}

TEST_F(AskListing, DoesWithoutWhatNeedsAService) {
  TextTemplate::Problem problem;
  m_common.environment = {{"PORT", *TextTemplate::parse("{engine.port}", problem)},
                          {"KIND", *TextTemplate::parse("{runtime}", problem)}};
  m_cell.axes = {{"runtime", "wasm"}};
  m_cell.list_command = shell("printenv KIND; printenv PORT; true");
  EXPECT_THAT(names(ListingUse::remembered), ElementsAre("wasm"));
}

} // namespace
} // namespace ctest_matrix
