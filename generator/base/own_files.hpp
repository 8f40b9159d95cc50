// Files that we write into a checkout where somebody asks for them, and know again by how they begin.
#pragma once

#include <filesystem>
#include <string_view>

namespace ctest_matrix {

/// At the beginning of a ledger of known failures.
inline constexpr std::string_view k_ledger_mark = "# Known failures, for `ctest-matrix known`";

/// Whether `report --html` wrote it.
bool is_own_page(const std::filesystem::path& file);

/// Whether it is a page (`*.html`) or a ledger (`*.txt`) of ours: no test reads it.
bool is_told_by_us(const std::filesystem::path& file);

} // namespace ctest_matrix
