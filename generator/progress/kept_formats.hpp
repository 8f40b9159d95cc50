// Whether this program may read what is kept of a matrix, asked before anything runs.
#pragma once

#include "progress/store.hpp"

namespace ctest_matrix {

/// Error (input): the state or the newest records are of a later program, with what to do about it. Looks at
/// the beginning of the one and the end of the other, and costs as much however long they are.
Result<void> check_kept_formats(const StorePaths& paths);

} // namespace ctest_matrix
