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

TEST(ConfigLine, NamesTheRuntimes) {
  EXPECT_THAT(config_runtimes("encoding (bare), runtimes (native,  wasm )"), ElementsAre("native", "wasm"));
  EXPECT_THAT(config_runtimes("encoding (bare), runtimes (native"), IsEmpty());
  EXPECT_THAT(config_runtimes("encoding (bare)"), IsEmpty());
  EXPECT_THAT(config_runtimes(")(,,runtimes"), IsEmpty());
}

} // namespace
} // namespace ctest_matrix
