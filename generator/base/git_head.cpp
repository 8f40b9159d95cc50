#include "base/git_head.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t k_limit = 64U << 20U; // bytes; the packed references of a very large repository

/// The content without white space around it; empty when it cannot be read.
std::string read_trimmed(const fs::path& path) {
  const auto text = read_regular_file(path, k_limit);
  return text ? std::string(trim(*text)) : "";
}

bool is_hash(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// The hash that a line `<hash> <reference>` of packed-refs gives; empty when there is none.
std::string find_packed(const fs::path& repository, const std::string& reference) {
  for (const std::string& line : split_lines(read_trimmed(repository / "packed-refs"))) {
    const std::size_t space = line.find(' ');
    if (space != std::string::npos && std::string_view(line).substr(space + 1) == reference) {
      return line.substr(0, space);
    }
  }
  return "";
}

} // namespace

fs::path git_directory(const fs::path& directory) {
  std::error_code ignored;
  for (fs::path base = directory;; base = base.parent_path()) {
    const fs::path git = base / ".git";
    if (fs::is_directory(git, ignored)) {
      return git;
    }
    constexpr std::string_view k_key = "gitdir: ";
    if (const std::string link = read_trimmed(git); link.starts_with(k_key)) {
      return (base / link.substr(k_key.size())).lexically_normal();
    }
    if (base == base.parent_path()) {
      return {};
    }
  }
}

std::optional<std::string> git_head(const fs::path& directory) {
  const fs::path repository = git_directory(directory);
  if (repository.empty()) {
    return "";
  }
  std::string head = read_trimmed(repository / "HEAD");
  constexpr std::string_view k_key = "ref: ";
  if (head.starts_with(k_key)) {
    const std::string reference = head.substr(k_key.size());
    const std::string common = read_trimmed(repository / "commondir");
    const fs::path shared = common.empty() ? repository : (repository / common).lexically_normal();
    head = read_trimmed(shared / reference);
    head = head.empty() ? find_packed(shared, reference) : head;
  }
  return is_hash(head) ? std::optional(head) : std::nullopt;
}

} // namespace ctest_matrix
