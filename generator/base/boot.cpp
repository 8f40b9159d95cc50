#include "base/boot.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

namespace ctest_matrix {

std::string boot_id() {
  const auto id = read_file("/proc/sys/kernel/random/boot_id");
  return id ? std::string(trim(*id)) : "";
}

} // namespace ctest_matrix
