// `init --ci`: the workflow of a CI that runs a matrix on several machines.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <utility>

namespace ctest_matrix {

/// Which CI, and how many machines.
struct CiRequest {
  std::string kind{}; ///< github or gitlab; empty: none
  int shares = 4;
};

/// The file of a CI for the matrix `name` in `directory`, and where it goes: `.github/workflows/<name>.yml`
/// or
/// `.gitlab-ci.yml` in the checkout (a second one below `.gitlab/`, to be included). What it installs is told
/// by the files of the checkout. Error (usage): an unknown CI; an impossible number of shares.
Result<std::pair<std::filesystem::path, std::string>> ci_file(const CiRequest& request,
                                                              const std::string& name,
                                                              const std::filesystem::path& directory,
                                                              const std::filesystem::path& checkout);

} // namespace ctest_matrix
