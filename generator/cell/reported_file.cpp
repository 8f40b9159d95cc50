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

fs::path failing_file(const fs::path& directory, const std::string& file) {
  std::error_code ignored;
  const fs::path found = reported_file(directory, file);
  if (!file.ends_with(".go") || fs::path(file).is_absolute() || fs::exists(found, ignored)) {
    return found;
  }
  std::string_view rest = file;
  for (std::size_t slash = rest.find('/'); slash != std::string_view::npos; slash = rest.find('/')) {
    rest.remove_prefix(slash + 1);
    if (fs::exists(directory / rest, ignored)) {
      return (directory / rest).lexically_normal();
    }
  }
  return found;
}

std::function<bool(const std::string&)> own_file_of(const CommonPlan& common, const BoundCell& cell) {
  std::error_code error;
  return [own = fs::weakly_canonical(cell.file, error),
          directory = runner_directory(common, cell)](const std::string& file) {
    std::error_code ignored;
    return fs::weakly_canonical(reported_file(directory, file), ignored) == own;
  };
}

} // namespace ctest_matrix
