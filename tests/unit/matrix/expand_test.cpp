#include "base/text.hpp"
#include "matrix/expand.hpp"
#include "matrix/sample_matrix.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

std::vector<Cell> cells_of(const Matrix& matrix, const Expansion& expansion) {
  return cells_of(matrix.rows, expansion.columns, matrix.labels);
}

std::vector<std::string> names(const Matrix& matrix, const Expansion& expansion) {
  std::vector<std::string> all;
  for (const Cell& cell : cells_of(matrix, expansion)) {
    all.push_back(cell.name);
  }
  return all;
}

std::string failure(const std::string& text, const std::string& profile, const Assignment& overrides = {}) {
  Diagnostics diagnostics;
  EXPECT_FALSE(expand(sample_matrix(text), profile, overrides, diagnostics));
  return diagnostics.render();
}

TEST(Expand, DefaultProfileHasOneCellPerRowAndColumnInOrder) {
  const Matrix matrix = sample_matrix();
  const Expansion expansion = sample_expansion(matrix);
  EXPECT_THAT(names(matrix, expansion),
              ElementsAre("actor-a.native", "actor-a.wasm", "actor-b.native", "actor-b.wasm",
                          "actor-c.native", "actor-c.wasm", "actor-d.native", "actor-d.wasm"));
  EXPECT_EQ(expansion.fixed, (Assignment{{"encoding", "bare"}, {"registry", "static"}}));
}

TEST(Expand, LabelsTimeoutsNeedsAndSkips) {
  const Matrix matrix = sample_matrix();
  const Expansion expansion = sample_expansion(matrix);
  const std::vector<Cell> cells = cells_of(matrix, expansion);
  EXPECT_THAT(labels_of(cells[0]), ElementsAre("fast", "native", "bare"));
  EXPECT_EQ(cells[0].timeout, 120);
  EXPECT_THAT(cells[0].variant->artifacts, ElementsAre("napi"));
  EXPECT_THAT(cells[0].variant->services, ElementsAre("engine"));
  EXPECT_EQ(cells[1].timeout, 180);
  EXPECT_THAT(cells[1].variant->artifacts, ElementsAre());
  EXPECT_EQ(cells[2].timeout, 30);
  EXPECT_EQ(cells[2].skip_reason, "");
  EXPECT_EQ(cells[3].skip_reason, "not there");
  EXPECT_EQ(cells[5].timeout, 900);
  EXPECT_THAT(labels_of(cells[6]), ElementsAre("excluded"));
}

TEST(Expand, FullProfileNamesEveryVaryingAxis) {
  const Matrix matrix = sample_matrix();
  const Expansion expansion = sample_expansion(matrix, "full");
  const auto all = names(matrix, expansion);
  EXPECT_THAT(std::vector<std::string>(all.begin(), all.begin() + 6),
              ElementsAre("actor-a.native.local.bare", "actor-a.native.local.cbor",
                          "actor-a.native.remote.bare", "actor-a.native.remote.cbor",
                          "actor-a.wasm.remote.bare", "actor-a.wasm.remote.cbor"));
  EXPECT_EQ(all.size(), 24U);
  EXPECT_EQ(expansion.progress, "full.md");
  const std::vector<Cell> cells = cells_of(matrix, expansion);
  EXPECT_EQ(cells[1].variant->suffix, "native.local.cbor");
  EXPECT_THAT(labels_of(cells[1]), ElementsAre("fast", "native", "local", "cbor"));
}

TEST(Expand, AnOverrideKeepsTheNames) {
  Diagnostics diagnostics;
  const Matrix matrix = sample_matrix();
  const auto expansion = expand(matrix, "default", {{"encoding", "cbor"}}, diagnostics);
  ASSERT_TRUE(expansion);
  const std::vector<Cell> cells = cells_of(matrix, *expansion);
  EXPECT_EQ(cells[0].name, "actor-a.native");
  EXPECT_EQ(*value_of(cells[0].variant->axes, "encoding"), "cbor");
}

