// The plan of the sample matrix, for tests that use the progress modules' samples, too.
#pragma once

#include "matrix/sample_matrix.hpp"

namespace ctest_matrix {

inline Plan demo_plan(const std::string& profile = "default") {
  return sample_plan(profile, std::string());
}

} // namespace ctest_matrix
