#include "base/own_files.hpp"

#include <fstream>
#include <string>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_page_mark = R"(<meta name="generator" content="ctest-matrix">)"; // in its head

std::string begin_of(const std::filesystem::path& file) {
  constexpr std::size_t k_looked_at = 512; // bytes
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) { // a pipe would hold it up
    return "";
  }
  std::string begin(k_looked_at, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(begin.data(), k_looked_at);
  begin.resize(static_cast<std::size_t>(stream.gcount()));
  return begin;
}

} // namespace

bool is_own_page(const std::filesystem::path& file) {
  return begin_of(file).find(k_page_mark) != std::string::npos;
}

bool is_told_by_us(const std::filesystem::path& file) {
  const std::filesystem::path extension = file.extension();
  return (extension == ".html" && is_own_page(file)) ||
         (extension == ".txt" && begin_of(file).starts_with(k_ledger_mark));
}

} // namespace ctest_matrix
