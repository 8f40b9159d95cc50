// The plan as a file that a launcher can read a single cell from without reading the matrix.
//
// Format: JSON lines. The first holds the suite, the second the document, each further one `<cell>\t<JSON>`,
// in the order of the matrix. The file is named after its content, so that a load never changes what another
// one uses.
#pragma once

#include "base/result.hpp"
#include "matrix/plan.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace ctest_matrix {

std::string write_plan(const Plan& plan);

/// Everything of an index. Error (input): not an index, or one of another version of the program.
Result<Plan> read_plan(std::string_view text);

/// The suite, the document and this one cell (none when `cell` is empty). Error (input): as above, or no such
/// cell.
Result<Plan> read_cell(std::string_view text, std::string_view cell);

/// Puts the index of a plan into its state directory and removes indexes that nobody used for two days.
Result<std::filesystem::path> store_plan(const Plan& plan);

} // namespace ctest_matrix
