// From the text of a matrix file to a checked Matrix, or to every diagnostic at once.
#pragma once

#include "base/diagnostics.hpp"
#include "base/read_log.hpp"
#include "matrix/include.hpp"
#include "matrix/matrix.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// Reads a matrix; `read` gives what it includes. `file` is the name for messages. Nothing is returned when
/// there was any error. The codes are listed in the README.
std::optional<Matrix> parse_matrix(const std::string& file, const std::string& text, Diagnostics& diagnostics,
                                   const ReadInclude& read = {});

/// Takes the optional rows whose file is not there out of the rows; `on_disk` are the rows that there are
/// files for. Reports M019 when none is left.
void drop_absent_rows(Matrix& matrix, const std::filesystem::path& root,
                      const std::vector<std::string>& on_disk, Diagnostics& diagnostics, ReadLog& log);

/// What of a matrix can be asked for by name from outside.
struct MatrixNames {
  std::vector<std::string> axes;
  std::vector<std::string> profiles; ///< with `default`, which each has
};

/// The names, whatever else is wrong with the matrix; none where it is no YAML.
MatrixNames matrix_names_in(const std::string& file, const std::string& text, const ReadInclude& read = {});

/// Reports M013 for each row whose test file, and for each directory that, is not below `root`; `on_disk` are
/// the rows that there are files for. `log` notes where it looked.
void check_files(const Matrix& matrix, const std::filesystem::path& root, Diagnostics& diagnostics,
                 const std::vector<std::string>& on_disk, ReadLog& log);

} // namespace ctest_matrix
