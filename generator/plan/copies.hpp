// Cells that would run the same: an axis that reaches nothing looks like a matrix and is none. Pure.
#pragma once

#include "base/diagnostics.hpp"
#include "matrix/expand.hpp"
#include "plan/places.hpp"

namespace ctest_matrix {

/// Reports (M039) the axes by which cells of one row differ that have the same command, environment, scope,
/// filter, artifacts and services, and rows whose cells do.
void check_copies(const Matrix& matrix, const Expansion& expansion, const Places& places,
                  Diagnostics& diagnostics);

} // namespace ctest_matrix
