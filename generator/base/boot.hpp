// The machine's boot, which tells whether something that did not wait for the disk can have been lost.
#pragma once

#include <string>

namespace ctest_matrix {

/// What names the machine's boot; empty where the system does not tell.
std::string boot_id();

} // namespace ctest_matrix
