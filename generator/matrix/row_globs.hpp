// Rows by pattern: the test files on disk that a matrix does not list one by one.
#pragma once

#include "base/diagnostics.hpp"
#include "base/read_log.hpp"
#include "matrix/matrix.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

/// The names that rows of the test files below the runner's directory have, sorted: for each name, the file
/// that `runner.file` makes of it is there. Empty where the runner names no file. `log` notes where it
/// looked.
std::vector<std::string> rows_on_disk(const Matrix& matrix, const std::filesystem::path& root, ReadLog& log);

/// Puts a row in place of each pattern for every name in `on_disk` that matches it, and that no other row and
/// no earlier pattern has; to be called once. Reports M025 for a pattern that nothing matches.
void expand_row_globs(Matrix& matrix, const std::vector<std::string>& on_disk, Diagnostics& diagnostics);

} // namespace ctest_matrix
