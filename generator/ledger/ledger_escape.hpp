// How a test's title stands on one line of the ledger. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// A title on one line, so that reading it gives the title again.
std::string escape_title(std::string_view title);

/// Reads what `escape_title` writes; otherwise nothing, and `bad` is where.
std::optional<std::string> unescape_title(std::string_view text, std::size_t& bad);

} // namespace ctest_matrix
