#include "base/boot.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <filesystem>

namespace ctest_matrix {

std::string process_namespace() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/ns/pid", ignored).string();
}

std::string process_place() {
  const std::string names = process_namespace();
  return names.empty() ? "" : fingerprint(boot_id() + names);
}

std::string boot_id() {
  const auto id = read_file("/proc/sys/kernel/random/boot_id");
  return id ? std::string(trim(*id)) : "";
}

} // namespace ctest_matrix
