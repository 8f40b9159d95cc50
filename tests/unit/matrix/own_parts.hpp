// For a test that changes what the row or the variant of a cell says: the cell gets one of its own.
#pragma once

#include "matrix/cell.hpp"

#include <memory>

namespace ctest_matrix {

template <typename Part>
Part& own_part(std::shared_ptr<const Part>& part) {
  const auto own = part ? std::make_shared<Part>(*part) : std::make_shared<Part>();
  part = own;
  return *own;
}

inline Row& own_row(Cell& cell) {
  return own_part(cell.row);
}

inline Variant& own_variant(Cell& cell) {
  return own_part(cell.variant);
}

} // namespace ctest_matrix
