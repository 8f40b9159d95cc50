// Rows by pattern: the test files on disk that a matrix does not list one by one.
#pragma once

#include "base/diagnostics.hpp"
#include "base/read_log.hpp"
#include "matrix/matrix.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

/// The names that rows of the test files have, sorted, as far as the rows and patterns of the matrix reach:
/// in the directories of the rows, and where a pattern leads. Names that no row can have (`is_row_name`) are
/// among them. Empty where the runner names no file. `log` notes where it looked. Where `runner.file` has
/// several patterns, it learns which row's file is where; a row that would have two is reported (M012).
std::vector<std::string> rows_on_disk(Matrix& matrix, const std::filesystem::path& root, ReadLog& log,
                                      Diagnostics& diagnostics);

/// The same in every directory that `runner.file` can reach.
std::vector<std::string> all_rows_on_disk(const Matrix& matrix, const std::filesystem::path& root);

/// Whether a pattern that matches the name says in its `except` that it makes no row.
bool is_left_out(const Matrix& matrix, const std::string& name);

/// Puts a row in place of each pattern for every name in `on_disk`, sorted, that matches it, and that no
/// other row and no earlier pattern has; to be called once. Reports M025 for a pattern that nothing matches,
/// and M017 for a file whose name no row can have.
void expand_row_globs(Matrix& matrix, const std::vector<std::string>& on_disk, Diagnostics& diagnostics);

} // namespace ctest_matrix
