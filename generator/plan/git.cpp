#include "plan/git.hpp"

#include "base/git_head.hpp"
#include "base/text.hpp"
#include "plan/environment.hpp"
#include "process/leftovers.hpp"
#include "process/process.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_most_output = std::size_t{64} << 20; // bytes
constexpr Milliseconds k_patience{30'000};

} // namespace

std::optional<std::string> ask_git(const std::filesystem::path& directory,
                                   const std::vector<std::string>& arguments,
                                   const std::vector<std::string>& environment) {
  std::string output;
  ProcessSpec spec;
  spec.argv = {"sh", "-c", R"(exec git "$@" 2>/dev/null)", "git"};
  spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
  spec.directory = directory;
  spec.environment = *environment_with({}, lookup_in({}));
  std::erase_if(spec.environment, [](const std::string& entry) { return entry.starts_with("GIT_"); });
  spec.environment.emplace_back("GIT_OPTIONAL_LOCKS=0");
  spec.environment.insert(spec.environment.end(), environment.begin(), environment.end());
  spec.marker = helper_marker("git");
  spec.deadline = k_patience;
  spec.on_output = [&](std::string_view chunk) {
    output.append(chunk.substr(0, k_most_output - std::min(k_most_output, output.size())));
  };
  const Outcome outcome = supervise(spec);
  const bool good = outcome.end == Outcome::End::exited && outcome.exit_code == 0;
  return good ? std::optional(std::move(output)) : std::nullopt;
}

std::string head_commit(const std::filesystem::path& root) {
  if (auto head = git_head(root)) {
    return *std::move(head);
  }
  return std::string(trim(ask_git(root, {"rev-parse", "HEAD"}).value_or("")));
}

} // namespace ctest_matrix
