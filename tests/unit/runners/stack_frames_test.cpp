#include "runners/stack_frames.hpp"

#include <gtest/gtest.h>

namespace ctest_matrix {
namespace {

TEST(FoldFrames, LeavesTheSuitesOwn) {
  EXPECT_EQ(fold_frames("AssertionError: expected 1 to be 2\n"
                        "    at /repo/tests/a.test.ts:4:20\n"
                        "    at file:///repo/node_modules/@vitest/runner/dist/index.js:135:14\n"
                        "    at runTest (file:///repo/node_modules/@vitest/runner/dist/index.js:781:17)\n"
                        "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)\n"
                        "    at helper (/repo/src/helper.ts:9:1)"),
            "AssertionError: expected 1 to be 2\n"
            "    at /repo/tests/a.test.ts:4:20\n"
            "    … 3 frames of libraries\n"
            "    at helper (/repo/src/helper.ts:9:1)");
}

TEST(FoldFrames, OfNodeWithoutAt) {
  EXPECT_EQ(fold_frames("stack: |-\n"
                        "  TestContext.<anonymous> (/repo/a.js:1:100)\n"
                        "  Test.run (node:internal/test_runner/test:796:25)\n"
                        "  async Promise.all (index 0)\n"
                        "  async Suite.run (node:internal/test_runner/test:1135:7)"),
            "stack: |-\n"
            "  TestContext.<anonymous> (/repo/a.js:1:100)\n"
            "  … 3 frames of libraries");
}

TEST(FoldFrames, OfPythonWithTheirSource) {
  EXPECT_EQ(fold_frames("Traceback (most recent call last):\n"
                        "  File \"/usr/lib/python3.11/unittest/case.py\", line 57, in testPartExecutor\n"
                        "    yield\n"
                        "  File \"/repo/tests/test_a.py\", line 3, in test_a\n"
                        "    self.fail()\n"
                        "  File \"/venv/lib/python3.11/site-packages/x.py\", line 1, in y\n"
                        "    raise ValueError(\n"
                        "      1)\n"
                        "ValueError: 1"),
            "Traceback (most recent call last):\n"
            "  … 1 frame of libraries\n"
            "  File \"/repo/tests/test_a.py\", line 3, in test_a\n"
            "    self.fail()\n"
            "  … 1 frame of libraries\n"
            "ValueError: 1");
}

TEST(FoldFrames, LeavesWhatOnlySpeaksOfLibraries) {
  const char* const message = "Error: look at node_modules/x\nat the end of node: nothing\n  (node:events)";
  EXPECT_EQ(fold_frames("Error: no frame in node_modules/x"), "Error: no frame in node_modules/x");
  EXPECT_EQ(fold_frames(""), "");
  EXPECT_NE(fold_frames(message).find("Error: look at node_modules/x"), std::string::npos);
}

} // namespace
} // namespace ctest_matrix
