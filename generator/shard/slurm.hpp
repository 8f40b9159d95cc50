// The script that runs a matrix on a cluster with Slurm.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace ctest_matrix {

/// A name of a matrix as jobs, artifacts and files of CIs and clusters may have it: letters, digits, - and _.
std::string job_name(const std::string& matrix);

/// Artifacts, then an array of shares, then their report. `program` is ctest-matrix as the nodes see it.
/// Error (usage): the matrix is in no git checkout, whose commit the nodes clone; a path that a script cannot
/// carry.
Result<std::string> slurm_script(const Plan& plan, std::size_t shares, const std::filesystem::path& program);

} // namespace ctest_matrix
