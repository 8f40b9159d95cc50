#include "base/user_directory.hpp"

#include "base/own_directory.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// The directory that a variable names, where it is there and nobody else can make anything in it; else
/// empty.
fs::path own_directory_of(const char* variable) {
  const char* const value = std::getenv(variable);
  const fs::path path = value == nullptr ? "" : value;

  struct stat status {};

  const bool own = path.is_absolute() && stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
                   status.st_uid == geteuid() && (status.st_mode & 022) == 0;
  return own ? path : fs::path();
}

/// The directories that this user's state may lie in, the best one first.
std::vector<fs::path> candidates() {
  std::vector<fs::path> found;
  if (const fs::path runtime = own_directory_of("XDG_RUNTIME_DIR"); !runtime.empty()) {
    found.push_back(runtime / "ctest-matrix");
  }
  if (const fs::path home = own_directory_of("HOME"); !home.empty()) {
    mkdir((home / ".cache").c_str(), 0700); // may be there
    found.push_back(home / ".cache" / "ctest-matrix");
  }
  found.emplace_back(fmt::format("/tmp/ctest-matrix-{}", geteuid()));
  return found;
}

/// A machine or container: process ids mean nothing in another one, though it may share the directory.
std::string this_machine() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  std::error_code ignored;
  return fingerprint(
      fmt::format("{} {}", name.data(), fs::read_symlink("/proc/self/ns/pid", ignored).string()));
}

} // namespace

Result<fs::path> user_directory() {
  Error last;
  for (const fs::path& candidate : candidates()) {
    const fs::path here = candidate / this_machine();
    const auto around = make_private_directory(candidate);
    const auto made = around ? make_private_directory(here) : around;
    if (made) {
      return here;
    }
    last = made.error();
  }
  return last;
}

} // namespace ctest_matrix
