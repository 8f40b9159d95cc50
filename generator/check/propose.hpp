// The matrix that `init` proposes for a suite.
#pragma once

#include "check/suites.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

struct Proposal {
  std::string name;   ///< of the matrix
  std::string matrix; ///< the text of the file
  std::vector<std::string> columns;
  std::vector<std::string> left_out; ///< a sentence each
  std::vector<std::string>
      missing; ///< programs that the runner needs and that are not here, with what brings them
};

Proposal propose_matrix(const FoundSuite& suite, const std::filesystem::path& checkout);

} // namespace ctest_matrix
