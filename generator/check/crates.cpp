#include "check/crates.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// The name in the section [package]; empty: the manifest is of a workspace alone, or `is_below` one and a
/// workspace of its own.
std::string crate_name(const fs::path& manifest, bool is_below) {
  const auto text = read_regular_file(manifest, 1 << 20);
  if (!text || (is_below && text->find("[workspace]") != std::string::npos)) {
    return "";
  }
  bool in_package = false;
  for (const std::string& line : split_lines(*text)) {
    const std::string_view words = trim(line);
    in_package = words.starts_with('[') ? words == "[package]" : in_package;
    const std::size_t equals = words.find('=');
    if (in_package && equals != std::string_view::npos && trim(words.substr(0, equals)) == "name") {
      const std::vector<std::string> parts = split(words.substr(equals + 1), '"');
      return parts.size() >= 3 ? parts[1] : "";
    }
  }
  return "";
}

} // namespace

bool has_rust_tests(const fs::path& source) {
  const auto text = read_regular_file(source, 4 << 20);
  return text && (text->find("#[test") != std::string::npos || text->find("::test]") != std::string::npos ||
                  text->find("::test(") != std::string::npos);
}

Crates find_crates(const fs::path& directory, const std::vector<std::string>& manifests,
                   const std::vector<std::string>& sources) {
  std::map<std::string, std::string> found; // the directory of each, with a slash at its end, by name
  for (const std::string& manifest : manifests) {
    const std::string below = manifest.substr(0, manifest.rfind('/') + 1);
    if (std::string name = crate_name(directory / manifest, !below.empty()); !name.empty()) {
      found.emplace(std::move(name), below);
    }
  }
  Crates crates;
  crates.is_single = found.size() == 1 && found.begin()->second.empty();
  for (const auto& [name, below] : found) {
    const bool is_tested = std::ranges::any_of(sources, [&, in = below](const std::string& source) {
      return source.starts_with(in) && has_rust_tests(directory / source);
    });
    (is_tested ? crates.tested : crates.untested).push_back(name);
  }
  return crates;
}

} // namespace ctest_matrix
