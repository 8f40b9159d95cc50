#include "base/edit_file.hpp"

#include "base/descriptor.hpp"
#include "base/files.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// Who opened the old file to append to it has done so by then.
constexpr std::chrono::milliseconds k_second_look{20};

Error io_error(const fs::path& path, int error) {
  return {ExitCode::input, fmt::format("cannot write {}: {}", path.string(), std::strerror(error))};
}

bool put(int fd, std::uint64_t offset, char byte) {
  return pwrite(fd, &byte, 1, static_cast<off_t>(offset)) == 1;
}

/// Appends with one write, on a line of its own; takes a part back that did not fit. The value of errno, else
/// 0.
int append_whole(int fd, std::string_view text, bool on_new_line) {
  const std::string whole = fmt::format("{}{}", on_new_line ? "" : "\n", text);
  const ssize_t written = write(fd, whole.data(), whole.size());
  if (written == static_cast<ssize_t>(whole.size())) {
    return 0;
  }
  const int error = written < 0 ? errno : ENOSPC;

  struct stat status {};

  if (const off_t end = lseek(fd, 0, SEEK_CUR);
      written > 0 && fstat(fd, &status) == 0 && status.st_size == end) {
    static_cast<void>(ftruncate(fd, end - written));
  }
  return error;
}

bool ends_a_line(std::string_view text) {
  return text.empty() || text.back() == '\n';
}

/// The path still leads to the open file.
bool is_still(const fs::path& path, int fd) {
  struct stat open_one {};

  struct stat there {};

  return fstat(fd, &open_one) == 0 && stat(path.c_str(), &there) == 0 && open_one.st_dev == there.st_dev &&
         open_one.st_ino == there.st_ino;
}

/// Both names change places in one step; false where the file system cannot.
bool exchange(const fs::path& a, const fs::path& b) {
#ifdef RENAME_EXCHANGE
  return renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0;
#else
  errno = ENOSYS;
  return false;
#endif
}

Result<void> append_rest(const fs::path& path, std::string_view content, std::string_view rest) {
  const Descriptor fd(open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  const int error = fd ? append_whole(fd.get(), rest, ends_a_line(content)) : errno;
  return error == 0 ? Result<void>() : io_error(path, error);
}

/// The old file lies at `replaced` now, the new one in its place.
Result<Edited> look_at_replaced(const fs::path& target, const fs::path& replaced, const std::string& base,
                                std::string_view content) {
  std::string known = base;
  for (const bool again : {false, true}) {
    if (again) {
      std::this_thread::sleep_for(k_second_look);
    }
    TRY_ASSIGN(const std::string now, read_file(replaced));
    if (!now.starts_with(known)) {
      if (!exchange(replaced, target)) {
        return io_error(target, errno);
      }
      // What lies there now is ours; perhaps somebody has appended to it already.
      TRY_ASSIGN(const std::string ours, read_file(replaced));
      if (ours.size() > content.size() && ours.starts_with(content)) {
        TRY(append_rest(target, now, std::string_view(ours).substr(content.size())));
      }
      return Edited::overtaken;
    }
    if (now.size() > known.size()) {
      TRY(append_rest(target, content, std::string_view(now).substr(known.size())));
      known = now;
    }
  }
  return Edited::done;
}

/// Puts the temporary file into its place.
Result<Edited> put_into_place(const fs::path& target, const fs::path& temporary,
                              const std::optional<std::string>& base, std::string_view content) {
  if (!base) {
    if (link(temporary.c_str(), target.c_str()) == 0) {
      return Edited::done;
    }
    if (errno == EEXIST) {
      return Edited::overtaken;
    }
  } else if (exchange(temporary, target)) {
    return look_at_replaced(target, temporary, *base, content);
  } else if (errno == ENOENT) {
    return Edited::overtaken;
  }
  // A file system that knows neither links nor exchanges.
  const auto now = read_file(target);
  if (base ? !now || *now != *base : static_cast<bool>(now)) {
    return Edited::overtaken;
  }
  return rename(temporary.c_str(), target.c_str()) == 0 ? Result<Edited>(Edited::done)
                                                        : io_error(target, errno);
}

} // namespace

