// What a piece of work has read from the disk, so that a later one can tell whether any of it has changed.
//
// Files count by their content, directories by the names and kinds of their entries: no clock can hide an
// edit. A directory is only read again where its size, times or inode have moved, or where it was changed so
// shortly before it was read that a further change need not show in its times.
//
// Format of the text: a line for each thing, `file <fingerprint> <path>`, `directory <stamp> <fingerprint>
// <path>`, `kind <kind> <path>`; in a path, `\\` stands for a backslash and `\n` for a newline.
#pragma once

#include "base/clock.hpp"
#include "base/directory.hpp"
#include "base/result.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

class ReadLog {
public:
  explicit ReadLog(const Clock& clock = system_clock()) : m_clock(clock) {}

  /// `read_file`, noted by its content, or that it cannot be read.
  Result<std::string> file(const std::filesystem::path& path);

  /// `list_directory`, noted by its entries; where links among them lead is noted, too.
  std::vector<DirectoryEntry> directory(const std::filesystem::path& path);

  /// `file_kind`, noted.
  FileKind kind(const std::filesystem::path& path);

  std::string text() const;

  /// Whether the file was read with this content, each time that it was.
  bool has_read(const std::filesystem::path& path, std::string_view content) const;

  /// The directories that are there and whose entries could not be read.
  const std::vector<std::filesystem::path>& unreadable() const { return m_unreadable; }

private:
  void note(std::string_view what, std::string noted, const std::filesystem::path& path);

  const Clock& m_clock;
  std::map<std::pair<std::string, std::string>, std::string> m_notes; ///< by what it is and its path
  std::vector<std::filesystem::path> m_unreadable;
};

/// Whether all that a log's text tells of would be read as it was read then.
bool reads_the_same(std::string_view log_text, const Clock& clock = system_clock());

} // namespace ctest_matrix
