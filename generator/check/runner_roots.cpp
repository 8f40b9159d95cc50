#include "check/runner_roots.hpp"

#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <system_error>
#include <utility>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// What no suite of the checkout's own lies in.
const std::vector<std::string> k_elsewhere{
    "!build/**",         "!**/build/**",       "!**/dist/**",     "!**/target/**",      "!**/.venv/**",
    "!**/venv/**",       "!**/vendor/**",      "!**/.tox/**",     "!**/third_party/**", "!**/third-party/**",
    "!**/_deps/**",      "!**/coverage/**",    "!**/fixtures/**", "!**/extern/**",      "!**/external/**",
    "!**/thirdparty/**", "!**/googletest-*/**"};

/// A word of a package's script or a dependency that tells its runner; the first one counts.
struct PackageMark {
  std::string_view kind;
  std::vector<std::string_view> words;    ///< in a script
  std::vector<std::string_view> packages; ///< as a dependency
};

const std::vector<PackageMark> k_package_marks{{"vitest", {"vitest"}, {"vitest"}},
                                               {"jest", {"jest"}, {"jest", "@jest/core"}},
                                               {"playwright", {"playwright"}, {"@playwright/test"}},
                                               {"mocha", {"mocha"}, {"mocha"}},
                                               {"ava", {"ava"}, {"ava"}},
                                               {"tape", {"tape", "tap"}, {"tape", "tap"}},
                                               {"bun", {"bun test"}, {}},
                                               {"deno", {"deno test"}, {}},
                                               {"node", {"node --test", "--test"}, {}}};

/// Whether a word is in a line, and is not what an option `--reporter` before it names.
bool has_word(std::string_view text, std::string_view word) {
  const auto is_reporter = [&](std::string_view before) {
    const std::string_view words = trim(before);
    return words.size() < before.size() ? words.ends_with("--reporter") || words.ends_with(" -R")
                                        : words.ends_with("--reporter=");
  };
  const auto is_part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-'; };
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_part(text[at - 1])) && (end == text.size() || !is_part(text[end])) &&
        !is_reporter(text.substr(0, at))) {
      return true;
    }
  }
  return false;
}

struct Mark {
  std::string_view kind;
  std::string words;
  std::string script{};
};

/// Which runners a package.json speaks of: those of its test scripts, else those that it depends on.
std::vector<Mark> marks_of_package(const fs::path& file) {
  const auto text = read_file(file);
  const auto package = text ? parse_json(*text) : Result<Json>(text.error());
  std::vector<Mark> marks;
  if (!package) {
    return marks;
  }
  const auto mark = [&](std::string_view kind, std::string words, std::string script = "") {
    if (std::ranges::find(marks, kind, &Mark::kind) == marks.end()) {
      marks.push_back({kind, std::move(words), std::move(script)});
    }
  };
  for (const Json::Member& script : (*package)["scripts"].members()) {
    const std::string* const line = script.value.as_string();
    for (const PackageMark& known : k_package_marks) {
      const bool is_test = line != nullptr && script.key.starts_with("test");
      if (is_test && std::ranges::any_of(known.words, [&](auto word) { return has_word(*line, word); })) {
        mark(known.kind, fmt::format("the script '{}' of package.json", script.key), *line);
      }
    }
  }
  const bool scripts_tell = !marks.empty();
  for (const char* section : {"devDependencies", "dependencies"}) {
    if (scripts_tell) {
      break;
    }
    for (const PackageMark& known : k_package_marks) {
      for (const std::string_view name : known.packages) {
        if ((*package)[section].find(name) != nullptr) {
          mark(known.kind, fmt::format("{} in package.json", name));
        }
      }
    }
  }
  return marks;
}

/// The directory above a file of a listing.
fs::path parent_of(const fs::path& directory, const std::string& file) {
  return (directory / file).parent_path();
}

/// Whether vitest runs several projects from here: its configuration says so.
bool is_vitest_workspace(const fs::path& directory) {
  for (const std::string& file :
       glob(directory, {"vitest.config.*", "vite.config.*", "vitest.workspace.*"})) {
    const auto text = read_regular_file(directory / file, 1 << 20);
    if (file.starts_with("vitest.workspace.") ||
        (text && (has_word(*text, "projects") || has_word(*text, "workspace")))) {
      return true;
    }
  }
  return false;
}

/// What lies below a workspace of vitest is run from there, all of it by one matrix.
void join_workspaces(std::vector<RunnerRoot>& roots) {
  std::vector<fs::path> workspaces;
  for (const RunnerRoot& root : roots) {
    if (root.kind == "vitest" && is_vitest_workspace(root.directory)) {
      workspaces.push_back(root.directory);
    }
  }
  std::erase_if(roots, [&](const RunnerRoot& root) {
    return root.kind == "vitest" && std::ranges::any_of(workspaces, [&](const fs::path& workspace) {
             return root.directory.native().starts_with(workspace.native() + '/');
           });
  });
}

