// The manual page, of what the verbs say of themselves.
#pragma once

#include "cli/verb.hpp"

#include <string>
#include <vector>

namespace ctest_matrix {

/// The page ctest-matrix(1), in the macros of man(7).
std::string manual_page(const std::vector<Verb>& verbs, const std::string& version);

} // namespace ctest_matrix
