// The resource specification file that tells CTest (--resource-spec-file) of the instances of each pool.
// Pure but for `write_resource_spec`.
//
// Format: ctest(1), "Resource Specification File".
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// The file, one for all matrices of a build directory.
std::filesystem::path resource_spec_path(const CommonPlan& common);

/// `existing` (the file as it is, or empty) with the pools of this suite; what other matrices have in it
/// stays.
std::string merge_resource_spec(std::string_view existing, const CommonPlan& common);

/// Writes the file where it differs; a suite without a pool needs none.
Result<void> write_resource_spec(const CommonPlan& common);

} // namespace ctest_matrix
