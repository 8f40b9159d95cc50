// Failures of a run that are the same one, so that it is told once. Pure.
#pragma once

#include "progress/journal.hpp"

#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

struct FailureGroup {
  const Record* first = nullptr;
  std::vector<std::string> others{}; ///< cells
};

/// What failed, and how, without the names of the row and the column: the same text for the same failure.
std::string failure_key(const Record& record);

/// The failures in their order, each with the cells that failed the same way. They point into `failed`.
std::vector<FailureGroup> group_failures(std::span<const Record> failed);

/// `the same in 2 more cells: a.wasm, b.native`, as a line; empty where there is no other.
std::string others_line(const FailureGroup& group);

} // namespace ctest_matrix
