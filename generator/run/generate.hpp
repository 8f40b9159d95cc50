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

/// Error (input): as `check_entry_file`; the build directory holds another matrix of this name, which is
/// still there; a path that what we write cannot carry.
Result<void> check_build_dir(const CommonPlan& common, const std::filesystem::path& program,
                             const std::filesystem::path& build_dir);

/// What `generate --build-dir` does on top: the load-time script, and `<build_dir>/CTestTestfile.cmake` that
/// includes it, in place of one of the same matrix with another name. What it names lies relative to itself,
/// so that a checkout that is copied with its build directory runs itself. `prefix` is that of the command
/// line: that of the matrix is asked anew at each load. Error (input): as `check_entry_file`.
Result<void> generate_build_dir(const Plan& plan, const std::filesystem::path& tool,
                                const std::filesystem::path& build_dir, const std::string& prefix);

} // namespace ctest_matrix
