// In which directories of a checkout which test runners are started: told by the marks that they leave
// (dependencies, scripts, configuration files, names of files). Runs nothing.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

struct RunnerRoot {
  std::string_view kind; ///< as `RunnerKind::name`
  std::filesystem::path directory;
  std::string mark;     ///< what tells the runner: `vitest in package.json`
  std::string script{}; ///< what the script says that does; empty: none does
};

/// The roots below a directory of a checkout.
std::vector<RunnerRoot> find_roots(const std::filesystem::path& directory,
                                   const std::filesystem::path& checkout);

/// Whether a directory looks like one that a runner is started in.
bool has_anchor(const std::filesystem::path& directory);

/// The files of these patterns, without what is built, brought along or a fixture.
std::vector<std::string> files_below(const std::filesystem::path& directory,
                                     std::vector<std::string> patterns);

/// The directory of a file whose name keeps it out of these, from the root on; empty: none does.
std::string kept_out_by(const std::string& file);

} // namespace ctest_matrix
