#include "plan/places.hpp"

#include "base/files.hpp"
#include "base/git_head.hpp"
#include "base/glob.hpp"
#include "base/own_directory.hpp"
#include "base/text.hpp"
#include "base/user_directory.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cerrno>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr const char* k_owner = "matrix"; ///< names the matrix, relative to the checkout

/// The matrix as its checkout sees it, wherever that is moved.
std::string place_in_checkout(const Places& places) {
  return places.matrix.lexically_relative(find_checkout(places.matrix.parent_path())).generic_string();
}

} // namespace

fs::path evidence_of_checkout(const Places& places, const std::string& name) {
  const fs::path checkout = find_checkout(places.matrix.parent_path());
  const fs::path git = checkout.empty() ? fs::path() : git_directory(checkout);
  if (git.empty() || access(git.c_str(), W_OK | X_OK) != 0) {
    return {};
  }
  const fs::path home = git / "ctest-matrix" / name;
  const auto owner = read_file(home / k_owner);
  const std::string first(owner ? trim(*owner) : "");
  const std::string own = place_in_checkout(places);
  std::error_code ignored;
  const bool is_taken = !first.empty() && first != own && fs::exists(checkout / first, ignored);
  return is_taken ? fs::path(home.string() + '.' + fingerprint(own).substr(0, 8)) : home;
}

void claim_evidence(const Places& places) {
  if (!places.evidence.empty()) {
    static_cast<void>(write_file_if_changed(places.evidence / k_owner, place_in_checkout(places) + "\n"));
  }
}

fs::path find_checkout(const fs::path& path) {
  std::error_code ignored;
  for (fs::path directory = path; !directory.empty(); directory = directory.parent_path()) {
    if (fs::exists(directory / ".git", ignored)) {
      return directory;
    }
    if (directory == directory.parent_path()) {
      break;
    }
  }
  return {};
}

fs::path checkout_directory(const fs::path& root) {
  const fs::path git = git_directory(root);
  std::error_code ignored;
  return fs::is_directory(git, ignored) ? git / "ctest-matrix" : root / k_checkout_directory;
}

Result<fs::path> checkout_lock(const fs::path& root, std::string_view purpose) {
  const bool whole = root == find_checkout(root) || git_directory(root).empty();
  const fs::path lock =
      checkout_directory(root) / (whole ? fmt::format("{}.lock", purpose)
                                        : fmt::format("{}.{}.lock", purpose, fingerprint(root.string())));
  const auto made = make_shared_directory(lock.parent_path());
  const std::error_code error =
      made ? make_shared_file(lock) : std::error_code(EACCES, std::generic_category());
  if (!error) {
    return lock;
  }
  if (error != std::errc::permission_denied && error != std::errc::operation_not_permitted &&
      error != std::errc::read_only_file_system) {
    return Error{ExitCode::setup,
                 fmt::format("cannot open the lock {} of this checkout: {}; expected a file, "
                             "or nothing in its place",
                             lock.string(), error.message())};
  }
  // Who may not write the checkout disturbs nobody there but other runs of the same user.
  TRY_ASSIGN(const fs::path own, user_directory());
  return own / fmt::format("{}.{}.lock", fingerprint(root.string()), purpose);
}

Result<fs::path> user_state(const fs::path& root, std::string_view purpose) {
  TRY_ASSIGN(const fs::path own, user_directory());
  return own / fmt::format("{}.{}", fingerprint(root.string()), purpose);
}

} // namespace ctest_matrix
