#include "matrix/row.hpp"
#include "matrix/sample_matrix.hpp"

#include <gtest/gtest.h>

namespace ctest_matrix {
namespace {

TEST(Row, KnowsWhereItsKeysAre) {
  const Matrix matrix = sample_matrix();
  EXPECT_EQ(matrix.rows[1].place_of("timeout"), (SourceLocation{"matrix.yaml", 44, 65, 2}));
  EXPECT_EQ(matrix.rows[1].place_of("suite"), (SourceLocation{"matrix.yaml", 44, 22, 7}));
  EXPECT_EQ(matrix.rows[1].place_of("labels"), SourceLocation());
  EXPECT_EQ(matrix.rows[0].place_of("suite"), (SourceLocation{"matrix.yaml", 43, 14, 11})) << "a text alone";
}

} // namespace
} // namespace ctest_matrix
