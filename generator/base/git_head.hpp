// The commit that a git checkout is at, read from its files: a git process costs more than a whole cell.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ctest_matrix {

/// The full hash of HEAD of the checkout that holds `directory`; empty where there is no checkout. Nothing
/// where these files do not tell (another storage of references, a branch without a commit). Formats:
/// gitrepository-layout(5).
std::optional<std::string> git_head(const std::filesystem::path& directory);

} // namespace ctest_matrix
