// UTF-8, as far as several files of this room need it.
#pragma once

#include <cstddef>
#include <string_view>

namespace ctest_matrix {

/// The length in bytes of the well-formed UTF-8 sequence (Unicode 15, table 3-7) at the start of the text, 0
/// when there is none.
std::size_t utf8_length(std::string_view text);

} // namespace ctest_matrix
