// Scopes that a report cannot tell, for its writer joins titles.
#pragma once

#include "check/drift.hpp"

namespace ctest_matrix {

/// Reports M042 where the listing has a scope below another title, and the report of the cell's runner has
/// all titles in one text, of which only the first ones can be told.
void check_scope_depth(const Project& project, const SuiteOnDisk& suite, Diagnostics& diagnostics);

} // namespace ctest_matrix
