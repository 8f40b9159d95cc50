// A plan with just the cells that the ledger is asked about.
#pragma once

#include "ledger/known.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// Cells by row and column; the column is the value of the axis `runtime`, `encoding` is `bare` everywhere.
inline Plan plan_with(const std::vector<std::pair<std::string, std::string>>& cells) {
  Plan plan;
  for (const auto& [row, column] : cells) {
    Cell cell;
    cell.name = row + '.' + column;
    Row of_cell;
    of_cell.name = row;
    cell.row = std::make_shared<const Row>(std::move(of_cell));
    cell.variant = std::make_shared<const Variant>(
        Variant{.suffix = column, .axes = {{"runtime", column}, {"encoding", "bare"}}, .column = column});
    plan.cells.push_back(std::move(cell));
  }
  return plan;
}

inline Ledger ledger_of(const std::string& text) {
  Diagnostics diagnostics;
  auto ledger = parse_ledger("known.txt", text, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << diagnostics.render();
  return ledger.value_or(Ledger());
}

} // namespace ctest_matrix
