#include "base/file_lock.hpp"

#include "base/boot.hpp"
#include "base/directory.hpp"
#include "base/files.hpp"
#include "base/own_directory.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

Error lock_error(std::string_view what, const fs::path& path, int error) {
  return {ExitCode::input, fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(error))};
}

/// What a lock's file says, at most a few lines.
std::string read_note(int fd) {
  std::array<char, 4096> buffer;
  const ssize_t count = pread(fd, buffer.data(), buffer.size(), 0);
  return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
}

struct flock whole_file() {
  struct flock whole {};

  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return whole;
}

/// Of the open file description, so that a forked process can hold it on, and only for who may write the
/// file: nobody without that right can hold anybody up. The value of errno on failure, else 0.
int lock_at_once(int fd) {
  struct flock whole = whole_file();
  int result = fcntl(fd, F_OFD_SETLK, &whole);
  while (result != 0 && errno == EINTR) {
    result = fcntl(fd, F_OFD_SETLK, &whole);
  }
  return result == 0 ? 0 : errno;
}

/// The processes that hold a lock on the file, as far as this user may see them (proc(5), /proc/pid/fdinfo).
std::vector<long> seen_holders(const fs::path& path) {
  std::error_code error;
  const fs::path file = fs::canonical(path, error);
  std::vector<long> holders;
  for (const DirectoryEntry& process : list_directory("/proc")) {
    const fs::path directory = fs::path("/proc") / process.name;
    const long pid = std::strtol(process.name.c_str(), nullptr, 10);
    for (const DirectoryEntry& open :
         pid > 0 ? list_directory(directory / "fd") : std::vector<DirectoryEntry>()) {
      if (fs::read_symlink(directory / "fd" / open.name, error) == file) {
        const auto info = read_file(directory / "fdinfo" / open.name);
        if (info && info->find("OFDLCK") != std::string::npos) {
          holders.push_back(pid);
        }
      }
    }
  }
  return holders;
}

/// What a lock's file says first: the number of the holder, and where it is one.
struct NotedHolder {
  long pid = 0; ///< 0: the file does not say
  std::string place;
};

NotedHolder noted_holder(const fs::path& path) {
  const std::vector<std::string> words = split(FileLock::noted(path), ' ');
  NotedHolder holder;
  if (words.size() >= 2) {
    std::from_chars(words[0].data(), words[0].data() + words[0].size(), holder.pid);
    holder.place = words[1];
  }
  return holder;
}

} // namespace

Result<std::optional<FileLock>> FileLock::try_acquire(const fs::path& path) {
  constexpr int k_flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
  static_cast<void>(make_directories(path.parent_path())); // where it fails, the file cannot be opened
  FileLock lock(Descriptor(open(path.c_str(), k_flags | O_EXCL, 0600)));
  if (lock.m_descriptor) {
    give_to_owner_of(path.has_parent_path() ? path.parent_path() : ".", lock.descriptor());
  } else {
    lock = FileLock(Descriptor(open(path.c_str(), k_flags, 0600)));
  }
  if (!lock.m_descriptor) {
    const int error = errno;
    Error problem = lock_error("open the lock", path, error);
    problem.message += way_to_own(path, error);
    return problem;
  }
  const int error = lock_at_once(lock.descriptor());
  if (error == EAGAIN || error == EACCES) {
    return std::optional<FileLock>();
  }
  if (error != 0) {
    return lock_error("lock", path, error);
  }
  lock.m_before = read_note(lock.descriptor());
  return std::optional(std::move(lock));
}

Result<FileLock> FileLock::acquire(const fs::path& path, Milliseconds patience) {
  const Milliseconds deadline = system_clock().monotonic() + patience;
  for (;;) {
    TRY_ASSIGN(auto lock, try_acquire(path));
    if (lock) {
      return *std::move(lock);
    }
    if (system_clock().monotonic() >= deadline) {
      return held_by_another(path, patience);
    }
    std::this_thread::sleep_for(Milliseconds(20));
  }
}

Error FileLock::held_by_another(const fs::path& path, Milliseconds waited) {
  return {ExitCode::setup, fmt::format("{} is locked by somebody else{}; waited {}", path.string(),
                                       holder(path), format_duration(waited))};
}

std::string FileLock::holder(const fs::path& path) {
  const NotedHolder noted = noted_holder(path);
  long pid = noted.pid;
  if (pid > 0 && noted.place != process_place()) {
    return fmt::format(" (held by process {} of another container or machine)", pid);
  }
  if (pid <= 0) {
    const std::vector<long> holders = seen_holders(path);
    if (holders.empty()) {
      return "";
    }
    pid = holders.front();
  }
  auto command = read_file(fmt::format("/proc/{}/cmdline", pid));
  if (!command) {
    return fmt::format(" (held by what process {}, which has ended, left running)", pid);
  }
  std::replace(command->begin(), command->end(), '\0', ' ');
  return fmt::format(" (held by process {}: {})", pid, printable(trim(*command)));
}

std::string FileLock::noted(const fs::path& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  return read_note(file.get());
}

void FileLock::note(std::string_view text) const {
  if (ftruncate(m_descriptor.get(), 0) == 0) {
    [[maybe_unused]] const ssize_t written = pwrite(m_descriptor.get(), text.data(), text.size(), 0);
  }
}

void await_lock(int fd) {
  struct flock whole = whole_file();
  while (fcntl(fd, F_OFD_SETLKW, &whole) != 0 && errno == EINTR) {
  }
}

bool FileLock::is_of(const fs::path& path) const {
  struct stat locked {};

  struct stat there {};

  return fstat(m_descriptor.get(), &locked) == 0 && lstat(path.c_str(), &there) == 0 &&
         locked.st_dev == there.st_dev && locked.st_ino == there.st_ino;
}

} // namespace ctest_matrix
