#include "base/files.hpp"

#include "base/descriptor.hpp"
#include "base/directory.hpp"
#include "base/file_lock.hpp"
#include "base/own_directory.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// What cannot be read is bad input; anything else is output that cannot be written.
Error io_error(std::string_view what, const fs::path& path, int error) {
  return {what == "read" ? ExitCode::input : ExitCode::internal,
          fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(error))};
}

/// Writes everything, over short writes and interruptions; the value of errno on failure, else 0.
int write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR) {
        continue;
      }
      return errno;
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

Error too_large(const fs::path& path, std::uintmax_t limit) {
  return {ExitCode::input, fmt::format("cannot read {}: larger than {} bytes", path.string(), limit)};
}

/// Everything up to the end; an error when that is more than `limit` bytes.
Result<std::string> read_all(int fd, const fs::path& path, std::uintmax_t limit) {
  std::string content;
  std::array<char, 65536> buffer;

  struct stat status {};

  if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
    const off_t left = status.st_size - lseek(fd, 0, SEEK_CUR);
    content.reserve(std::min(static_cast<std::uintmax_t>(std::max<off_t>(left, 0)), limit));
  }
  for (;;) {
    const ssize_t count = read(fd, buffer.data(), buffer.size());
    if (count == 0) {
      return content;
    }
    if (count < 0) {
      if (errno == EINTR) {
        continue;
      }
      return io_error("read", path, errno);
    }
    content.append(buffer.data(), static_cast<std::size_t>(count));
    if (content.size() > limit) {
      return too_large(path, limit);
    }
  }
}

Result<void> make_parents(const fs::path& path) {
  if (const std::error_code error = make_directories(path.parent_path()); error) {
    return Error{ExitCode::internal, fmt::format("cannot make the directory {}: {}",
                                                 path.parent_path().string(), error.message())};
  }
  return {};
}

} // namespace

fs::path target_of(const fs::path& path) {
  constexpr int k_most_links = 40; // as the kernel follows
  std::error_code error;
  fs::path target = path;
  for (int links = 0; links < k_most_links && fs::is_symlink(target, error); ++links) {
    const fs::path next = fs::read_symlink(target, error);
    target = target.parent_path() / next;
  }
  fs::path canonical = target == path ? path : fs::weakly_canonical(target, error);
  return canonical.empty() ? target : canonical;
}

void sync_directory(const fs::path& directory) {
  const Descriptor fd(open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) {
    fsync(fd.get());
  }
}

Result<std::string> read_file(const fs::path& path) {
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) {
    return io_error("read", path, errno);
  }

  struct stat status {};

  if (fstat(fd.get(), &status) == 0 && S_ISFIFO(status.st_mode)) {
    return Error{ExitCode::input, fmt::format("cannot read {}: it is a pipe", path.string())};
  }
  constexpr std::uintmax_t k_most_of_a_device = 1 << 20; // /dev/zero never ends
  return read_all(fd.get(), path,
                  S_ISCHR(status.st_mode) ? k_most_of_a_device : std::numeric_limits<std::uintmax_t>::max());
}

namespace {

struct RegularFile {
  Descriptor fd;
  std::uintmax_t size = 0;
};

Result<RegularFile> open_regular(const fs::path& path) {
  Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));

  struct stat status {};

  if (!fd || fstat(fd.get(), &status) != 0) {
    return io_error("read", path, errno);
  }
  if (!S_ISREG(status.st_mode)) {
    return Error{ExitCode::input, fmt::format("cannot read {}: not a regular file", path.string())};
  }
  return RegularFile{.fd = std::move(fd), .size = static_cast<std::uintmax_t>(status.st_size)};
}

} // namespace

Result<std::string> read_file_from(const fs::path& path, std::uint64_t offset) {
  TRY_ASSIGN(const RegularFile file, open_regular(path));
  if (lseek(file.fd.get(), static_cast<off_t>(offset), SEEK_SET) < 0) {
    return io_error("read", path, errno);
  }
  return read_all(file.fd.get(), path, std::numeric_limits<std::uintmax_t>::max());
}

Result<std::string> read_end_of_file(const fs::path& path, std::uint64_t limit) {
  TRY_ASSIGN(const RegularFile file, open_regular(path)); // a device may have no end
  const std::uintmax_t skipped = file.size > limit ? file.size - limit : 0;
  if (lseek(file.fd.get(), static_cast<off_t>(skipped), SEEK_SET) < 0) {
    return io_error("read", path, errno);
  }
  return read_all(file.fd.get(), path, std::numeric_limits<std::uintmax_t>::max());
}

Result<std::string> read_regular_file(const fs::path& path, std::uintmax_t limit) {
  TRY_ASSIGN(const RegularFile file, open_regular(path));
  if (file.size > limit) {
    return too_large(path, limit);
  }
  return read_all(file.fd.get(), path, limit);
}

