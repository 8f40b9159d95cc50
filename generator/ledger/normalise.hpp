// What of a failure's message is the same each time that it fails the same way. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

enum class Numbers {
  merged, ///< `<n>`
  kept,   ///< as they are: for what nothing but the message tells from another failure
};

/// A message on one line in which what differs from run to run has a placeholder instead. Of pytest's text
/// only the lines marked `E` are taken; stack frames, ANSI sequences and empty lines are left out, the other
/// lines are joined by ` | `. A longer one than `k_message_limit` is cut, and the fingerprint of all of it
/// stands behind.
///
/// | placeholder  | stands for |
/// | ------------ | ---------- |
/// | `<uuid>`     | 8-4-4-4-12 hexadecimal digits |
/// | `<time>`     | a date, a time of day with seconds, or both, as ISO 8601 or a log has them |
/// | `<duration>` | a number with its unit: 840ms, 31.2 s, 4m 05s, 2 minutes |
/// | `<address>`  | `0x` and at least six hexadecimal digits |
/// | `<port>`     | a number behind the host of a URL, `localhost:`, an IP address and `:`, or the word
/// `port` | | `<id>`       | at least seven hexadecimal digits, or eight letters and digits in turns, that
/// have both | | `<path>`     | the directory of an absolute path; the file's name stays | | `<n>`        |
/// any other number that stands by itself |
///
/// What says what failed stays: words, quoted strings, names with digits in them (`sqlite3`), the numbers
/// that a status, a code, a signal or `HTTP` is followed by, routes of a server, how many values a list has.
std::string normalise_message(std::string_view message, Numbers numbers = Numbers::merged);

/// A test's message as those that it was put together of, each normalised with its numbers: what stands
/// behind the stack of one is the next one, but for its causes.
std::vector<std::string> message_parts(std::string_view message);

/// Bytes of a normalised message, without the fingerprint.
inline constexpr std::size_t k_message_limit = 240;

/// The same for one line, whole: of a log, say.
std::string normalise_line(std::string_view line, Numbers numbers = Numbers::merged);

/// How many letters and digits of a normalised message are no placeholder: what it tells apart by.
std::size_t substance(std::string_view normalised);

} // namespace ctest_matrix
