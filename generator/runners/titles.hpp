// The titles of a test, from its outermost suite to its own, and how they stand in one text: `Suite > test`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// What stands between the titles of a test in our words for it, and in vitest's.
inline constexpr std::string_view k_between_titles = " > ";

std::string join_titles(const std::vector<std::string>& titles);

/// The titles in a text. A title that holds the separator itself counts as several.
std::vector<std::string> split_titles(std::string_view text, std::string_view separator = k_between_titles);

} // namespace ctest_matrix
