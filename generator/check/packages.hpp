// Packages of Go and of Rust with tests that no row runs: where each row names a package, a new one is in
// none.
#pragma once

#include "base/diagnostics.hpp"
#include "check/fix.hpp"
#include "plan/plan.hpp"
#include "plan/project.hpp"

#include <vector>

namespace ctest_matrix {

/// Reports them (M048); gives back the rows that would run them, where the matrix shows how it writes such
/// rows.
std::vector<Fix> check_packages(const Project& project, const Plan& plan, Diagnostics& diagnostics);

} // namespace ctest_matrix
