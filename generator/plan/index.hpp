// The plan as a file that a launcher reads a single cell from, at a cost that does not depend on the number
// of cells.
//
// Format: lines of UTF-8. The suite (JSON); each cell as `<name>\t<JSON>`, in the order of the matrix; the
// document, as `document_to_lines` writes it; a table of the cells, `<fingerprint of the name> <offset>`, 16
// and 12 characters, sorted; and at the end `ctest-matrix-index <offset of the document> <offset of the
// table>`. The file is named after its content, so that a load never changes what another one uses.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace ctest_matrix {

std::string write_plan(const Plan& plan);

/// The suite and this one cell (none when `cell` is empty), without the document. Error (input): not an
/// index, one of another version of the program, or no such cell.
Result<Plan> read_cell(std::string_view text, std::string_view cell);

/// The same from a file, of which only the parts are read that are needed. Errors (input): as above, and no
/// such file.
Result<Plan> load_cell(const std::filesystem::path& index, std::string_view cell);

/// Error (input): not an index, or one of another version of the program.
Result<DocumentPlan> read_document(std::string_view text);

/// The same from a file. Errors (input): as above, and no such file.
Result<DocumentPlan> load_document(const std::filesystem::path& index);

/// Puts the index of a plan into its state directory and removes indexes that nobody used for two days.
Result<std::filesystem::path> store_plan(const Plan& plan);

} // namespace ctest_matrix
