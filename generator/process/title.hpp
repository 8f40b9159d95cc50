// What a process is called.
#pragma once

#include <string>

namespace ctest_matrix {

/// Gives a forked process that goes on by itself a name and a command line of its own in place of the
/// caller's, by which whoever looks for the caller would find it. The name is the first word; both are cut
/// where the system has no more room.
void set_process_title(const std::string& title);

} // namespace ctest_matrix
