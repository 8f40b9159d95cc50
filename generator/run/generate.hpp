// Puts what CTest needs of a plan into a build directory.
#pragma once

#include "base/result.hpp"
#include "ctest/script.hpp"
#include "plan/plan.hpp"

#include <filesystem>
#include <string>

namespace ctest_matrix {

/// What a load evaluates, and the index that it names.
struct GeneratedScript {
  std::string text;
  std::filesystem::path index;
};

/// What a load asks for: writes the index, and returns the script. All of `context` but the index comes from
/// the caller.
Result<GeneratedScript> generate_script(const Plan& plan, EmitContext context);

/// Error (input): the state of this name is that of another matrix, which is still there.
Result<void> check_owner(const CommonPlan& common);

/// What `generate --build-dir` does on top: the load-time script, and `<build_dir>/CTestTestfile.cmake` that
/// includes it. `prefix` is that of the command line: that of the matrix is asked anew at each load. Error
/// (input): as `check_entry_file`.
Result<void> generate_build_dir(const Plan& plan, const std::filesystem::path& tool,
                                const std::filesystem::path& build_dir, const std::string& prefix);

} // namespace ctest_matrix
