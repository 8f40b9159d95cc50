// The files that a runner's report names, on the disk.
#pragma once

#include <filesystem>
#include <string>

namespace ctest_matrix {

/// The absolute path of a file that a report names, which may be relative to the directory of the runner or
/// to one above it (pytest: the directory of its configuration).
std::filesystem::path reported_file(const std::filesystem::path& directory, const std::string& file);

} // namespace ctest_matrix
