// The first failing test of a run, alone and on the other columns: runs `narrow`, and notes what it says.
#pragma once

#include "base/result.hpp"
#include "run/suite_run.hpp"

#include <span>

namespace ctest_matrix {

/// Tells on which columns the first failing test of a record fails.
Result<void> probe_failure(const Run& run, const Record& record, std::span<const Record> journal);

} // namespace ctest_matrix
