#include "base/diagnostics.hpp"

#include <gtest/gtest.h>

namespace ctest_matrix {
namespace {

TEST(Diagnostics, QuotesTheLineWithACaret) {
  Diagnostics diagnostics;
  diagnostics.add_source("m.yaml", "axes:\n    runtime: wsam\n");
  diagnostics.error("M001", {"m.yaml", 2, 14, 4}, "unknown runtime 'wsam'");
  EXPECT_EQ(diagnostics.render(), "m.yaml:2:14: error: unknown runtime 'wsam' [M001]\n"
                                  "    2 |     runtime: wsam\n"
                                  "      |              ^~~~\n");
}

TEST(Diagnostics, OrdersByPlaceAndKeepsNotesWithTheirMessage) {
  Diagnostics diagnostics;
  diagnostics.error("M002", {"m.yaml", 9, 1}, "second");
  diagnostics.note({"m.yaml", 1, 1}, "first defined here");
  diagnostics.warning("M003", {"m.yaml", 3, 1}, "first");
  EXPECT_EQ(diagnostics.render(), "m.yaml:3:1: warning: first [M003]\n"
                                  "m.yaml:9:1: error: second [M002]\n"
                                  "m.yaml:1:1: note: first defined here\n");
  EXPECT_TRUE(diagnostics.has_errors());
  EXPECT_EQ(diagnostics.errors(), 1);
  EXPECT_EQ(diagnostics.warnings(), 1);
}

TEST(Diagnostics, LeavesOutWhatIsNotKnown) {
  Diagnostics diagnostics;
  diagnostics.error("M004", {"m.yaml", 0, 0}, "whole file");
  EXPECT_EQ(diagnostics.render(), "m.yaml: error: whole file [M004]\n");
}

TEST(Suggestion, NamesTheOnlyOneThatBeginsSo) {
  EXPECT_EQ(nearest("vitest", {"vitest-json", "libtest"}), "vitest-json");
  EXPECT_EQ(nearest("vitest", {"vitest-json", "vitest-junit"}), "");
  EXPECT_EQ(nearest("tests", {"test", "tests-all"}), "test");
  EXPECT_EQ(nearest("x", {"xml"}), "");
}

TEST(Suggestion, NamesTheNearestAndAllValidValues) {
  EXPECT_EQ(suggestion("wsam", {"native", "wasm"}), ", did you mean 'wasm'? expected one of: native, wasm");
  EXPECT_EQ(suggestion("quite-different", {"native", "wasm"}), "; expected one of: native, wasm");
  EXPECT_EQ(suggestion("x", {"static"}), "; expected static");
}

} // namespace
} // namespace ctest_matrix
