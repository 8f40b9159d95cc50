// The drift check against a model of a suite that is changed at random: every change is told, and nothing
// else.
#include "base/text.hpp"
#include "check/drift.hpp"
#include "matrix/load.hpp"
#include "matrix/row_globs.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>
#include <random>
#include <set>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Rows = std::vector<std::string>;

/// The blocks below one scope of one file.
struct Scope {
  std::string runtime;
  std::string encoding;
};

/// A suite on disk.
struct Suite {
  struct File {
    std::string block;         ///< the describe inside each scope
    std::vector<Scope> scopes; ///< with a test each
    bool outside = false;      ///< a test that lies in no scope
  };

  std::map<std::string, File> files;
};

std::string matrix_text(const Rows& rows) {
  std::string text = "version: 1\n"
                     "name: demo\n"
                     "axes:\n"
                     "  runtime: [native, wasm]\n"
                     "  encoding: [bare, cbor]\n"
                     "columns:\n"
                     "  native: {runtime: native}\n"
                     "  wasm: {runtime: wasm}\n"
                     "profiles: {default: {encoding: bare}, full: {}}\n"
                     "runner:\n"
                     "  command: [run, \"{file}.test\", -t, \"{filter}\"]\n"
                     "  scope: 'runtime ({runtime}) / encoding ({encoding})'\n"
                     "  filter: '{runtime}'\n"
                     "  report: vitest-json\n"
                     "  list: {command: [list, \"{file}\"], format: lines}\n"
                     "rows:\n"
                     "  fast:\n";
  for (const std::string& row : rows) {
    text += fmt::format("    {0}: Tests of {0}\n", row);
  }
  return text;
}

Suite suite_of(const Rows& rows) {
  Suite suite;
  for (const std::string& row : rows) {
    suite.files[row] = {"Tests of " + row,
                        {{"native", "bare"}, {"native", "cbor"}, {"wasm", "bare"}, {"wasm", "cbor"}},
                        false};
  }
  return suite;
}

Listing listing_of(const Suite::File& file) {
  Listing listing;
  for (const Scope& scope : file.scopes) {
    listing.push_back({"",
                       fmt::format("Driver > runtime ({}) / encoding ({}) > {} > works", scope.runtime,
                                   scope.encoding, file.block),
                       1});
  }
  if (file.outside) {
    listing.push_back({"", "Driver > stray", 1});
  }
  return listing;
}

/// What the check says: `code:line` for each difference, and the whole text.
std::vector<BoundCell> bound_cells(const Plan& plan) {
  std::vector<BoundCell> cells;
  for (const Cell& cell : plan.cells) {
    cells.push_back(bind(plan.common, cell));
  }
  return cells;
}

struct Said {
  std::multiset<std::string> codes;
  std::string text;
  std::vector<Fix> fixes;
};

Said check(const Rows& rows, const Suite& suite, const std::string& text) {
  Diagnostics diagnostics;
  auto matrix = parse_matrix("m.yaml", text, diagnostics);
  EXPECT_TRUE(matrix) << diagnostics.render();
  auto expansion = expand(*matrix, "default", {}, diagnostics);
  Project project{.places = {.matrix = "/repo/m.yaml", .root = "/repo", .state = "/state", .prefix = ""},
                  .matrix = std::move(*matrix),
                  .on_disk = {},
                  .expansion = std::move(*expansion),
                  .diagnostics = {}};
  for (const Row& row : project.matrix.rows) {
    if (!suite.files.contains(row.name)) {
      diagnostics.error("M013", row.location, "the file is not there");
    }
  }
  const Plan plan = make_plan(project.matrix, project.expansion, project.places);
  SuiteOnDisk disk;
  for (const auto& [name, file] : suite.files) {
    disk.files.push_back(name);
  }
  const std::vector<BoundCell> cells = bound_cells(plan);
  for (const BoundCell& cell : cells) {
    if (const auto file = suite.files.find(cell.row->name); file != suite.files.end()) {
      disk.listings.push_back({&cell, listing_of(file->second)});
    }
  }
  std::vector<Fix> fixes = report_drift(project, disk, diagnostics);
  Said said{{}, diagnostics.render(), std::move(fixes)};
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    const auto index = static_cast<std::size_t>(diagnostic.location.line) - 18;
    said.codes.insert(
        fmt::format("{} {}", diagnostic.code,
                    index < rows.size() ? rows[index] : std::to_string(diagnostic.location.line)));
  }
  return said;
}

const Rows k_three{"alpha", "beta", "gamma"};

TEST(Drift, NothingIsSaidOfASuiteThatIsAsTheMatrixSays) {
  EXPECT_EQ(check(k_three, suite_of(k_three), matrix_text(k_three)).text, "");
}

