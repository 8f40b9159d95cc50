#include "plan/places.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <unistd.h>

namespace ctest_matrix {

namespace fs = std::filesystem;

fs::path find_checkout(const fs::path& path) {
  std::error_code ignored;
  for (fs::path directory = path; !directory.empty(); directory = directory.parent_path()) {
    if (fs::exists(directory / ".git", ignored)) {
      return directory;
    }
    if (directory == directory.parent_path()) {
      break;
    }
  }
  return {};
}

fs::path checkout_state(const fs::path& root, std::string_view purpose) {
  return fmt::format("/tmp/ctest-matrix-{}/{}.{}", getuid(), fingerprint(root.string()), purpose);
}

fs::path checkout_lock(const fs::path& root, std::string_view purpose) {
  return checkout_state(root, purpose).string() + ".lock";
}

} // namespace ctest_matrix
