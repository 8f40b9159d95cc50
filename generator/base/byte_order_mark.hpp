// What some editors begin a UTF-8 file with.
#pragma once

#include <string_view>

namespace ctest_matrix {

inline constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";

} // namespace ctest_matrix
