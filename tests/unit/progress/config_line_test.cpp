#include "progress/config_line.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ConfigLine, IsComparedWithoutItsRuntimes) {
  EXPECT_TRUE(same_config("registry (static), encoding (bare), runtimes (native, wasm)",
                          "encoding (bare) ,registry  (static)"));
  EXPECT_TRUE(same_config("encoding (bare), runtime (native only)", "encoding (bare), runtimes (wasm)"));
  EXPECT_FALSE(same_config("encoding (bare)", "encoding (cbor)"));
  EXPECT_FALSE(same_config("encoding (bare)", "encoding (bare), registry (static)"));
  EXPECT_FALSE(same_config("encoding (bare)", ""));
}

TEST(ConfigLine, IsComparedWithoutItsColumnsWhateverTheirAxis) {
  EXPECT_TRUE(same_config("configs (debug, release)", "configs (debug, asan)"));
  EXPECT_TRUE(same_config("tz (utc), configs (debug)", "tz (utc), configs (debug, asan)"));
  EXPECT_TRUE(same_config("tz (utc), columns (a, b)", "tz (utc), columns (a)"));
  // A single column is named by its axis, too.
  EXPECT_TRUE(same_config("python (python3), pythons (python3)", "pythons (python3, dev)"));
  EXPECT_TRUE(same_config("pythons (python3, dev)", "python (python3), pythons (python3)"));
  EXPECT_FALSE(same_config("python (python2), pythons (python3)", "pythons (python3, dev)"));
  EXPECT_FALSE(same_config("config (release), columns (main)", "config (debug), columns (main)"));
  EXPECT_FALSE(same_config("tz (utc), configs (debug)", "tz (cet), configs (debug)"));
  EXPECT_FALSE(same_config("pythons (python3)", "configs (debug)"));
  EXPECT_FALSE(same_config("tz (utc), settings (x)", "tz (utc), configs (debug)"));
}

TEST(ConfigLine, NamesTheRuntimes) {
  EXPECT_THAT(config_runtimes("encoding (bare), runtimes (native,  wasm )"), ElementsAre("native", "wasm"));
  EXPECT_THAT(config_runtimes("encoding (bare), runtimes (native"), IsEmpty());
  EXPECT_THAT(config_runtimes("encoding (bare)"), IsEmpty());
  EXPECT_THAT(config_runtimes(")(,,runtimes"), IsEmpty());
}

} // namespace
} // namespace ctest_matrix
