#include "base/own_directory.hpp"

#include "base/descriptor.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

Error failure(std::string_view what, const fs::path& path) {
  return {ExitCode::setup, fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(errno))};
}

/// Gives what was just made in a directory the owner, where only root can, and the permissions to read and
/// write that the directory has: whoever may write the one may write the other.
void make_like_directory(int fd, const fs::path& directory) {
  struct stat around {};

  struct stat made {};

  if (stat(directory.c_str(), &around) != 0 || fstat(fd, &made) != 0) {
    return;
  }
  if (geteuid() == 0 && around.st_uid != made.st_uid && fchown(fd, around.st_uid, around.st_gid) != 0) {
    return;
  }
  const mode_t writers = around.st_mode & 0222; // who could open the file could keep others from locking it
  fchmod(fd, S_ISDIR(made.st_mode) ? (around.st_mode & 02777) | 0600 : writers | writers << 1U | 0600);
}

} // namespace

Result<void> make_private_directory(const fs::path& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return failure("make", path);
  }
  const auto refuse = [&](std::string_view why) {
    return Error{ExitCode::setup, fmt::format("{} {}; remove it", path.string(), why)};
  };
  const Descriptor directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory && (errno == ELOOP || errno == ENOTDIR)) {
    return refuse("is a link or a file, not a directory");
  }

  struct stat status {};

  if ((!directory && errno != EACCES) || lstat(path.c_str(), &status) != 0) {
    return failure("open", path);
  }
  if (status.st_uid != geteuid()) {
    return refuse(fmt::format("belongs to another user ({})", status.st_uid));
  }
  if ((status.st_mode & 022) != 0) {
    return refuse("can be written to by others");
  }
  if ((status.st_mode & 077) != 0 && fchmod(directory.get(), 0700) != 0) {
    return failure("close to others", path);
  }
  return {};
}

Result<void> make_shared_directory(const fs::path& path) {
  std::error_code ignored;
  if (!path.has_relative_path() || fs::is_directory(path, ignored)) {
    return {};
  }
  TRY(make_shared_directory(path.parent_path()));
  if (mkdir(path.c_str(), 0700) == 0) {
    if (const Descriptor made(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)); made) {
      make_like_directory(made.get(), path.parent_path());
    }
  } else if (errno != EEXIST) {
    return failure("make the directory", path);
  }
  return {};
}

std::error_code make_shared_file(const fs::path& path) {
  constexpr int k_flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
  if (const Descriptor made(open(path.c_str(), k_flags | O_EXCL, 0600)); made) {
    make_like_directory(made.get(), path.parent_path());
    return {};
  }
  const Descriptor there(open(path.c_str(), k_flags, 0600));
  return there ? std::error_code() : std::error_code(errno, std::generic_category());
}

void give_to_owner_of(const fs::path& model, int made) {
  struct stat owner {};

  if (geteuid() == 0 && stat(model.c_str(), &owner) == 0 && owner.st_uid != 0) {
    static_cast<void>(fchown(made, owner.st_uid, owner.st_gid) != 0); // where it fails, it stays root's
  }
}

std::error_code make_directories(const fs::path& path) {
  std::error_code error;
  if (path.empty() || fs::is_directory(path, error)) {
    return {};
  }
  if (error = make_directories(path.parent_path()); error) {
    return error;
  }
  if (mkdir(path.c_str(), 0777) != 0) {
    return errno == EEXIST && fs::is_directory(path, error) ? std::error_code()
                                                            : std::error_code(errno, std::generic_category());
  }
  if (const Descriptor made(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)); made) {
    give_to_owner_of(path.has_parent_path() ? path.parent_path() : ".", made.get());
  }
  return {};
}

std::string way_to_own(const fs::path& path, int error) {
  struct stat owner {};

  if (error != EACCES || stat(path.c_str(), &owner) != 0 || owner.st_uid == geteuid()) {
    return "";
  }
  return fmt::format("; it belongs to the user {}: `sudo chown {}:{} {}` gives it to you", owner.st_uid,
                     geteuid(), getegid(), shell_quote(path.string()));
}

} // namespace ctest_matrix
