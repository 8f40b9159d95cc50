// Rows of a progress file under other names.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

using RowNames = std::vector<std::pair<std::string, std::string>>; ///< old and new

/// Gives rows of a progress file other names; the boxes stay with them, and so does what `home`, the
/// directory of the states, knows of them. Errors (input): the file changes all the time; (setup): somebody
/// holds its lock.
Result<void> rename_rows(const std::filesystem::path& progress, const std::filesystem::path& home,
                         const RowNames& names);

} // namespace ctest_matrix
