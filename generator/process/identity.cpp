#include "process/identity.hpp"

#include "process/table.hpp"

#include <cerrno>
#include <csignal>

namespace ctest_matrix {

ProcessIdentity ProcessIdentity::of(pid_t pid) {
  return {pid, ctest_matrix::start_time(pid).value_or(0)};
}

bool ProcessIdentity::alive() const {
  return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM) &&
         ctest_matrix::start_time(pid).value_or(0) == start_time;
}

} // namespace ctest_matrix
