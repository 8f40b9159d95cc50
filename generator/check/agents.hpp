// What tells programs that work in a checkout how to run its suite: a skill, and a section of AGENTS.md.
#pragma once

#include "base/result.hpp"
#include "check/init.hpp"

#include <filesystem>
#include <string>

namespace ctest_matrix {

/// Adds both files for a matrix with this text in `directory`. An AGENTS.md that is there gets the section at
/// its end, once. Error (input): the matrix is bad.
Result<void> add_agent_files(const std::filesystem::path& directory, const std::string& matrix,
                             Scaffold& scaffold);

} // namespace ctest_matrix
