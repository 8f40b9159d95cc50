// Labels that `ctest -L` cannot tell apart as they are: it takes a regular expression that may match
// anywhere.
#pragma once

#include "plan/project.hpp"

namespace ctest_matrix {

/// Warns (M014) of each label that is a part of another one, and says how to select it alone.
void check_label_parts(const Project& project, Diagnostics& diagnostics);

} // namespace ctest_matrix
