// A GoogleTest program for runners.sh: a suite for each runtime and kind of result.
#include <gtest/gtest.h>

#include <cstdlib>

TEST(NativePasses, One) {}

TEST(NativePasses, Two) {}

TEST(WasmPasses, One) {}

TEST(NativeFails, Works) {
  EXPECT_EQ(1 + 1, 3);
}

TEST(NativeSkipped, One) {
  GTEST_SKIP() << "not here";
}

TEST(NativeSkipped, DISABLED_Two) {}

TEST(NativeDeclared, One) {
  GTEST_SKIP() << "not here";
}

TEST(NativeCrashes, One) {}

TEST(NativeCrashes, Two) {
  std::abort();
}
