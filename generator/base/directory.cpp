#include "base/directory.hpp"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

FileKind kind_of_mode(mode_t mode) {
  return S_ISREG(mode)   ? FileKind::file
         : S_ISDIR(mode) ? FileKind::directory
         : S_ISLNK(mode) ? FileKind::link
                         : FileKind::other;
}

/// Some file systems leave the kind of an entry open.
FileKind kind_of_entry(const fs::path& directory, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) {
    return kind_of_mode(DTTOIF(entry.d_type));
  }

  struct stat status {};

  return lstat((directory / entry.d_name).c_str(), &status) == 0 ? kind_of_mode(status.st_mode)
                                                                 : FileKind::other;
}

} // namespace

FileKind file_kind(const fs::path& path) {
  struct stat status {};

  return stat(path.c_str(), &status) == 0 ? kind_of_mode(status.st_mode) : FileKind::none;
}

std::vector<DirectoryEntry> list_directory(const fs::path& path) {
  std::vector<DirectoryEntry> entries;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir(path.empty() ? "." : path.c_str()), closedir);
  while (const dirent* entry = directory ? readdir(directory.get()) : nullptr) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      entries.push_back({std::string(name), kind_of_entry(path, *entry)});
    }
  }
  std::ranges::sort(entries, {}, &DirectoryEntry::name);
  return entries;
}

} // namespace ctest_matrix
