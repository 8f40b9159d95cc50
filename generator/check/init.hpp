// `init`: a matrix for a suite that is there already, made of templates and what the checkout shows.
#pragma once

#include "base/result.hpp"
#include "check/ci_files.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// What `init` was asked for.
struct InitRequest {
  std::string kind{};                ///< a template or a test runner; empty: what the checkout shows
  std::filesystem::path directory{}; ///< where the matrix goes; it need not be there yet
  bool all = false;                  ///< a matrix for each suite, in its runner's directory
  bool cmake = false;                ///< a CMakeLists.txt and presets
  bool vscode = false;               ///< the settings and the schema that VS Code reads
  bool dashboard = false;            ///< a script that sends results to CDash
  CiRequest ci{};                    ///< the workflow of a CI
  bool agents = false;               ///< a skill, and a section of AGENTS.md
  bool gitignore = false;            ///< a line for the build directory
};

/// Files to be written, and what there is to say of them.
struct Scaffold {
  std::vector<std::pair<std::filesystem::path, std::string>> files;
  std::vector<std::pair<std::filesystem::path, std::string>> additions; ///< files that get a line more
  std::vector<std::filesystem::path> matrices; ///< those of `files` that are matrices
  bool tries = true;                           ///< whether a cell can be run as it is
  std::vector<std::string> missing;            ///< what a cell needs and is not here, a line each
  std::vector<std::string> said;               ///< what was found and what was left out, a line each
};

/// Whether `init` knows a template or a test runner of this name.
bool is_init_kind(const std::string& name);

/// Error (usage): no such template; several suites and no word which. Error (input): no test file was found.
Result<Scaffold> make_scaffold(const InitRequest& request);

/// Writes the files that are not there yet. Error (input): one of them is there with other content; then
/// nothing is written.
Result<void> write_scaffold(const Scaffold& scaffold);

} // namespace ctest_matrix
