// What the files of a git checkout tell, such as the commit that it is at: a git process costs more than a
// whole cell.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ctest_matrix {

/// The full hash of HEAD of the checkout that holds `directory`; empty where there is no checkout. Nothing
/// where these files do not tell (another storage of references, a branch without a commit). Formats:
/// gitrepository-layout(5).
std::optional<std::string> git_head(const std::filesystem::path& directory);

/// The directory in which git keeps what is of the checkout that holds `directory` alone: of a linked
/// worktree its own one, which its `.git`, a file, names. Empty where there is no checkout.
std::filesystem::path git_directory(const std::filesystem::path& directory);

} // namespace ctest_matrix
