// A cell: one row in one variant of a column, which is one CTest test. Pure.
#pragma once

#include "matrix/matrix.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ctest_matrix {

/// Which cell it is, and what the matrix says of it. A cell that exists is legal. What it runs in a checkout
/// is bound to it by `bind` (plan/plan.hpp).
struct Cell {
  std::string name;                       ///< without the prefix
  std::shared_ptr<const Row> row;         ///< shared by the cells of the row
  std::shared_ptr<const Variant> variant; ///< shared by the cells of all rows
  int timeout = 0;                        ///< seconds
  std::string skip_reason{};              ///< declared skip; empty: none
  bool may_skip = false;                  ///< its tests may run as well
};

/// The name of the cell of a row, without the prefix.
std::string cell_name(const Row& row, const Variant& variant);

/// Calls `visit(row, variant)` for every cell that there is, in the order of the matrix.
template <typename Rows, typename Visit>
void for_each_cell(const Rows& rows, const std::vector<Column>& columns, const Visit& visit) {
  for (const Row& row : rows) {
    for (const Column& column : columns) {
      for (const Variant& variant : column.variants) {
        if (row.has_cell(variant.axes)) {
          visit(row, variant);
        }
      }
    }
  }
}

/// Seconds, before the scales of a variant. An excluded row has the time-out of the last section.
int unscaled_timeout(const std::vector<Label>& sections, const Row& row);

/// The cells of these rows, in the order of the matrix.
std::vector<Cell> cells_of(const SharedList<Row>& rows, const std::vector<Column>& columns,
                           const std::vector<Label>& sections);

/// CTest's labels of a cell, but for those that tell of its box.
std::vector<std::string> labels_of(const Cell& cell);

} // namespace ctest_matrix
