// The machine's boot, which tells whether something that did not wait for the disk can have been lost.
#pragma once

#include <string>

namespace ctest_matrix {

/// The namespace of this process's process ids: elsewhere they are of others. Empty where the system has
/// none.
std::string process_namespace();

/// Where this process's process ids are known, in one word: this boot of the machine, and the namespace.
/// Empty where the system does not tell.
std::string process_place();

/// What names the machine's boot; empty where the system does not tell.
std::string boot_id();

} // namespace ctest_matrix
