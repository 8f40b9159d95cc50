// A line for a shell, taken apart into its words: the reverse of `shell_line` (base/text.hpp).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The words of a line, with quotes and backslashes as a POSIX shell reads them; nothing is expanded. Nothing
/// where a quote has no end.
std::optional<std::vector<std::string>> shell_words(std::string_view line);

} // namespace ctest_matrix
