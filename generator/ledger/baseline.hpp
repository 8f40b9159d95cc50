// The baseline: a text file, committed by people, of the failures that are known.
#pragma once

#include "base/diagnostics.hpp"
#include "plan/verdict.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// What fails in a cell: a test by its title, or the cell as a whole by its verdict.
struct CellFailure {
  std::string cell;
  std::string test;               ///< empty: the cell as a whole
  std::optional<Verdict> verdict; ///< of the cell as a whole

  bool operator==(const CellFailure&) const = default;

  bool operator<(const CellFailure& other) const;
};

/// `Suite > test`, or `(TIMEOUT)`: as a line of the baseline has it behind `<cell>: `.
std::string failure_text(const CellFailure& failure);

struct BaselineEntry {
  CellFailure failure;
  std::vector<std::string> remarks; ///< the lines above it: comments and blank lines, as they are
  int line = 0;

  bool operator==(const BaselineEntry&) const = default;
};

struct Baseline {
  std::vector<std::string> header; ///< the comment that the file begins with, up to its blank line
  std::vector<BaselineEntry> entries;
  std::vector<std::string> footer; ///< comments behind the last entry

  bool operator==(const Baseline&) const = default;
};

/// Reads the lines `<cell>: <test>` or `<cell>: (<verdict>)`, in any order, with comments (`#`) on lines of
/// their own. Every mistake is a diagnostic; nothing when one of them is an error.
std::optional<Baseline> parse_baseline(const std::string& file, std::string_view text,
                                       Diagnostics& diagnostics);

/// The whole file, its entries in order; comments stay above their entry.
std::string render_baseline(Baseline baseline);

} // namespace ctest_matrix
