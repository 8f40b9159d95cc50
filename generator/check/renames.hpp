// Which rows got another name because their test files were renamed, as far as git knows.
#pragma once

#include "plan/project.hpp"

#include <map>
#include <string>
#include <vector>

namespace ctest_matrix {

/// The new name of each row whose file is gone and which git knows under another one, that no row has yet:
/// moved in the working tree or staged, or renamed by a commit, also several times; what is similar enough
/// git decides. `files` are the names that rows of all test files have, sorted.
std::map<std::string, std::string> find_renames(const Project& project,
                                                const std::vector<std::string>& files);

} // namespace ctest_matrix
