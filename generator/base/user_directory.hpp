// Where a user keeps what is of living processes of this machine.
#pragma once

#include "base/result.hpp"

#include <filesystem>

namespace ctest_matrix {

/// A directory that nobody but this user can enter: below `$XDG_RUNTIME_DIR`, `~/.cache` or `/tmp`, the first
/// that is this user's own. Error (setup): none is; the message says why the last one is not.
Result<std::filesystem::path> user_directory();

} // namespace ctest_matrix