namespace {

/// What the names of a file's temporary neighbours begin with: no name that a person would choose.
std::string temporary_prefix(const fs::path& target) {
  return fmt::format(".{}.ctest-matrix-", target.filename().string());
}

/// The permissions of the file, or those that a new one gets.
mode_t mode_for(const fs::path& target) {
  struct stat status {};

  if (stat(target.c_str(), &status) == 0) {
    return status.st_mode & 07777;
  }
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

Result<void> replace_file(const fs::path& path, std::string_view content, Durability durability) {
  TRY_ASSIGN(const NeighbourFile neighbour, NeighbourFile::write(path, content, durability));
  if (rename(neighbour.path().c_str(), neighbour.target().c_str()) != 0) {
    return io_error("write", path, errno);
  }
  if (durability == Durability::on_disk) {
    sync_directory(neighbour.target().parent_path());
  }
  return {};
}

} // namespace

Result<NeighbourFile> NeighbourFile::write(const fs::path& path, std::string_view content,
                                           Durability durability) {
  TRY(make_parents(path));
  const fs::path target = target_of(path);

  struct stat status {};

  if (stat(target.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) { // a device, a pipe: it would be gone
    return io_error("write", path, S_ISDIR(status.st_mode) ? EISDIR : EINVAL);
  }
  std::string name = (target.parent_path() / (temporary_prefix(target) + "XXXXXX")).string();
  const Descriptor fd(mkostemp(name.data(), O_CLOEXEC));
  if (!fd) {
    return io_error("write", path, errno);
  }
  NeighbourFile neighbour(target, name);
  fchmod(fd.get(), mode_for(target));
  give_to_owner_of(target.has_parent_path() ? target.parent_path() : ".", fd.get());
  give_to_owner_of(target, fd.get());
  int error = write_all(fd.get(), content);
  if (error == 0 && durability == Durability::on_disk && fsync(fd.get()) != 0) {
    error = errno;
  }
  return error == 0 ? Result<NeighbourFile>(std::move(neighbour)) : io_error("write", path, error);
}

NeighbourFile::~NeighbourFile() {
  if (!m_path.empty()) {
    unlink(m_path.c_str());
  }
}

Result<void> write_file_atomic(const fs::path& path, std::string_view content) {
  return replace_file(path, content, Durability::on_disk);
}

void remove_abandoned_temporaries(const fs::path& path) {
  const fs::path target = target_of(path);
  const std::string prefix = temporary_prefix(target);
  for (const DirectoryEntry& entry : list_directory(target.parent_path())) {
    if (entry.name.starts_with(prefix)) {
      std::error_code ignored;
      fs::remove(target.parent_path() / entry.name, ignored);
    }
  }
}

Result<void> write_file_quickly(const fs::path& path, std::string_view content) {
  return replace_file(path, content, Durability::fleeting);
}

Result<void> write_file_if_changed(const fs::path& path, std::string_view content) {
  const Result<std::string> current = read_file(path);
  if (current && *current == content) {
    return {};
  }
  return write_file_atomic(path, content);
}

namespace {

/// Waits until the name of a new file is on the disk, and those of the directories that were made for it.
void sync_new_names(const fs::path& path) {
  constexpr int k_made = 3; // ours: `<around>/ctest-matrix/<name>`
  fs::path directory = path.parent_path();
  for (int level = 0; level < k_made && !directory.empty(); ++level) {
    sync_directory(directory);
    directory = directory == directory.parent_path() ? fs::path() : directory.parent_path();
  }
}

/// Opens a file to append to, or makes it in the name of whom its directory belongs to. The name of a new one
/// is on the disk then: what is appended durably may come later, by somebody who finds the file there.
int open_to_append(const fs::path& path) {
  constexpr int k_flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  for (;;) {
    int fd = open(path.c_str(), k_flags);
    if (fd >= 0 || errno != ENOENT) {
      return fd;
    }
    fd = open(path.c_str(), k_flags | O_CREAT | O_EXCL, 0644);
    if (fd >= 0) {
      give_to_owner_of(path.has_parent_path() ? path.parent_path() : ".", fd);
      sync_new_names(path);
      return fd;
    }
    if (errno != EEXIST) {
      return -1;
    }
    if (std::error_code ignored; fs::is_symlink(path, ignored)) { // one that leads nowhere yet
      return open(path.c_str(), k_flags | O_CREAT, 0644);
    }
  }
}

/// Whether the open file is that of this path; also where the path cannot be looked up.
bool leads_to(const fs::path& path, int fd) {
  struct stat there {};

  struct stat open_one {};

  return stat(path.c_str(), &there) != 0 ? errno != ENOENT
                                         : fstat(fd, &open_one) != 0 || (there.st_dev == open_one.st_dev &&
                                                                         there.st_ino == open_one.st_ino);
}

Result<void> append_line(const fs::path& path, std::string_view line, Durability durability) {
  TRY(make_parents(path));
  Descriptor fd;
  do { // whoever held the lock may have put another file in its place
    fd = Descriptor(open_to_append(path));
    if (!fd) {
      const int error = errno;
      return Error{ExitCode::internal, io_error("append to", path, error).message + way_to_own(path, error)};
    }
    await_lock(fd.get());
  } while (!leads_to(path, fd.get()));
  const off_t size = lseek(fd.get(), 0, SEEK_END);
  char last = '\n';
  if (size > 0 && pread(fd.get(), &last, 1, size - 1) != 1) {
    return io_error("read", path, errno);
  }
  std::string text = last == '\n' ? "" : "\n";
  text += line;
  text += '\n';
  int error = write_all(fd.get(), text);
  if (error == 0 && durability == Durability::on_disk && fdatasync(fd.get()) != 0) {
    error = errno;
  }
  if (error != 0) {
    if (ftruncate(fd.get(), size) != 0) {
      return io_error("take back a half-written line of", path, errno);
    }
    return io_error("append to", path, error);
  }
  return {};
}

} // namespace

Result<void> append_line_durably(const fs::path& path, std::string_view line) {
  return append_line(path, line, Durability::on_disk);
}

Result<void> append_line_quickly(const fs::path& path, std::string_view line) {
  return append_line(path, line, Durability::fleeting);
}

} // namespace ctest_matrix
