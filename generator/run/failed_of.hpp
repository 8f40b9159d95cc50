// The cells that failed elsewhere, in a CI for example, to be run here.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "progress/journal.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

struct Elsewhere {
  std::vector<Record> records{};      ///< of this matrix, the oldest first
  std::vector<std::string> failing{}; ///< cells that failed there, and that the matrix does not have here
  std::vector<std::string> remarks{}; ///< what people should know, a line each
};

/// What a journal, or all journals of a ZIP archive (`*.jsonl`), tell of this matrix in its profile. A cell
/// that began there and has no end, or whose end is damaged, failed. Error (input): it cannot be read, or has
/// nothing of this matrix, profile and configuration.
Result<Elsewhere> results_elsewhere(const Plan& plan, const std::filesystem::path& file);

} // namespace ctest_matrix
