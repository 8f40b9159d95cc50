// CTestTestfile.cmake, where ctest begins to read a build directory: in one that no CMake project made, it
// includes the load-time script of each matrix.
#pragma once

#include "base/result.hpp"

#include <filesystem>

namespace ctest_matrix {

/// Error (input): the build directory has a CTestTestfile.cmake that somebody else wrote.
Result<void> check_entry_file(const std::filesystem::path& build_dir);

/// Makes the file include this script too. Errors: as above, and those of writing.
Result<void> include_in_entry_file(const std::filesystem::path& build_dir,
                                   const std::filesystem::path& script);

} // namespace ctest_matrix
