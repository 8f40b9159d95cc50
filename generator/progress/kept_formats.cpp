#include "progress/kept_formats.hpp"

#include "base/files.hpp"
#include "progress/journal_file.hpp"
#include "progress/store_state.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace ctest_matrix {

Result<void> check_kept_formats(const StorePaths& paths) {
  constexpr std::uint64_t k_looked_at = 64U << 10U; // bytes
  std::array<char, 64> begin{};
  std::error_code ignored;
  std::ifstream state;
  if (std::filesystem::is_regular_file(paths.state, ignored)) { // a pipe would hold it up
    state.open(paths.state, std::ios::binary);
  }
  state.read(begin.data(), begin.size());
  TRY(check_state_format(paths.state, {begin.data(), static_cast<std::size_t>(state.gcount())}));
  const auto newest = read_end_of_file(paths.journal, k_looked_at);
  return newest ? check_journal_format(paths.journal, *newest) : Result<void>();
}

} // namespace ctest_matrix
