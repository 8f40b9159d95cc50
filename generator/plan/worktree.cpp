#include "plan/worktree.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <system_error>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

std::string hash_of(const fs::path& root) {
  std::error_code ignored;
  const fs::path real = fs::weakly_canonical(root, ignored);
  const std::string path = (real.empty() ? root : real).string();
  return fingerprint(path.ends_with('/') && path.size() > 1 ? path.substr(0, path.size() - 1) : path);
}

} // namespace

std::optional<std::string> root_value(const fs::path& root, std::string_view name) {
  if (name == "root") {
    return root.string();
  }
  if (name == "worktree") {
    return hash_of(root).substr(0, 8);
  }
  if (name == "worktree.number") {
    return fmt::format("{:03}", std::stoull(hash_of(root), nullptr, 16) % 1000);
  }
  return std::nullopt;
}

std::string with_worktree(const fs::path& root, std::string path) {
  for (const std::string_view name : {"worktree", "worktree.number"}) {
    const std::string placeholder = fmt::format("{{{}}}", name);
    if (path.find(placeholder) != std::string::npos) {
      path = replace_all(std::move(path), placeholder, *root_value(root, name));
    }
  }
  return path;
}

} // namespace ctest_matrix
