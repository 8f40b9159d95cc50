#include "service/other_checkout.hpp"

#include "base/content.hpp"
#include "base/files.hpp"
#include "base/git_head.hpp"
#include "base/glob.hpp"
#include "base/text.hpp"
#include "matrix/artifact_chain.hpp"

#include <fmt/format.h>

#include <system_error>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// The git directory that all worktrees of a repository share.
fs::path shared_git(const fs::path& checkout) {
  const fs::path git = git_directory(checkout);
  const auto common = read_file(git / "commondir");
  std::error_code ignored;
  return fs::weakly_canonical(common ? git / trim(*common) : git, ignored);
}

/// The checkout that holds a path, where it is another one of this repository: a worktree of it, or one with
/// the matrix in the same place.
fs::path other_checkout_of(const Places& places, const fs::path& own, const fs::path& path) {
  const fs::path checkout = find_checkout(path);
  std::error_code ignored;
  if (checkout.empty() || fs::equivalent(checkout, own, ignored)) {
    return {};
  }
  const fs::path matrix = checkout / places.matrix.lexically_relative(own);
  return shared_git(checkout) == shared_git(own) || fs::exists(matrix, ignored) ? checkout : fs::path();
}

class Comparison {
public:
  Comparison(const CommonPlan& common, const fs::path& own, const fs::path& other)
      : m_common(common), m_own(own), m_other(other),
        m_here(common.places.root, memory_of(common.places.root)), m_there(root(), memory_of(root())) {}

  fs::path root() const {
    const fs::path below = m_common.places.root.lexically_relative(m_own);
    return below == "." ? m_other : (m_other / below).lexically_normal();
  }

  /// Empty: none.
  std::string difference(const Service& service, const std::optional<fs::path>& program) {
    const auto artifacts = artifact_chain(m_common.artifacts, service.after);
    for (const Artifact* artifact : artifacts) {
      if (glob(m_common.places.root, artifact->outputs).empty()) {
        return fmt::format("its artifact '{}' is not built here", artifact->name);
      }
      if (m_here.of_files(artifact->outputs) != m_there.of_files(artifact->outputs)) {
        return fmt::format("its artifact '{}' is another one than here", artifact->name);
      }
    }
    const fs::path relative = program ? program->lexically_relative(m_other) : fs::path();
    const bool is_inside = !relative.empty() && *relative.begin() != "..";
    if (is_inside && !same_program(relative)) {
      return fmt::format("its program {} is another one than here", relative.string());
    }
    return artifacts.empty() && !is_inside ? "nothing tells whether it is the one that would run here: the "
                                             "service comes `after` no artifact"
                                           : "";
  }

private:
  fs::path memory_of(const fs::path& root) const {
    return m_common.places.state / "checkouts" / fingerprint(root.string());
  }

  /// Of one that was built anew since it was started, the path does not lead anywhere.
  bool same_program(const fs::path& relative) const {
    ContentReader here(m_own, memory_of(m_own));
    ContentReader there(m_other, memory_of(m_other));
    const std::vector<std::string> name{relative.string()};
    std::error_code ignored;
    return fs::exists(m_other / relative, ignored) && fs::exists(m_own / relative, ignored) &&
           here.of_files(name) == there.of_files(name);
  }

  const CommonPlan& m_common;
  fs::path m_own;
  fs::path m_other;
  ContentReader m_here;
  ContentReader m_there;
};

} // namespace

std::optional<OtherCheckout> other_checkout(const CommonPlan& common, const Service& service,
                                            const std::vector<Listener>& listeners) {
  const fs::path own = find_checkout(common.places.root);
  if (own.empty()) {
    return std::nullopt;
  }
  for (const Listener& listener : listeners) {
    for (const pid_t pid : holders_of(listener)) {
      const auto program = executable(pid);
      fs::path other = program ? other_checkout_of(common.places, own, program->parent_path()) : fs::path();
      const auto directory = working_directory(pid);
      const bool of_here = program && find_checkout(program->parent_path()) == own;
      if (other.empty() && directory && !of_here) {
        other = other_checkout_of(common.places, own, *directory);
      }
      if (!other.empty()) {
        Comparison comparison(common, own, other);
        return OtherCheckout{.root = comparison.root(),
                             .process = fmt::format("process {}: {}", pid, command_line(pid)),
                             .difference = comparison.difference(service, program)};
      }
    }
  }
  return std::nullopt;
}

} // namespace ctest_matrix
