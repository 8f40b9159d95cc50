// Files by pattern, as artifacts name their inputs and outputs.
#pragma once

#include "base/read_log.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// What the program keeps in a checkout without git. No `**` leads into it.
inline constexpr std::string_view k_checkout_directory = ".ctest-matrix";

/// The regular files below `root` that match a pattern and no exclusion (a pattern with a leading `!`), as
/// sorted paths relative to `root`. `*`, `?` and `[...]` stay within one path segment (POSIX fnmatch, a
/// leading dot needs no extra match), `**` stands for any number of directories, also behind a link that
/// leads to none of those that it lies in; it does not enter .git, node_modules and `k_checkout_directory`.
std::vector<std::string> glob(const std::filesystem::path& root, const std::vector<std::string>& patterns);

/// What `**` does with links to directories.
enum class Links {
  followed,
  left_alone, ///< for patterns of test files: what a link leads to is not a second one
};

/// The same; notes where it looked.
std::vector<std::string> glob(const std::filesystem::path& root, const std::vector<std::string>& patterns,
                              ReadLog& log, Links links = Links::followed);

/// Whether a relative path matches one pattern.
bool glob_match(std::string_view pattern, std::string_view path);

/// Whether patterns, with their exclusions, name a relative path: what `glob` would find if it were there.
bool covers(const std::vector<std::string>& patterns, std::string_view path);

} // namespace ctest_matrix
