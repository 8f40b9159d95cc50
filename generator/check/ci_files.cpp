#include "check/ci_files.hpp"

#include "base/templates.hpp"
#include "base/text.hpp"
#include "shard/slurm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr int k_most_jobs = 200; // of one job of GitLab's; GitHub has 256

/// What the files of a checkout tell of the tools that it needs.
class Needs {
public:
  explicit Needs(fs::path checkout) : m_checkout(std::move(checkout)) {}

  bool node() const { return has("package.json"); }

  bool pnpm() const { return has("pnpm-lock.yaml"); }

  bool cargo() const { return has("Cargo.toml"); }

  bool python() const { return has("pyproject.toml") || has("requirements.txt"); }

  bool has(const char* file) const {
    std::error_code ignored;
    return fs::exists(m_checkout / file, ignored);
  }

  /// How the dependencies are installed.
  std::vector<std::string> installation() const {
    std::vector<std::string> lines;
    if (node()) {
      lines.emplace_back(pnpm()             ? "corepack enable && pnpm install --frozen-lockfile"
                         : has("yarn.lock") ? "corepack enable && yarn install --immutable"
                         : has("bun.lock")  ? "npm install --global bun && bun install --frozen-lockfile"
                                            : "npm ci");
    }
    if (has("requirements.txt")) {
      lines.emplace_back("python3 -m pip install -r requirements.txt");
    } else if (has("pyproject.toml")) {
      lines.emplace_back("python3 -m pip install -e .");
    }
    return lines;
  }

private:
  fs::path m_checkout;
};

/// The lines of a step that brings all tools.
std::vector<std::string> tool_lines(const Needs& needs, bool is_github) {
  std::string packages = "ctest:cmake ninja:ninja-build git:git";
  if (!is_github && needs.cargo() && needs.node()) {
    packages += " node:nodejs npm:npm";
  }
  std::vector<std::string> lines{"missing=''",
                                 fmt::format("for tool in {}; do command -v \"${{tool%:*}}\" > /dev/null || "
                                             "missing=\"$missing ${{tool#*:}}\"; done",
                                             packages),
                                 "if [ -n \"$missing\" ]; then $(command -v sudo) apt-get update -q; "
                                 "$(command -v sudo) apt-get install -yq $missing; fi"};
  const std::vector<std::string> installation = needs.installation();
  lines.insert(lines.end(), installation.begin(), installation.end());
  if (needs.node()) {
    lines.emplace_back("export PATH=\"$PWD/node_modules/.bin:$PATH\"");
    if (is_github) {
      lines.emplace_back("echo \"$PWD/node_modules/.bin\" >> \"$GITHUB_PATH\"");
    }
  }
  lines.emplace_back(
      "command -v ctest-matrix > /dev/null || { echo 'ctest-matrix is not on PATH: add it to the "
      "devDependencies, or install a package of it here' >&2; exit 1; }");
  return lines;
}

/// The steps of GitHub's that put languages in place.
std::vector<std::string> setup_lines(const Needs& needs) {
  std::vector<std::string> lines;
  if (needs.node()) {
    lines.insert(lines.end(), {"- uses: actions/setup-node@v4", "  with:", "    node-version: 22"});
  }
  if (needs.python()) {
    lines.insert(lines.end(), {"- uses: actions/setup-python@v5", "  with:", "    python-version: '3.12'"});
  }
  return lines;
}

/// Puts lines in the place of a line that holds but the word, each as far to the right as that, and none for
/// none.
std::string with_lines(std::string_view text, std::string_view word, const std::vector<std::string>& lines,
                       std::size_t indent) {
  std::string filled;
  for (const std::string& line : split_lines(text)) {
    if (trim(line) != word) {
      filled += line + "\n";
      continue;
    }
    const std::size_t own = line.find(word);
    for (const std::string& each : lines) {
      filled += std::string(own == 0 ? indent : own, ' ') + each + "\n";
    }
  }
  return filled;
}

std::string image_for(const Needs& needs) {
  return needs.cargo()    ? "rust:1-bookworm"
         : needs.node()   ? "node:22-bookworm"
         : needs.python() ? "python:3.12-bookworm"
                          : "buildpack-deps:bookworm";
}

} // namespace

Result<std::pair<fs::path, std::string>> ci_file(const CiRequest& request, const std::string& name,
                                                 const fs::path& directory, const fs::path& checkout) {
  const bool is_github = request.kind == "github";
  if (!is_github && request.kind != "gitlab") {
    return Error{ExitCode::usage,
                 fmt::format("--ci: expected github or gitlab, got '{}'", printable(request.kind))};
  }
  if (request.shares > k_most_jobs) {
    return Error{ExitCode::usage,
                 fmt::format("--shares: expected {} at most, got {}", k_most_jobs, request.shares)};
  }
  const Needs needs(checkout);
  constexpr std::size_t k_steps = 6; // spaces before a step
  std::string text(find_template(is_github ? "ci/github.yml" : "ci/gitlab.yml"));
  text = with_lines(text, "@SETUP@", setup_lines(needs), k_steps);
  text = with_lines(text, "@TOOLS@", tool_lines(needs, is_github), 0);
  std::vector<std::string> shares;
  for (int share = 1; share <= request.shares; ++share) {
    shares.push_back(std::to_string(share));
  }
  std::error_code ignored;
  const fs::path below = fs::weakly_canonical(fs::absolute(directory), ignored).lexically_relative(checkout);
  const std::string matrix = (below / "matrix.yaml").lexically_normal().generic_string();
  const std::string plain = job_name(name);
  const bool has_baseline = fs::exists(checkout / "known-failures.txt", ignored);
  for (const auto& [word, value] :
       {std::pair("@NAME@", plain), std::pair("@MATRIX@", matrix), std::pair("@SHARES@", join(shares, ", ")),
        std::pair("@COUNT@", std::to_string(request.shares)), std::pair("@IMAGE@", image_for(needs)),
        std::pair("@BASELINE@", std::string(has_baseline ? " --baseline known-failures.txt" : ""))}) {
    text = replace_all(std::move(text), word, value);
  }
  fs::path file = checkout / ".github" / "workflows" / (plain + ".yml");
  if (!is_github) {
    file = checkout / ".gitlab-ci.yml";
    if (fs::exists(file, ignored)) {
      file = checkout / ".gitlab" / (plain + ".yml");
    }
  }
  return std::pair(std::move(file), std::move(text));
}

} // namespace ctest_matrix
