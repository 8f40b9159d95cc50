// The columns compared test by test: failed here and passed there, skipped here and run there, absent here.
// Pure.
#pragma once

#include "report/standing.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

/// A test that does not do the same everywhere; the cells of its row by their labels (wasm).
struct TestGap {
  std::string test;
  std::vector<std::string> passed;
  std::vector<std::string> failed;
  std::vector<std::string> skipped;
  std::vector<std::string> absent;

  bool operator==(const TestGap&) const = default;
};

struct RowParity {
  std::string row;
  std::vector<std::string> compared; ///< labels
  std::vector<TestGap> gaps;         ///< in the order of the tests

  bool operator==(const RowParity&) const = default;
};

/// What each compared cell of a row did with one of its tests; nothing where the test is absent.
struct TestLine {
  std::string test;
  std::vector<std::optional<TestOutcome::Kind>> outcomes; ///< by the row's labels

  /// Not the same everywhere.
  bool differs() const;
};

/// All tests of a row.
struct RowTests {
  std::string row;
  std::vector<std::string> labels; ///< of the cells whose tests are known
  std::vector<TestLine> tests;     ///< in the order of the cells and their tests
};

/// A cell that was run, and why its tests cannot be compared.
struct Uncompared {
  std::string cell;
  std::string reason;

  bool operator==(const Uncompared&) const = default;
};

struct TestParity {
  int compared = 0;            ///< rows of which two cells could be compared
  std::vector<RowParity> rows; ///< those with gaps
  std::vector<Uncompared> uncompared;

  bool operator==(const TestParity&) const = default;
};

/// Compares the newest results of each row. A cell without a whole list of its tests is left out, and so is
/// one that the matrix declares as skipped.
TestParity compare_tests(std::span<const CellStanding> standings);

/// The tests of every row that has a cell with a whole list of them, side by side.
std::vector<RowTests> tabulate_tests(std::span<const CellStanding> standings);

} // namespace ctest_matrix
