// CTestTestfile.cmake, where ctest begins to read a build directory: in one that no CMake project made, it
// includes the load-time script of each matrix.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <functional>
#include <string_view>

namespace ctest_matrix {

/// Its name, in every build directory of which ctest knows.
inline constexpr std::string_view k_entry_file = "CTestTestfile.cmake";

/// Error (input): the build directory has a CTestTestfile.cmake that somebody else wrote.
Result<void> check_entry_file(const std::filesystem::path& build_dir);

/// Makes the file include this script too, in place of those that `is_replaced` says. Both paths are
/// absolute. Errors: as above, and those of writing.
Result<void> include_in_entry_file(const std::filesystem::path& build_dir,
                                   const std::filesystem::path& script,
                                   const std::function<bool(const std::filesystem::path&)>& is_replaced);

} // namespace ctest_matrix
