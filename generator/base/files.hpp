// Files as the program needs them: whole reads, atomic replacement, durable appends.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// The whole file; never waits. Errors: not there, not readable, a directory, a pipe.
Result<std::string> read_file(const std::filesystem::path& path);

/// What a file holds from this offset (in bytes) on; empty behind its end. Errors: those of `read_file`.
Result<std::string> read_file_from(const std::filesystem::path& path, std::uint64_t offset);

/// The last `limit` bytes of a file, or all of it where it is not longer. Errors: as above.
Result<std::string> read_end_of_file(const std::filesystem::path& path, std::uint64_t limit);

/// A file that somebody else wrote. Never waits and never reads more than `limit` bytes. Error (input): as
/// above, not a regular file (a pipe, a device), or larger than the limit.
Result<std::string> read_regular_file(const std::filesystem::path& path, std::uintmax_t limit);

/// Where a path leads whose last name may be a link, also one that leads nowhere yet; a path that is no link
/// is left as it is.
std::filesystem::path target_of(const std::filesystem::path& path);

enum class Durability {
  on_disk,  ///< waits for the disk
  fleeting, ///< may be lost with the machine's power
};

/// What is to take the place of a file, in a temporary neighbour with the file's permissions. Whatever has
/// that name when this is destroyed is removed.
class NeighbourFile {
public:
  /// Follows a symbolic link, makes missing parent directories. On an error (disk full) nothing is left.
  static Result<NeighbourFile> write(const std::filesystem::path& path, std::string_view content,
                                     Durability durability);

  NeighbourFile(NeighbourFile&& other) noexcept
      : m_target(std::move(other.m_target)), m_path(std::exchange(other.m_path, {})) {}

  NeighbourFile& operator=(NeighbourFile&&) = delete;
  NeighbourFile(const NeighbourFile&) = delete;
  NeighbourFile& operator=(const NeighbourFile&) = delete;
  ~NeighbourFile();

  const std::filesystem::path& path() const { return m_path; }

  const std::filesystem::path& target() const { return m_target; }

private:
  NeighbourFile(std::filesystem::path target, std::filesystem::path path)
      : m_target(std::move(target)), m_path(std::move(path)) {}

  std::filesystem::path m_target;
  std::filesystem::path m_path;
};

/// Waits until the names in a directory are on the disk.
void sync_directory(const std::filesystem::path& directory);

/// Replaces the file by way of a temporary neighbour, fsync and rename: readers see the old or the new
/// content, never a part. Follows a symbolic link, keeps the permissions, makes missing parent directories.
/// What is no regular file is not replaced. On an error (disk full) the old file stays and no temporary file
/// is left.
Result<void> write_file_atomic(const std::filesystem::path& path, std::string_view content);

/// Removes the temporary neighbours of processes that were killed while they replaced this file. To be called
/// under the lock that everybody holds who writes the file.
void remove_abandoned_temporaries(const std::filesystem::path& path);

/// Like `write_file_atomic` for what may as well be lost with the machine's power: does not wait for the
/// disk.
Result<void> write_file_quickly(const std::filesystem::path& path, std::string_view content);

/// Like `write_file_atomic`, but leaves a file alone that already has this content.
Result<void> write_file_if_changed(const std::filesystem::path& path, std::string_view content);

/// Appends one line (a newline is added) with a single write and flushes it to the disk, with the file's name
/// where it is new. A last line that an
/// earlier crash left without its newline is closed first; a write that fails half-way is taken back.
Result<void> append_line_durably(const std::filesystem::path& path, std::string_view line);

/// As above, for what may as well be lost with the machine's power.
Result<void> append_line_quickly(const std::filesystem::path& path, std::string_view line);

} // namespace ctest_matrix
