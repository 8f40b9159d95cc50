#include "artifact/ninja_file.hpp"
#include "base/files.hpp"

#include <gtest/gtest.h>

namespace ctest_matrix {
namespace {

TEST(NinjaFile, IsTheGoldenFile) {
  const NinjaEdge packages{.name = "packages", .after = {}, .basis = "1f"};
  const NinjaEdge napi{.name = "napi", .after = {"packages"}, .basis = "2f"};
  EXPECT_EQ(emit_ninja_file({packages, napi}, "artifacts"),
            *read_file(std::string(GOLDEN_DIRECTORY) + "/artifacts.ninja"));
}

} // namespace
} // namespace ctest_matrix
