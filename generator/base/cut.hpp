// Cutting a text after so many bytes, never inside a UTF-8 sequence.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// Where a text may be cut so that at most `at` bytes stand before it: `at`, or the begin of the UTF-8
/// sequence that this lies in.
std::size_t cut_before(std::string_view text, std::size_t at);

/// The first bytes, at most `limit`.
std::string_view first_bytes(std::string_view text, std::size_t limit);

/// The last bytes, at most `limit`.
std::string_view last_bytes(std::string_view text, std::size_t limit);

/// How many bytes at the begin of `text` go on with the sequence that the end of `before` has begun.
std::size_t rest_of_sequence(std::string_view before, std::string_view text);

/// The text with U+FFFD for each byte that belongs to no UTF-8 sequence.
std::string valid_utf8(std::string_view text);

} // namespace ctest_matrix
