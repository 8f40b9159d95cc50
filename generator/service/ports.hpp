// TCP ports of 127.0.0.1 that nobody listens on.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <vector>

namespace ctest_matrix {

/// A port that was free a moment ago: the system hands it out again only after many others, but anybody may
/// take it before the caller does. Error (setup): none left.
Result<int> free_port();

/// Several ports, all different.
Result<std::vector<int>> free_ports(std::size_t count);

} // namespace ctest_matrix
