// `--encoding cbor`: the axes of a matrix as options, though only the matrix knows them.
#pragma once

#include "cli/verb.hpp"

#include <functional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// The axes of the matrix at this path (empty: of the usual one), as far as it can be read.
using AxesOf = std::function<std::vector<std::string>(const std::string& matrix)>;

/// Moves `--AXIS VALUE` and `--AXIS=VALUE` to `settings` as `AXIS=VALUE`: every option that a verb which
/// takes a matrix does not know itself, unless it is a slip of one and the matrix, which is read only for
/// that, has no such axis.
std::vector<std::string> take_axis_options(const std::vector<Verb>& verbs,
                                           const std::vector<std::string>& words, const AxesOf& axes_of,
                                           std::vector<std::string>& settings);

} // namespace ctest_matrix