TEST(Expand, RefusesWhatDoesNotExist) {
  EXPECT_EQ(failure(k_sample, "ful"), "matrix.yaml: error: unknown profile 'ful', did you mean 'full'? "
                                      "expected one of: default, full [M020]\n");
  EXPECT_EQ(failure(k_sample, "default", {{"encoding", "bear"}, {"colour", "red"}}),
            "command line: error: unknown encoding 'bear'; expected one of: bare, cbor "
            "[M007]\n"
            "command line: error: unknown axis 'colour'; expected one of: runtime, sqlite, encoding, "
            "registry [M006]\n");
  EXPECT_EQ(failure(k_sample, "default", {{"sqlite", "local"}}),
            "matrix.yaml:13:3: error: column 'wasm' has no legal cell in the profile 'default' [M021]\n");
}

TEST(Expand, TheAxisOfTheColumnsCannotBeOverridden) {
  EXPECT_EQ(
      failure(k_sample, "default", {{"runtime", "wasm"}}),
      "command line: error: the axis 'runtime' tells the columns apart and cannot be set for all of them; "
      "select with `ctest -L wasm` [M027]\n");
}

TEST(Expand, ARowHasLabelsOfItsOwn) {
  const Matrix matrix = sample_matrix(replace_all(
      k_sample, "    actor-c: Actor C\n", "    actor-c: {suite: Actor C, labels: [network, flaky]}\n"));
  EXPECT_THAT(labels_of(cells_of(matrix, sample_expansion(matrix))[4]),
              ElementsAre("slow", "native", "bare", "network", "flaky"));
}

TEST(Expand, ALabelWithAnotherMeaningIsRefused) {
  const std::string row = "    actor-c: Actor C\n";
  EXPECT_EQ(
      failure(replace_all(k_sample, row, "    actor-c: {labels: todo}\n"), "default"),
      "matrix.yaml:46:23: error: the label 'todo' would be a label that has another meaning; expected a "
      "name that is none of: todo, done, excluded, preflight, shard, ctest-matrix-run, fast, slow [M014]\n");
  EXPECT_NE(failure(replace_all(k_sample, row, "    actor-c: {labels: fast}\n"), "default"), "");
  EXPECT_NE(failure(replace_all(replace_all(k_sample, "  slow: {timeout", "  done: {timeout"), "  slow:\n",
                                "  done:\n"),
                    "default"),
            "");
  EXPECT_NE(failure(replace_all(k_sample, "cbor]", "done]"), "default"), "");
  EXPECT_NE(
      failure(replace_all(replace_all(k_sample, "  wasm: {r", "  preflight: {r"), "wasm: ", "preflight: "),
              "default"),
      "");
}

TEST(Expand, ALabelMayBeAPartOfAnother) {
  const Matrix matrix = sample_matrix(replace_all(
      k_sample, "    actor-c: Actor C\n", "    actor-c: {suite: Actor C, labels: [slowest, x, exclude]}\n"));
  const auto labels = placed_labels(matrix, sample_expansion(matrix));
  std::vector<std::string> names;
  for (const auto& [name, place] : labels) {
    names.push_back(name);
  }
  EXPECT_THAT(names,
              ElementsAre("bare", "cbor", "exclude", "fast", "native", "slow", "slowest", "wasm", "x"));
}

TEST(Expand, TimeoutsAreBounded) {
  const auto scaled = [](const std::string& scale) {
    return replace_all(k_sample, "timeout_scale: {wasm: 1.5}", "timeout_scale: {wasm: " + scale + "}");
  };
  const std::string long_row = replace_all(scaled("100"), "timeout: 30}", "timeout: 604800}");
  EXPECT_EQ(
      failure(long_row, "default"),
      "matrix.yaml:14:23: error: timeout_scale: the time-out of 'actor-b' in the column 'wasm' would be "
      "60480000 seconds; expected at most 604800 [M011]\n");
  const Matrix matrix = sample_matrix(scaled("0.001"));
  EXPECT_EQ(cells_of(matrix, sample_expansion(matrix))[3].timeout, 1);
}

} // namespace
} // namespace ctest_matrix