/// A package is a root of its own; one that speaks of no runner belongs to the one above it.
void find_javascript(const fs::path& directory, const fs::path& checkout, std::vector<RunnerRoot>& roots) {
  for (const std::string& file : files_below(directory, {"**/package.json"})) {
    std::vector<Mark> marks = marks_of_package(directory / file);
    for (fs::path above = directory; file == "package.json" && marks.empty() && above != checkout;) {
      above = above.parent_path();
      marks = marks_of_package(above / file);
    }
    for (Mark& mark : marks) {
      roots.push_back({mark.kind, parent_of(directory, file), std::move(mark.words), std::move(mark.script)});
    }
  }
  join_workspaces(roots);
  for (const std::string& file : files_below(directory, {"**/deno.json", "**/deno.jsonc"})) {
    roots.push_back({"deno", parent_of(directory, file), fs::path(file).filename().string()});
  }
}

/// The roots that files of these names make, without those below another one.
void find_anchors(std::string_view kind, const fs::path& directory, const std::vector<std::string>& anchors,
                  std::vector<RunnerRoot>& roots) {
  std::vector<RunnerRoot> found;
  for (const std::string& anchor : anchors) {
    for (const std::string& file : files_below(directory, {"**/" + anchor})) {
      found.push_back({kind, parent_of(directory, file), anchor});
    }
  }
  std::ranges::stable_sort(found, {}, [](const RunnerRoot& root) { return root.directory.native().size(); });
  for (RunnerRoot& root : found) {
    const bool is_below = std::ranges::any_of(roots, [&](const RunnerRoot& above) {
      return above.kind == kind &&
             (root.directory.native() + '/').starts_with(above.directory.native() + '/');
    });
    if (!is_below) {
      roots.push_back(std::move(root));
    }
  }
}

/// Files that need no configuration: their names are the mark.
void find_by_files(std::string_view kind, const fs::path& directory, const std::string& pattern,
                   std::vector<RunnerRoot>& roots) {
  const bool known = std::ranges::any_of(roots, [&](const RunnerRoot& root) { return root.kind == kind; });
  if (!known && !files_below(directory, {pattern}).empty()) {
    roots.push_back({kind, directory, "files " + pattern.substr(pattern.rfind('/') + 1)});
  }
}

} // namespace

std::vector<std::string> files_below(const fs::path& directory, std::vector<std::string> patterns) {
  patterns.insert(patterns.end(), k_elsewhere.begin(), k_elsewhere.end());
  return glob(directory, patterns);
}

std::string kept_out_by(const std::string& file) {
  for (std::size_t end = file.find('/'); end != std::string::npos; end = file.find('/', end + 1)) {
    const std::string directory = file.substr(0, end);
    const bool is_out = std::ranges::any_of(k_elsewhere, [&](const std::string& pattern) {
      return glob_match(std::string_view(pattern).substr(1), directory + "/x");
    });
    if (is_out) {
      return directory;
    }
  }
  return "";
}

std::vector<RunnerRoot> find_roots(const fs::path& directory, const fs::path& checkout) {
  std::vector<RunnerRoot> roots;
  find_javascript(directory, checkout, roots);
  find_anchors("pytest", directory, {"pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg", "setup.py"},
               roots);
  find_by_files("pytest", directory, "**/test_*.py", roots);
  for (const char* framework : {"gtest", "catch2", "doctest"}) {
    find_anchors(framework, directory, {"CMakeLists.txt"}, roots);
  }
  find_anchors("nextest", directory, {".config/nextest.toml"}, roots);
  for (RunnerRoot& root : roots) {
    root.directory = root.kind == "nextest" ? root.directory.parent_path() : root.directory;
  }
  if (std::ranges::find(roots, "nextest", &RunnerRoot::kind) == roots.end()) {
    find_anchors("cargo", directory, {"Cargo.toml"}, roots);
  }
  find_anchors("go", directory, {"go.mod"}, roots);
  find_by_files("bats", directory, "**/*.bats", roots);
  find_by_files("perl", directory, "**/t/*.t", roots);
  return roots;
}

bool has_anchor(const fs::path& directory) {
  std::error_code ignored;
  return std::ranges::any_of(std::vector{"package.json", "deno.json", "pyproject.toml", "setup.cfg",
                                         "CMakeLists.txt", "Cargo.toml", "go.mod"},
                             [&](const char* name) { return fs::exists(directory / name, ignored); });
}

} // namespace ctest_matrix
