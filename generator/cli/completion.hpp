// What may stand next on a command line, for the completion of shells.
#pragma once

#include "cli/verb.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// The names of a matrix that words of a command line can be.
struct MatrixWords {
  std::vector<std::string> rows;
  std::vector<std::string> cells;
  std::vector<std::string> profiles;
  std::vector<std::pair<std::string, std::vector<std::string>>> axes; ///< with their values
};

/// Reads the matrix of this path (empty: the usual one); nothing where there is none that can be read.
using MatrixReader = std::function<std::optional<MatrixWords>(const std::string& path)>;

/// The words that may follow `words` (without the program) instead of `begun`, which the last one begins
/// with. None where a file is expected, or anything.
std::vector<std::string> complete(const std::vector<Verb>& verbs, const std::vector<std::string>& words,
                                  const std::string& begun, const MatrixReader& matrix);

} // namespace ctest_matrix
