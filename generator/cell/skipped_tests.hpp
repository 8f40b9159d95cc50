// Why the tests of a cell were skipped, in words.
#pragma once

#include <string>
#include <vector>

namespace ctest_matrix {

/// A skipped test of the cell, and why as far as its runner tells.
struct SkippedTest {
  std::string title;
  std::string reason = {}; ///< empty: not told
};

/// The different reasons with the number of tests that each stands for, the first few in their order: `:
/// needs docker (2 tests), no network`. Empty where none is told.
std::string why_skipped(const std::vector<SkippedTest>& tests);

/// A line per test, `skipped: its title: its reason`, of the first few; nothing where no reason is told.
std::vector<std::string> skip_remarks(const std::vector<SkippedTest>& tests);

} // namespace ctest_matrix
