// Artifacts that one machine has built, for others that would build the same: what the artifacts made, in one
// file, with what they were made from.
//
// Format of the file: a line of JSON (`{"version":1,"matrix":…,"artifacts":[…],"files":[…]}`), then the
// contents of the files, one behind the other.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"

#include <filesystem>
#include <string>

namespace ctest_matrix {

/// A name for all that the artifacts of the plan are built from: their inputs by content, and their commands;
/// 16 digits, the same on every machine.
std::string artifacts_key(const Plan& plan);

/// Builds the artifacts that cells of the plan, or what they need, need, and writes them into a file; says
/// what it wrote. Error (setup): a build failed; as `write_file`.
Result<std::string> pack_artifacts(const Plan& plan, const std::filesystem::path& file);

/// Puts what the file holds into the checkout, as built here; says what it did. Error (setup): it was made
/// from other inputs or by another command than are here. Error (input): it is no such file, or of another
/// matrix. Nothing is changed then.
Result<std::string> unpack_artifacts(const Plan& plan, const std::filesystem::path& file);

} // namespace ctest_matrix
