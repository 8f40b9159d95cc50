// From the text of a matrix file to a checked Matrix, or to every diagnostic at once.
#pragma once

#include "base/diagnostics.hpp"
#include "matrix/matrix.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace ctest_matrix {

/// Reads a matrix. `file` is the name for messages. Nothing is returned when there was any error. The codes
/// are listed in the README.
std::optional<Matrix> parse_matrix(const std::string& file, const std::string& text,
                                   Diagnostics& diagnostics);

/// Reports M013 for each row whose test file, and for each directory that, is not below `root`.
void check_files(const Matrix& matrix, const std::filesystem::path& root, Diagnostics& diagnostics);

} // namespace ctest_matrix
