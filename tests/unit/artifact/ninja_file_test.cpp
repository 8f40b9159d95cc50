#include "artifact/ninja_file.hpp"
#include "base/files.hpp"

#include <gtest/gtest.h>

namespace ctest_matrix {
namespace {

NinjaEdge edge() {
  return {.name = "napi",
          .inputs = {"/r/src/a b.rs", "/r/src/c$d.rs"},
          .after = {"packages"},
          .directory = "/r/x y",
          .environment = {"MODE=fast run"},
          .command = {"make", "it's", "$HOME"}};
}

TEST(NinjaFile, IsTheGoldenFile) {
  const NinjaEdge packages{.name = "packages",
                           .inputs = {"/r/package.json"},
                           .after = {},
                           .directory = "/r",
                           .environment = {},
                           .command = {"npm", "ci"}};
  EXPECT_EQ(emit_ninja_file({packages, edge()}, "/b/artifacts"),
            *read_file(std::string(GOLDEN_DIRECTORY) + "/artifacts.ninja"));
}

TEST(NinjaFile, ARenamedInputChangesTheCommand) {
  NinjaEdge renamed = edge();
  renamed.inputs.back() = "/r/src/d.rs";
  NinjaEdge fewer = edge();
  fewer.inputs.pop_back();
  const auto command = [](const NinjaEdge& one) {
    const std::string text = emit_ninja_file({one}, "/b");
    return text.substr(text.find("command_line"));
  };
  EXPECT_NE(command(edge()), command(renamed));
  EXPECT_NE(command(edge()), command(fewer));
  EXPECT_EQ(command(edge()), command(edge()));
}

} // namespace
} // namespace ctest_matrix
