// What `init` proposes to run a suite on: the versions of interpreters that the checkout names and this
// machine has, the configurations of a build.
#pragma once

#include "check/suites.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

/// An axis with the values that the checkout names and this machine has.
struct ProposedAxis {
  std::string name;
  std::vector<std::string> values;
  std::vector<std::string> left_out{}; ///< a sentence each
  std::vector<std::string> texts{};    ///< what each value stands for; empty: itself
  std::vector<std::string> missing{};  ///< what no cell can do without and is not here
};

/// Asks interpreters whether they have the runner.
ProposedAxis propose_axis(const FoundSuite& suite, const std::filesystem::path& checkout);

} // namespace ctest_matrix
