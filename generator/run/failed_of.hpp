// The cells that failed elsewhere, in a CI for example, to be run here.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "progress/journal.hpp"

#include <filesystem>
#include <vector>

namespace ctest_matrix {

/// The records of this matrix in a journal, or in all journals of a ZIP archive (`*.jsonl`), the oldest
/// first. Error (input): it cannot be read, or has none of this matrix, profile and configuration.
Result<std::vector<Record>> records_elsewhere(const Plan& plan, const std::filesystem::path& file);

} // namespace ctest_matrix
