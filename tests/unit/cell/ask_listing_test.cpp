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
  BoundCell other = m_cell;
  other.name = "a.wasm";
  EXPECT_EQ(listing_id(m_common, other), listing_id(m_common, m_cell));
  other.list_command = shell("true");
  EXPECT_NE(listing_id(m_common, other), listing_id(m_common, m_cell));
}

// What many files list at once is what each of them lists.
TEST_F(AskListing, ManyFilesAtOnce) {
  m_common.listing->format = ListingFormat::pytest;
  write("list.sh",
        "echo \"$@\" >> runs\nfor f in \"$@\"; do case $f in bad*) echo no; exit 2;; esac; done\n"
        "n=0\nfor f in \"$@\"; do case $f in empty*) ;; *) echo $f::test_one; n=$((n + 1)) ;; esac; done\n"
        "echo\necho $n tests collected\n");
  std::vector<BoundCell> cells;
  const auto ask = [&](const std::vector<std::string>& files) {
    cells.clear();
    for (const std::string& file : files) {
      write(file, "");
      BoundCell cell = m_cell;
      cell.name = file;
      cell.file = m_root / file;
      cell.list_command = shell("exec sh list.sh \"$@\"");
      for (const char* const word : {"sh", file.c_str()}) {
        cell.list_command.push_back(TextTemplate::literal(word));
      }
      cells.push_back(cell);
    }
    std::vector<const BoundCell*> all;
    for (const BoundCell& cell : cells) {
      all.push_back(&cell);
    }
    std::filesystem::remove(m_root / "runs");
    ask_listings(m_common, all, [](std::size_t /*files*/) {});
    const auto runs = read_file(m_root / "runs");
    return runs ? *runs : "";
  };
  EXPECT_EQ(ask({"b.py", "c.py", "empty.py"}), "b.py c.py empty.py\n");
  EXPECT_THAT(*ask_listing(m_common, cells[1], ListingUse::remembered),
              ElementsAre(ListedTest{"c.py", "c > test_one", 0}));
  EXPECT_EQ(*read_file(m_root / "runs"), "b.py c.py empty.py\n"); // it was known
  EXPECT_EQ(*ask_listing(m_common, cells[2], ListingUse::remembered), Listing());
  EXPECT_EQ(*read_file(m_root / "runs"),
            "b.py c.py empty.py\nempty.py\n"); // what looks empty is asked for itself
  EXPECT_EQ(ask({"b.py", "c.py", "empty.py"}), "");
  // One that cannot be listed does not hide the others.
  EXPECT_EQ(ask({"d.py", "e.py", "bad.py", "f.py"}), "d.py e.py bad.py f.py\nd.py e.py\nbad.py f.py\n");
  EXPECT_FALSE(ask_listing(m_common, cells[2], ListingUse::remembered));
  EXPECT_TRUE(ask_listing(m_common, cells[3], ListingUse::remembered));
  // What differs by more than the file is not asked at once.
  cells[0].list_command.push_back(TextTemplate::literal("--other"));
  write("d.py", "edited");
  write("e.py", "edited");
  std::filesystem::remove(m_root / "runs");
  ask_listings(m_common, std::vector<const BoundCell*>{cells.data(), &cells[1]},
               [](std::size_t /*files*/) {});
  EXPECT_FALSE(read_file(m_root / "runs"));
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
  own_variant(m_cell).axes = {{"runtime", "wasm"}};
  m_cell.list_command = shell("printenv KIND; printenv PORT; true");
  EXPECT_THAT(names(ListingUse::remembered), ElementsAre("wasm"));
}

} // namespace
} // namespace ctest_matrix
