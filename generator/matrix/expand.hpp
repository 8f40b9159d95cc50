// From a matrix and a profile to what its cells are: pure, complete, in the order of the matrix.
#pragma once

#include "base/diagnostics.hpp"
#include "matrix/cell.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// The "file" of diagnostics about overrides.
inline constexpr const char* k_command_line = "command line";

/// What a profile makes of a matrix: the rows have a cell in each variant of its columns (`cells_of`).
struct Expansion {
  std::string profile;
  std::vector<Column> columns;         ///< with their variants
  Assignment overrides;                ///< what the command line says over the profile
  Assignment fixed;                    ///< axes with one value in every cell
  std::vector<std::string> label_axes; ///< axes whose values are labels
  std::string progress;                ///< relative to the root
};

/// Where a label of cells comes from, and where it stands.
enum class LabelKind { section, column, value, of_rows };

struct PlacedLabel {
  LabelKind kind = LabelKind::section;
  SourceLocation location;
};

/// The labels that cells can have, but for those that we make ourselves; of several with one name, one that
/// is no section.
std::map<std::string, PlacedLabel> placed_labels(const Matrix& matrix, const Expansion& expansion);

/// The first axis that has another value in each of the columns, or null.
const Axis* column_axis(const Matrix& matrix, const std::vector<Column>& columns);

/// Expands `profile`, with `overrides` (axis=value) on top of it. Nothing when there was an error: M020
/// unknown profile, M006, M007 and M027 in overrides, M021 a column or a row without a legal cell, M028
/// values that contradict each other, M014 a label that has another meaning, M011 a time-out that is too
/// long.
std::optional<Expansion> expand(const Matrix& matrix, const std::string& profile, const Assignment& overrides,
                                Diagnostics& diagnostics);

} // namespace ctest_matrix
