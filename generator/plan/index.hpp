// The plan as a file that a launcher reads its cell from: a cell is one of the rows in one of the variants of
// the columns, and is made anew from the two.
//
// Format: lines of UTF-8. First `ctest-matrix-index`; what all cells share (JSON); each row as `row\t<JSON>`,
// in the order of the matrix; and at the end `ctest-matrix-index` again. The file is named after its content,
// so that a load never changes what another one uses.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace ctest_matrix {

std::string write_plan(const Plan& plan);

/// What all cells share, the rows and this one cell; when `cell` is empty, only what all share. Error
/// (input): not an index, one of another version of the program, or no such cell.
Result<Plan> read_plan(std::string_view text, std::string_view cell);

/// The same from a file. Errors (input): as above, and no such file; (setup): it was made in another place.
Result<Plan> load_plan_of(const std::filesystem::path& index, std::string_view cell);

/// The names of all rows. Errors (input): as above.
Result<std::vector<std::string>> row_names_of(const std::filesystem::path& index);

/// Whether `has` holds for an index of another matrix of the build directory, or may hold: one whose tests
/// were never loaded has none yet, and says itself what it does not have.
bool is_beside(const Places& places, const std::function<bool(const std::filesystem::path& index)>& has);

/// Puts the index of a plan into its state directory and removes indexes that nobody used for two days.
Result<std::filesystem::path> store_plan(const Plan& plan);

} // namespace ctest_matrix
