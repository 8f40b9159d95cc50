// The ctest below which this process runs as a test: what its command line asks for, and what it tells its
// tests in their environment.
#pragma once

#include "base/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// Whether a `ctest` with these arguments writes results for a dashboard (-T, -D, -M, -S): nobody but a
/// dashboard wants to see `ctest/output_markup.hpp`'s markup.
bool writes_dashboard_results(const std::vector<std::string>& arguments);

/// Whether the `ctest` that this process runs below does.
bool below_dashboard_ctest();

/// The variable by which a load tells the tests of a ctest which process that is.
inline constexpr const char* k_caller_variable = "CTEST_MATRIX_CTEST";

/// Its value where this process's parent is that ctest: number, start time and place of the process.
std::string caller_note();

/// Whether the ctest of such a note has ended: before this process could watch it. False where that cannot be
/// known: without a note, or in another name space.
bool has_ended(const char* note);

/// Ends with the process that calls this one, from now on (process/parent.hpp). `test`: a ctest calls it as a
/// test. Error (interrupted): that one has ended already.
Result<void> stay_with_caller(bool test);

/// The number of the instance that CTest's resource allocation gives to this process
/// (CTEST_RESOURCE_GROUP_0_<TYPE>=id:2,slots:1 in the environment); nothing where it gives none.
std::optional<int> allocated_instance(const std::string& resource_type);

} // namespace ctest_matrix
