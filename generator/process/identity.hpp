// Which process is meant, also after its number was given to another one.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace ctest_matrix {

/// A process that cannot be mistaken for a later one of the same number.
struct ProcessIdentity {
  pid_t pid = 0;
  std::uint64_t start_time = 0; ///< process/table.hpp; 0 where the system does not tell

  static ProcessIdentity of(pid_t pid);
  bool alive() const;
  bool operator==(const ProcessIdentity&) const = default;
};

} // namespace ctest_matrix
