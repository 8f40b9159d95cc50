#include "plan/share_name.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::Eq;
using ::testing::Optional;

TEST(ShareName, IsReadAsItIsWritten) {
  for (const ShareName& name : {ShareName{{2, 5}, ""}, ShareName{{1, 10'000}, "runtime"}}) {
    EXPECT_THAT(parse_share_name(share_name(name.position, name.by)), Optional(name));
  }
}

TEST(ShareName, OfNoShare) {
  for (const char* text :
       {"", "2", "0/3", "4/3", "1/0", "-1/3", "1/3x", "x1/3", "1/10001", "1 /3", "1/3by runtime"}) {
    EXPECT_THAT(parse_share_name(text), Eq(std::nullopt)) << text;
  }
}

} // namespace
} // namespace ctest_matrix
