// Texts that differ by a name alone are made the same.
#pragma once

#include <string>
#include <string_view>

namespace ctest_matrix {

/// The text with `placeholder` for a word wherever that stands by itself: `a` is no part of `at` or `a-b`.
std::string without_word(std::string text, std::string_view word, std::string_view placeholder);

} // namespace ctest_matrix
