// What is in a directory, by name and kind.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

enum class FileKind { none, file, directory, link, other };

/// What is at a path. `link` is never an answer: links are followed, one that leads nowhere is `none`.
FileKind file_kind(const std::filesystem::path& path);

struct DirectoryEntry {
  std::string name;
  FileKind kind = FileKind::other; ///< of a link: `link`, wherever it leads
};

/// The entries of a directory in the order of their names; none where it cannot be read.
std::vector<DirectoryEntry> list_directory(const std::filesystem::path& path);

} // namespace ctest_matrix
