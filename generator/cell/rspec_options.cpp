#include "cell/rspec_options.hpp"

#include "base/files.hpp"
#include "runners/dialects.hpp"

#include <algorithm>
#include <cstdlib>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t k_limit = 1U << 20U; // bytes

fs::path directory_in(const char* variable) {
  const char* const value = std::getenv(variable);
  return value == nullptr ? fs::path() : fs::path(value);
}

} // namespace

bool is_rspec(const std::vector<std::string>& argv, std::string_view writer) {
  return writer == k_rspec || std::ranges::any_of(argv, [](const std::string& word) {
           return word.substr(word.rfind('/') + 1) == "rspec";
         });
}

std::string rspec_options(const fs::path& directory) {
  const fs::path home = directory_in("HOME");
  const fs::path xdg = directory_in("XDG_CONFIG_HOME");
  std::string options;
  for (const fs::path& file : {(xdg.empty() ? home / ".config" : xdg) / "rspec" / "options", home / ".rspec",
                               directory / ".rspec", directory / ".rspec-local"}) {
    if (const auto text = read_regular_file(file, k_limit)) {
      options += *text + "\n";
    }
  }
  return options;
}

} // namespace ctest_matrix
