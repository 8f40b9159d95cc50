// Programs that a CMake project builds, as a matrix uses them: `matrix_discover_tests(… TARGETS suites)`
// makes {target.suites} the program in the configuration that CTest runs, and an artifact that builds it
// before.
#pragma once

#include "base/result.hpp"
#include "matrix/matrix.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// What CMake says of the targets of a matrix, in one configuration.
struct Targets {
  std::string cmake;                                                   ///< the program
  std::filesystem::path build;                                         ///< CMAKE_BINARY_DIR
  std::filesystem::path source;                                        ///< CMAKE_SOURCE_DIR
  std::string config;                                                  ///< empty: none
  std::vector<std::pair<std::string, std::filesystem::path>> programs; ///< by target
};

/// Reads what `matrix_discover_tests` wrote: a word and its value in each line; `target` stands before a name
/// and its program. Error (input): another line.
Result<Targets> parse_targets(std::string_view text);

/// Adds an artifact for each target, and puts the programs in place of {target.…} in the matrix. Errors
/// (input): a target that there is not, or an artifact of that name already.
Result<void> add_targets(Matrix& matrix, const Targets& targets, const std::filesystem::path& root);

} // namespace ctest_matrix
