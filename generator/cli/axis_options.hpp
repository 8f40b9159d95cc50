// `--encoding cbor`: the axes of a matrix as options, though only the matrix knows them.
#pragma once

#include "cli/verb.hpp"

#include <string>
#include <vector>

namespace ctest_matrix {

/// Moves `--AXIS VALUE` and `--AXIS=VALUE` to `settings` as `AXIS=VALUE`: every option that a verb which
/// takes a matrix does not know itself. Whether there is such an axis is for the matrix to say.
std::vector<std::string> take_axis_options(const std::vector<Verb>& verbs,
                                           const std::vector<std::string>& words,
                                           std::vector<std::string>& settings);

} // namespace ctest_matrix
