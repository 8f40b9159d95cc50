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

/// Lets nothing run where SKIP_ALL is set.
struct Everything : testing::Environment {
  void SetUp() override {
    if (std::getenv("SKIP_ALL") != nullptr) {
      GTEST_SKIP() << "nothing today";
    }
  }
};

const testing::Environment* const k_everything = testing::AddGlobalTestEnvironment(new Everything);
