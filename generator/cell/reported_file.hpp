// The files that a runner's report names, on the disk.
#pragma once

#include "plan/plan.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace ctest_matrix {

/// The absolute path of a file that a report names, which may be relative to the directory of the runner or
/// to one above it (pytest: the directory of its configuration).
std::filesystem::path reported_file(const std::filesystem::path& directory, const std::string& file);

/// The absolute path of the file that a failure lies in. Go's have the import path of their package before
/// them, which begins with the name of the module in `directory`.
std::filesystem::path failing_file(const std::filesystem::path& directory, const std::string& file);

/// Whether a path of a report is the test file of the cell.
std::function<bool(const std::string&)> own_file_of(const CommonPlan& common, const BoundCell& cell);

} // namespace ctest_matrix
