// How ctest is called to run chosen cells.
#pragma once

#include "matrix/matrix.hpp"
#include "plan/handed_on.hpp"
#include "process/child.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

struct CtestCall {
  std::filesystem::path build_dir;
  std::string profile;
  Assignment overrides;            ///< over the profile's settings
  std::string include;             ///< a row that is excluded otherwise, or `all`; empty: none
  std::filesystem::path selection; ///< names the tests to run, a line each
  std::filesystem::path junit;     ///< where the results go
  HandedOn handed{};               ///< to the cells' runners
  int jobs = 1;
  bool stop_on_failure = false;
};

/// This process's environment without what would change what ctest prints or selects.
std::vector<std::string> environment_for_ctest();

/// The command and its environment; what becomes of its output is left open.
ChildSpec child_of(const CtestCall& call);

} // namespace ctest_matrix
