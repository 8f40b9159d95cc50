#include "plan/identity.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

CommonPlan common_of(const char* root, const char* place, const char* name, const char* prefix = "") {
  CommonPlan common;
  common.name = std::string(prefix) + name;
  common.places.root = root;
  common.places.matrix = std::filesystem::path(root) / place;
  common.places.prefix = prefix;
  return common;
}

TEST(Identity, IsTheSameOnEveryMachineAndBehindEveryPrefix) {
  const CommonPlan here = common_of("/home/me/checkout", "a/matrix.yaml", "suite");
  const CommonPlan there = common_of("/ci", "a/matrix.yaml", "suite", "nightly-");
  const Assignment axes{{"runtime", "native"}, {"encoding", "bare"}};
  const Assignment turned{{"encoding", "bare"}, {"runtime", "native"}};
  EXPECT_EQ(matrix_identity(here), matrix_identity(there));
  EXPECT_EQ(cell_identity(here, "conn", axes), cell_identity(there, "conn", turned));
}

TEST(Identity, DiffersWithMatrixPlaceRowAndAxes) {
  const CommonPlan common = common_of("/checkout", "a/matrix.yaml", "suite");
  const Assignment axes{{"runtime", "native"}};
  const std::string own = cell_identity(common, "conn", axes);
  EXPECT_NE(own, matrix_identity(common));
  EXPECT_NE(own, cell_identity(common_of("/checkout", "b/matrix.yaml", "suite"), "conn", axes));
  EXPECT_NE(own, cell_identity(common_of("/checkout", "a/matrix.yaml", "other"), "conn", axes));
  EXPECT_NE(own, cell_identity(common, "state", axes));
  EXPECT_NE(own, cell_identity(common, "conn", {{"runtime", "wasm"}}));
  EXPECT_NE(own, cell_identity(common, "conn", {}));
}

TEST(Identity, TellsTheMatrixOfACell) {
  const CommonPlan common = common_of("/checkout", "a/matrix.yaml", "suite");
  const CommonPlan other = common_of("/checkout", "b/matrix.yaml", "suite");
  EXPECT_TRUE(is_cell_of_matrix(common, cell_identity(common, "conn", {{"runtime", "wasm"}})));
  EXPECT_FALSE(is_cell_of_matrix(common, cell_identity(other, "conn", {{"runtime", "wasm"}})));
  EXPECT_FALSE(is_cell_of_matrix(common, ""));
}

} // namespace
} // namespace ctest_matrix
