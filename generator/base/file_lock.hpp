// Locks between processes.
#pragma once

#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "base/result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ctest_matrix {

/// An exclusive advisory lock on a file, held until destroyed, and by forked processes until
/// they close its descriptor. It cannot be left behind stale: the kernel drops it with the processes.
class FileLock {
public:
  /// Waits up to `patience` (0: tries once). A missing file is created, with its parent directories. Error
  /// (setup): still held by somebody else; the message names the holder where the lock's file or the system
  /// tells.
  static Result<FileLock> acquire(const std::filesystem::path& path, Milliseconds patience);

  /// Tries once; nothing where somebody else holds it. Error: there can be no lock; no right to write the
  /// file, a link in its place.
  static Result<std::optional<FileLock>> try_acquire(const std::filesystem::path& path);

  /// What `acquire` says after such a wait.
  static Error held_by_another(const std::filesystem::path& path, Milliseconds waited);

  /// ` (held by process 4711: command line)` where the lock's file or the system can tell; else empty.
  static std::string holder(const std::filesystem::path& path);

  /// What the file of a lock says about its holder: its process id and
  /// its place (base/boot.hpp) first. Empty: nothing.
  static std::string noted(const std::filesystem::path& path);

  /// What the file said when it was locked.
  const std::string& before() const { return m_before; }

  /// Lets the file say this about the holder.
  void note(std::string_view text) const;

  /// Whether this is still the file at that path: somebody may have removed it before it was locked.
  bool is_of(const std::filesystem::path& path) const;

  int descriptor() const { return m_descriptor.get(); }

private:
  explicit FileLock(Descriptor descriptor) : m_descriptor(std::move(descriptor)) {}

  Descriptor m_descriptor;
  std::string m_before;
};

/// Waits for the same lock on a file that is open for writing; it ends with the descriptor.
void await_lock(int fd);

} // namespace ctest_matrix
