// `init`: a matrix for a suite that is there already, made of templates and what the checkout shows.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// Files to be written, and what was found out for them, a line each.
struct Scaffold {
  std::vector<std::pair<std::filesystem::path, std::string>> files;
  std::vector<std::string> found;
};

/// The files of a template for `directory`, which need not be there yet. Error (usage): no such template.
/// Error (input): the checkout holds no test file of its kind.
Result<Scaffold> make_scaffold(const std::string& name, const std::filesystem::path& directory);

/// Writes the files that are not there yet. Error (input): one of them is there with other content; then
/// nothing is written.
Result<void> write_scaffold(const Scaffold& scaffold);

} // namespace ctest_matrix
