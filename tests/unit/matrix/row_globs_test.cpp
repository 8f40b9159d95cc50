#include "base/text.hpp"
#include "matrix/row_globs.hpp"
#include "matrix/sample_matrix.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

const std::string k_rows = "    actor-c: Actor C\n";

std::string names_and_labels(const Matrix& matrix) {
  std::string all;
  for (const Row& row : matrix.rows) {
    all += row.name + "/" + row.label + " ";
  }
  return all;
}

TEST(RowGlobs, StandForTheFilesThatNobodyNames) {
  Matrix matrix = sample_matrix(
      replace_all(k_sample, k_rows,
                  "    'actor-*': {except: ['*-old', actor-x], timeout: 7}\n    last: Last\n    '*':\n"));
  Diagnostics diagnostics;
  expand_row_globs(matrix,
                   {"actor-a", "actor-d", "actor-e", "actor-f", "actor-old", "actor-x", "last", "other"},
                   diagnostics);
  EXPECT_EQ(diagnostics.render(), "");
  EXPECT_EQ(
      names_and_labels(matrix),
      "actor-a/fast actor-b/fast actor-e/slow actor-f/slow last/slow actor-old/slow actor-x/slow other/slow "
      "actor-d/ ");
  EXPECT_EQ(matrix.rows[2].timeout, 7);
  EXPECT_EQ(matrix.rows[2].suite, "actor-e");
  EXPECT_EQ(matrix.rows[2].location.line, 46);
  EXPECT_EQ(matrix.rows[7].timeout, std::nullopt);
}

TEST(RowGlobs, APatternThatMatchesNothingIsAnError) {
  Matrix matrix = sample_matrix(replace_all(k_sample, k_rows, "    'x-*':\n"));
  Diagnostics diagnostics;
  expand_row_globs(matrix, {"actor-a"}, diagnostics);
  EXPECT_EQ(diagnostics.render(),
            "matrix.yaml:46:5: error: rows: no test file matches the pattern 'x-*'; expected "
            "files like tests/x-*.test.ts [M025]\n");
}

TEST(RowGlobs, APatternWhoseFilesAreAllRowsAlreadyIsNone) {
  Matrix matrix = sample_matrix(replace_all(k_sample, k_rows, "    'actor-*':\n"));
  Diagnostics diagnostics;
  expand_row_globs(matrix, {"actor-a", "actor-b"}, diagnostics);
  EXPECT_EQ(diagnostics.render(), "");
  EXPECT_EQ(names_and_labels(matrix), "actor-a/fast actor-b/fast actor-d/ ");
}

} // namespace
} // namespace ctest_matrix
