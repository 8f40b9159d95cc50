// What every result file is checked for before its format is looked at, and how its texts become printable.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// Larger result files are refused instead of read, in bytes.
inline constexpr std::size_t k_max_result_bytes = std::size_t{256} * 1024 * 1024;

/// The text without a UTF-8 byte order mark. Error (input): empty, larger than `limit`, with a NUL byte, not
/// UTF-8; the message begins with `what` ("JUnit report") and names the byte or line.
Result<std::string_view> checked_text(std::string_view text, std::string_view what,
                                      std::size_t limit = k_max_result_bytes);

/// The same for what holds the output of tests, which need not be UTF-8: then as `printable` makes it.
Result<std::string> checked_output(std::string_view text, std::string_view what);

/// The place of a byte for messages, both counted from 1: `byte 120 (line 4)`.
std::string place_of_byte(std::string_view text, std::size_t offset);

/// A text of a report as people may see it: valid UTF-8 without ANSI sequences and control characters.
std::string clean_text(std::string_view text);

/// A bad result file: `what: message`.
Error bad_input(std::string_view what, std::string_view message);

} // namespace ctest_matrix