TEST(Drift, TellsEveryKindOfDifference) {
  Suite suite = suite_of(k_three);
  suite.files["delta"] = {"Tests of delta", {{"native", "bare"}}, false};
  suite.files["alpha"].block = "Tests of alfa";
  suite.files["beta"].scopes = {{"native", "bare"}, {"native", "cbor"}, {"native", "json"}, {"wasm", "cbor"}};
  suite.files["gamma"].outside = true;
  EXPECT_EQ(
      check(k_three, suite, matrix_text(k_three)).text,
      "m.yaml:5:3: error: axis 'encoding': the suite lists tests for 'json' (in 'runtime (native) / encoding "
      "(json)'), which is none of its values; expected one of: bare, cbor [M034]\n"
      "    5 |   encoding: [bare, cbor]\n"
      "      |   ^~~~~~~~\n"
      "m.yaml:17:3: error: rows: no row names the test file delta.test; expected a row 'delta', in the "
      "section "
      "'excluded' if it is not to run [M030]\n"
      "   17 |   fast:\n"
      "      |   ^\n"
      "m.yaml:18:12: error: row 'alpha': no block of alpha.test is named 'Tests of alpha', did you mean "
      "'Tests of "
      "alfa'? [M031]\n"
      "   18 |     alpha: Tests of alpha\n"
      "      |            ^~~~~~~~~~~~~~\n"
      "m.yaml:19:5: error: row 'beta': the suite lists no test for beta.wasm; expected one that is not "
      "skipped "
      "statically, or a skip with a reason [M033]\n"
      "   19 |     beta: Tests of beta\n"
      "      |     ^~~~\n"
      "m.yaml:20:5: error: row 'gamma': no cell runs 1 test of its file, because no title above it is "
      "'runtime "
      "({runtime}) / encoding ({encoding})': Driver > stray [M035]\n"
      "   20 |     gamma: Tests of gamma\n"
      "      |     ^~~~~\n");
}

TEST(Drift, ARowStaysWhereItsFileMayHaveANameThatNoRowCanHave) {
  Suite suite = suite_of({"alpha", "gamma"});
  EXPECT_THAT(check(k_three, suite, matrix_text(k_three)).fixes,
              ElementsAre(Field(&Fix::kind, Fix::Kind::remove)));
  suite.files["new beta"] = suite_of({"beta"}).files["beta"];
  const Said said = check(k_three, suite, matrix_text(k_three));
  EXPECT_THAT(said.text, HasSubstr("no row can name the test file new beta.test"));
  EXPECT_THAT(said.fixes, IsEmpty());
}

TEST(Drift, TellsAnAxisValueThatIsGone) {
  Suite suite = suite_of(k_three);
  for (auto& [name, file] : suite.files) {
    file.scopes = {{"native", "bare"}, {"wasm", "bare"}};
  }
  EXPECT_EQ(check(k_three, suite, matrix_text(k_three)).text,
            "m.yaml:5:20: error: axis 'encoding': the suite no longer offers 'cbor'; it offers bare [M032]\n"
            "    5 |   encoding: [bare, cbor]\n"
            "      |                    ^~~~\n");
}

TEST(Drift, TellsCombinationsThatNobodyDecidedAbout) {
  const std::string only_bare = replace_all(matrix_text(k_three), ", full: {}", "");
  EXPECT_EQ(check(k_three, suite_of(k_three), only_bare).codes,
            (std::multiset<std::string>{"M034 7", "M034 7"}));
  const std::string decided =
      replace_all(only_bare, "columns:\n", "forbid: [{encoding: cbor, reason: later}]\ncolumns:\n");
  EXPECT_EQ(check(k_three, suite_of(k_three), decided).text, "");
}

TEST(Drift, ADeclaredSkipMayListNothing) {
  Suite suite = suite_of(k_three);
  suite.files["beta"].scopes = {{"native", "bare"}, {"native", "cbor"}, {"wasm", "cbor"}};
  EXPECT_EQ(check(k_three, suite, matrix_text(k_three)).codes, (std::multiset<std::string>{"M033 beta"}));
  const std::string declared = replace_all(matrix_text(k_three), "    beta: Tests of beta\n",
                                           "    beta: {suite: Tests of beta, skip: {wasm: not there}}\n");
  EXPECT_EQ(check(k_three, suite, declared).text, "");
}

