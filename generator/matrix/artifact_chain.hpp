// What an artifact comes after, and what that comes after.
#pragma once

#include "matrix/matrix.hpp"

#include <string>
#include <vector>

namespace ctest_matrix {

/// The artifacts of these names and all that they come after: each once, and behind what it comes after. A
/// name that none of `artifacts` has is passed over.
std::vector<const Artifact*> artifact_chain(const std::vector<Artifact>& artifacts,
                                            const std::vector<std::string>& names);

} // namespace ctest_matrix
