// The packages of Rust below a directory, by what their manifests and sources say. Runs nothing.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

struct Crates {
  std::vector<std::string> tested;   ///< the names of those with tests, sorted
  std::vector<std::string> untested; ///< the names of the others, sorted
  bool is_single = false;            ///< there is one, and it is the directory itself
};

/// `manifests` and `sources` are the files Cargo.toml and *.rs, relative to the directory. A package below it
/// that is a workspace of its own (as `cargo fuzz` makes it) is left out.
Crates find_crates(const std::filesystem::path& directory, const std::vector<std::string>& manifests,
                   const std::vector<std::string>& sources);

/// Whether a source of Rust has tests: `#[test]`, `#[tokio::test]`, `#[test_case(1)]`.
bool has_rust_tests(const std::filesystem::path& source);

} // namespace ctest_matrix
