// Who answers for a service of ours though it is none of its processes.
#pragma once

#include "matrix/matrix.hpp"
#include "service/state.hpp"

#include <string>

namespace ctest_matrix {

/// Another process that listens where an instance is to listen: one whose port is taken may stay up, and one
/// whose server has ended, too, while somebody else answers. Empty: nobody does.
std::string foreign_listener(const Service& service, const ServiceState& state);

} // namespace ctest_matrix