std::optional<FileEdit> edit_between(std::string_view from, std::string_view to) {
  // What is inserted moves what is behind it: almost no byte of that stands between brackets.
  const auto is_mark = [&](std::size_t i) {
    return i > 0 && i + 1 < from.size() && from[i - 1] == '[' && to[i - 1] == '[' && from[i + 1] == ']' &&
           to[i + 1] == ']';
  };
  FileEdit edit;
  if (to.size() < from.size()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i] != to[i]) {
      if (!is_mark(i)) {
        return std::nullopt;
      }
      edit.bytes.emplace_back(i, to[i]);
    }
  }
  edit.tail = to.substr(from.size());
  return edit;
}

namespace {

std::string applied(std::string_view base, const FileEdit& edit) {
  std::string text(base);
  for (const auto& [offset, byte] : edit.bytes) {
    text[offset] = byte;
  }
  return text + edit.tail;
}

} // namespace

Result<Edited> edit_in_place(const fs::path& path, std::string_view base, const FileEdit& edit) {
  const Descriptor bytes(open(path.c_str(), O_RDWR | O_CLOEXEC));
  const Descriptor tail(open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if ((!bytes || !tail) && errno == EACCES) { // a file that only its directory lets be changed
    return replace_watched(path, std::string(base), applied(base, edit));
  }
  if (!bytes || !tail) {
    return errno == ENOENT ? Result<Edited>(Edited::overtaken) : io_error(path, errno);
  }
  TRY_ASSIGN(const std::string now, read_file(path));
  if (!now.starts_with(base) || !is_still(path, bytes.get()) || !is_still(path, tail.get())) {
    return Edited::overtaken;
  }
  int error = 0;
  for (const auto& [offset, byte] : edit.bytes) {
    error = error == 0 && !put(bytes.get(), offset, byte) ? errno : error;
  }
  if (error == 0 && !edit.tail.empty()) {
    error = append_whole(tail.get(), edit.tail,
                         ends_a_line(now) || edit.tail.starts_with('\n') || edit.tail.starts_with("\r\n"));
  }
  if (error == 0 && fdatasync(bytes.get()) != 0) {
    error = errno;
  }
  if (error != 0) {
    for (const auto& [offset, byte] : edit.bytes) {
      put(bytes.get(), offset, base[offset]);
    }
    return io_error(path, error);
  }
  return is_still(path, bytes.get()) ? Edited::done : Edited::overtaken;
}

Result<Edited> replace_watched(const fs::path& path, const std::optional<std::string>& base,
                               std::string_view content) {
  TRY_ASSIGN(const NeighbourFile neighbour, NeighbourFile::write(path, content, Durability::on_disk));
  TRY_ASSIGN(const Edited edited, put_into_place(neighbour.target(), neighbour.path(), base, content));
  sync_directory(neighbour.target().parent_path());
  return edited;
}

Result<std::optional<std::string>> read_if_there(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) {
    return std::optional<std::string>();
  }
  TRY_ASSIGN(std::string text, read_file(path));
  return std::optional(std::move(text));
}

Result<WatchedFile> WatchedFile::read(fs::path path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) { // a pipe would hold it up
    return Error{ExitCode::input, fmt::format("cannot read {}: not a regular file", path.string())};
  }
  TRY_ASSIGN(auto text, read_if_there(path));
  return WatchedFile(std::move(path), std::move(text));
}

Result<Edited> WatchedFile::replace(std::string_view content) const {
  TRY_ASSIGN(const auto now, read_if_there(m_path));
  if (now != m_text) {
    return Edited::overtaken;
  }
  return now && *now == content ? Result<Edited>(Edited::done) : replace_watched(m_path, m_text, content);
}

Error changed_all_the_time(const fs::path& path) {
  return {ExitCode::setup, fmt::format("{} is changed by somebody else all the time", path.string())};
}

} // namespace ctest_matrix
