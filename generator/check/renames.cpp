#include "check/renames.hpp"

#include "base/git_head.hpp"
#include "base/text.hpp"
#include "matrix/row_file.hpp"
#include "matrix/row_globs.hpp"
#include "plan/git.hpp"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

using Renames = std::map<std::string, std::string>; // from path to path, below the checkout

/// Reads `R<similarity>`, the old and the new path, each with a NUL behind it.
Renames parse_renames(std::string_view text) {
  Renames renames;
  const std::vector<std::string> parts = split(text, '\0');
  for (std::size_t i = 0; i + 2 < parts.size(); i += 3) {
    if (!parts[i].starts_with('R')) {
      break;
    }
    renames.emplace(parts[i + 1], parts[i + 2]);
  }
  return renames;
}

/// A copy of git's index in a directory of its own, to which files can be added without anybody noticing.
class ScratchIndex {
public:
  explicit ScratchIndex(const fs::path& checkout) {
    std::error_code error;
    std::string pattern = (fs::temp_directory_path(error) / "ctest-matrix-index.XXXXXX").string();
    if (error || mkdtemp(pattern.data()) == nullptr) {
      return;
    }
    m_directory = pattern;
    fs::copy_file(git_directory(checkout) / "index", file(), error);
  }

  ~ScratchIndex() {
    std::error_code ignored;
    if (!m_directory.empty()) {
      fs::remove_all(m_directory, ignored);
    }
  }

  ScratchIndex(const ScratchIndex&) = delete;
  ScratchIndex& operator=(const ScratchIndex&) = delete;

  std::vector<std::string> environment() const { return {"GIT_INDEX_FILE=" + file().string()}; }

  bool is_there() const { return !m_directory.empty(); }

private:
  fs::path file() const { return m_directory / "index"; }

  fs::path m_directory;
};

class History {
public:
  /// `added` are files that git may not know yet.
  History(fs::path checkout, const std::vector<std::string>& added) : m_checkout(std::move(checkout)) {
    const ScratchIndex index(m_checkout);
    if (!index.is_there()) {
      return;
    }
    std::vector<std::string> add{"add", "--intent-to-add", "--force", "--"};
    add.insert(add.end(), added.begin(), added.end());
    if (!added.empty()) {
      ask_git(m_checkout, add, index.environment());
    }
    const auto answer = ask_git(
        m_checkout, {"diff", "--no-ext-diff", "-M", "--name-status", "-z", "--diff-filter=R", "HEAD", "--"},
        index.environment());
    m_since_head = parse_renames(answer.value_or(""));
  }

  /// The next path of a file; empty: git knows none.
  std::string successor_of(const std::string& path) {
    if (const auto found = m_since_head.find(path); found != m_since_head.end()) {
      return found->second;
    }
    const auto commit = ask_git(m_checkout, {"log", "-1", "--format=%H", "--no-renames", "--diff-filter=D",
                                             "--", ":(literal)" + path});
    const std::string hash(trim(commit.value_or("")));
    if (hash.empty()) {
      return "";
    }
    const auto answer = ask_git(m_checkout, {"diff-tree", "--no-commit-id", "-r", "-M", "--name-status", "-z",
                                             "--diff-filter=R", hash});
    const Renames renames = parse_renames(answer.value_or(""));
    const auto found = renames.find(path);
    return found == renames.end() ? "" : found->second;
  }

private:
  fs::path m_checkout;
  Renames m_since_head;
};

} // namespace

std::map<std::string, std::string> find_renames(const Project& project,
                                                const std::vector<std::string>& files) {
  const auto& file = project.matrix.runner.file;
  const fs::path directory = (project.places.root / project.matrix.runner.directory).lexically_normal();
  const fs::path checkout = file ? find_checkout(directory) : fs::path();
  std::map<std::string, std::string> renamed;
  if (checkout.empty()) {
    return renamed;
  }
  const auto path_of = [&](const std::string& row) {
    const auto path = file->path_of(row);
    return path ? (directory / *path).lexically_normal().lexically_relative(checkout).generic_string() : "";
  };
  std::vector<std::string> gone;
  std::set<std::string> named;
  for (const Row& row : project.matrix.rows) {
    named.insert(row.name);
    if (!std::ranges::binary_search(files, row.name)) {
      gone.push_back(row.name);
    }
  }
  std::map<std::string, std::string> unnamed; // by path
  std::vector<std::string> paths;
  for (const std::string& name : gone.empty() ? std::vector<std::string>() : files) {
    if (!named.contains(name) && !is_left_out(project.matrix, name) && is_row_name(name)) {
      paths.push_back(path_of(name));
      unnamed.emplace(paths.back(), name);
    }
  }
  if (unnamed.empty()) {
    return renamed;
  }
  History history(checkout, paths);
  for (const std::string& row : gone) {
    constexpr int k_most_renames = 20; // of one file
    std::string path = path_of(row);
    for (int i = 0; i < k_most_renames && !path.empty() && !unnamed.contains(path); ++i) {
      path = history.successor_of(path);
    }
    if (const auto found = unnamed.find(path); found != unnamed.end()) {
      renamed.emplace(row, found->second);
      unnamed.erase(found);
    }
  }
  return renamed;
}

} // namespace ctest_matrix
