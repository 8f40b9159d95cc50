// Whether two things of a matrix would have the same name for CTest, which accepts that in silence: it runs
// one of them, or finds a cycle, runs nothing and exits 0.
#pragma once

#include "base/diagnostics.hpp"
#include "matrix/expand.hpp"

#include <string>

namespace ctest_matrix {

/// Reports names that meet (M038), and names that are too long for the files that are called after them
/// (M017).
void check_emitted_names(const Matrix& matrix, const Expansion& expansion, const std::string& prefix,
                         Diagnostics& diagnostics);

} // namespace ctest_matrix
