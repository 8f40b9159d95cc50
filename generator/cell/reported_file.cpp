#include "cell/reported_file.hpp"

namespace ctest_matrix {

namespace fs = std::filesystem;

fs::path reported_file(const fs::path& directory, const std::string& file) {
  std::error_code ignored;
  for (fs::path base = directory;; base = base.parent_path()) {
    if (fs::exists(base / file, ignored)) {
      return (base / file).lexically_normal();
    }
    if (base == base.parent_path()) {
      return (directory / file).lexically_normal();
    }
  }
}

} // namespace ctest_matrix
