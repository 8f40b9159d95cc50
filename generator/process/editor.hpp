// The editor of whoever sits at the terminal.
#pragma once

#include "base/result.hpp"

#include <filesystem>

namespace ctest_matrix {

/// Opens a file in `$VISUAL` or `$EDITOR` on this terminal and waits for its end. Error (usage): neither is
/// set; (setup) it cannot be started, or does not exit with 0.
Result<void> open_in_editor(const std::filesystem::path& file);

} // namespace ctest_matrix