TEST(Drift, ASuiteThatCannotBeListedIsToldOnce) {
  Diagnostics diagnostics;
  auto matrix = parse_matrix("m.yaml", matrix_text(k_three), diagnostics);
  auto expansion = expand(*matrix, "default", {}, diagnostics);
  Project project{.places = {.matrix = "/repo/m.yaml", .root = "/repo", .state = "/state", .prefix = ""},
                  .matrix = std::move(*matrix),
                  .on_disk = {},
                  .expansion = std::move(*expansion),
                  .diagnostics = {}};
  const Plan plan = make_plan(project.matrix, project.expansion, project.places);
  SuiteOnDisk disk{.files = k_three, .listings = {}, .mute = {}};
  const std::vector<BoundCell> cells = bound_cells(plan);
  for (const BoundCell& cell : cells) {
    disk.mute.emplace_back(&cell, "its command exited 1");
  }
  report_drift(project, disk, diagnostics);
  EXPECT_EQ(diagnostics.render(),
            "m.yaml:18:5: error: row 'alpha' and 2 more rows: its command exited 1 [M036]\n"
            "   18 |     alpha: Tests of alpha\n"
            "      |     ^~~~~\n");
}

TEST(Drift, AProgramThatIsNotBuiltYetIsAWarning) {
  Diagnostics diagnostics;
  auto matrix = parse_matrix("m.yaml", matrix_text(k_three), diagnostics);
  auto expansion = expand(*matrix, "default", {}, diagnostics);
  Artifact artifact;
  artifact.name = "debug";
  artifact.location = {"m.yaml", 1, 1};
  Project project{.places = {.matrix = "/repo/m.yaml", .root = "/repo", .state = "/state", .prefix = ""},
                  .matrix = std::move(*matrix),
                  .on_disk = {},
                  .expansion = std::move(*expansion),
                  .diagnostics = {}};
  const Plan plan = make_plan(project.matrix, project.expansion, project.places);
  SuiteOnDisk disk{.files = k_three, .listings = {}, .mute = {}};
  const std::vector<BoundCell> cells = bound_cells(plan);
  for (const BoundCell& cell : cells) {
    disk.unbuilt.emplace_back(&cell, ListingProgram{.path = "/repo/out/tests", .artifact = &artifact});
  }
  report_drift(project, disk, diagnostics);
  EXPECT_EQ(diagnostics.errors(), 0);
  EXPECT_THAT(diagnostics.render(),
              testing::StartsWith(
                  "m.yaml:1:1: warning: artifact 'debug': out/tests is not built yet, so that no test "
                  "of 3 rows could be listed with it; `run` builds it [M036]\n"));
}

TEST(Drift, EveryRandomChangeIsToldAndNothingElse) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::mt19937 random(seed);
    const auto pick = [&](std::size_t below) {
      return std::uniform_int_distribution<std::size_t>(0, below - 1)(random);
    };
    Rows rows;
    const std::size_t size = 4 + pick(8);
    for (std::size_t i = 0; i < size; ++i) {
      rows.push_back(fmt::format("{}-{}", std::string(1, static_cast<char>('a' + i)), pick(1000)));
    }
    Suite suite = suite_of(rows);
    std::multiset<std::string> expected;
    std::string trail = fmt::format("seed {}:", seed);
    const std::string rows_line = "17";
    // The first row stays as it is: where it is left, every axis value is still offered.
    std::set<std::string> untouched(rows.begin() + 1, rows.end());
    for (std::size_t changes = pick(4); changes > 0 && !untouched.empty(); --changes) {
      const std::string row =
          *std::next(untouched.begin(), static_cast<std::ptrdiff_t>(pick(untouched.size())));
      untouched.erase(row);
      Suite::File& file = suite.files[row];
      const std::size_t kind = pick(7);
      trail += fmt::format(" {}:{}", row, kind);
      switch (kind) {
      case 0: // rename
        suite.files[row + "-renamed"] = file;
        suite.files.erase(row);
        expected.insert({"M013 " + row, "M030 " + rows_line});
        break;
      case 1: // delete
        suite.files.erase(row);
        expected.insert("M013 " + row);
        break;
      case 2: // add
        suite.files[row + "-new"] = file;
        expected.insert("M030 " + rows_line);
        break;
      case 3: // retitle the block
        file.block = "Something else";
        expected.insert("M031 " + row);
        break;
      case 4: // retitle a scope that a cell has, and one that only the full profile has
        file.scopes[pick(2) * 2].encoding = "x" + row;
        expected.insert({"M033 " + row, "M034 5"});
        break;
      case 5:
        file.scopes[1 + pick(2) * 2].runtime = "x" + row;
        expected.insert("M034 4");
        break;
      default:
        file.outside = true;
        expected.insert("M035 " + row);
        break;
      }
    }
    const Said said = check(rows, suite, matrix_text(rows));
    ASSERT_EQ(said.codes, expected) << trail << "\n" << said.text;
  }
}

} // namespace
} // namespace ctest_matrix
