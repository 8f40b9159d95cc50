// Small functions on strings that several rooms need.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The lines of a text without their `\n` or `\r\n`; a final newline does not begin another line.
std::vector<std::string> split_lines(std::string_view text);

std::vector<std::string> split(std::string_view text, char separator);

/// The parts of a list between commas and semicolons, without empty ones.
std::vector<std::string> list_parts(std::string_view list);

std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// Sorts them, and leaves one of those that are equal.
void sort_unique(std::vector<std::string>& texts);

std::string_view trim(std::string_view text);

std::string replace_all(std::string text, std::string_view from, std::string_view to);

/// The text with every character that ECMAScript regular expressions treat as syntax escaped by a backslash.
std::string escape_regex(std::string_view text);

/// The text as one word of a POSIX shell: unchanged where it is plain, in single quotes otherwise.
std::string shell_quote(std::string_view text);

/// A command as one line to paste into a POSIX shell.
std::string shell_line(const std::vector<std::string>& argv);

/// The text without ANSI escape sequences (CSI, OSC and two-character ones).
std::string strip_ansi(std::string_view text);

/// Whether readers drop this character (a code point), and writers therefore do not let it hide anything:
/// control characters but tab and newline.
bool is_dropped(char32_t character);

/// The text as valid UTF-8 without control characters but tab and newline; each bad byte becomes U+FFFD.
std::string printable(std::string_view text);

/// What keeps a text from being one line of a file, as `U+000A`: its first control character (C1 ones and the
/// separators of lines and paragraphs, too), or `a byte that is no UTF-8`; empty where it is one line.
std::string line_breaker(std::string_view text);

/// The first `limit` bytes, cut before a UTF-8 sequence rather than inside it, with `…` where something was
/// cut.
std::string ellipsis(std::string_view text, std::size_t limit);

/// What a text says at its end, for people: its last `count` lines that are not blank, without ANSI
/// sequences and control characters.
std::vector<std::string> last_lines(std::string_view text, std::size_t count);

/// A number and what it counts: `1 file`, `2 files`, `3 processes`, `4 entries`.
std::string plural(std::size_t count, std::string_view noun);

/// 64-bit FNV-1a as 16 hexadecimal digits: names a content, does not protect it.
std::string fingerprint(std::string_view text);

} // namespace ctest_matrix
