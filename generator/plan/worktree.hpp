// What tells one checkout from another in names that they share: ports, logs, temporary files. Pure but for
// links in the path of the root.
#pragma once

#include "matrix/reserved_words.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// The value of one of `k_root_placeholders`; nothing for any other name. {worktree} is 8 hexadecimal digits,
/// the hash of the root; {worktree.number} three decimal ones, to be put together with others to ports:
/// `2{worktree.number}0` is one from 20000 to 29990. Two checkouts have the same number once in a thousand
/// times.
std::optional<std::string> root_value(const std::filesystem::path& root, std::string_view name);

/// A path of the matrix with {worktree} and {worktree.number} in it, relative to the root or not.
std::string with_worktree(const std::filesystem::path& root, std::string path);

} // namespace ctest_matrix
