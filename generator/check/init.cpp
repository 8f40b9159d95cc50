#include "check/init.hpp"

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/templates.hpp"
#include "base/text.hpp"
#include "plan/project.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// What test files of a runner look like, and the file that marks the directory which it runs in.
struct Kind {
  std::string_view name;
  std::vector<std::string> files;   ///< names of test files
  std::vector<std::string> anchors; ///< in the runner's directory, the first that is there
};

const std::vector<Kind> k_kinds{
    {"vitest",
     {"*.test.ts", "*.spec.ts", "*.test.tsx", "*.spec.tsx", "*.test.js", "*.spec.js", "*.test.mjs",
      "*.test.mts"},
     {"package.json"}},
    {"pytest", {"test_*.py", "*_test.py"}, {"pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini"}},
    {"gtest", {"*_test.cpp", "*_test.cc", "test_*.cpp", "*Test.cpp", "*_unittest.cc"}, {"CMakeLists.txt"}}};

/// A directory and the pattern of most test files in it.
struct Suite {
  std::string directory; ///< relative to the runner's; empty: that itself
  std::string pattern;
  std::size_t files = 0;
};

Suite find_suite(const Kind& kind, const fs::path& runner) {
  Suite best;
  for (const std::string& pattern : kind.files) {
    std::map<std::string, std::size_t> by_directory;
    for (const std::string& path : glob(runner, {"**/" + pattern, "!build/**", "!**/build/**", "!**/dist/**",
                                                 "!**/.venv/**", "!**/venv/**"})) {
      ++by_directory[fs::path(path).parent_path().string()];
    }
    for (const auto& [directory, count] : by_directory) {
      if (count > best.files) {
        best = {directory, pattern, count};
      }
    }
  }
  return best;
}

/// The nearest directory, from `from` up to the checkout, that holds an anchor; else the checkout.
fs::path runner_directory(const Kind& kind, const fs::path& from, const fs::path& checkout) {
  std::error_code ignored;
  for (fs::path directory = from;; directory = directory.parent_path()) {
    const bool is_ours = directory == from && fs::exists(directory / "matrix.yaml", ignored);
    for (const std::string& anchor : kind.anchors) {
      if (!is_ours && fs::exists(directory / anchor, ignored)) {
        return directory;
      }
    }
    if (directory == checkout || directory == directory.parent_path()) {
      return checkout;
    }
  }
}

/// The package manager, by the lock file that is there: its name, and what runs a program of the packages.
std::pair<std::string, std::string> package_manager(const fs::path& runner, const fs::path& checkout) {
  const std::pair<const char*, std::pair<const char*, const char*>> managers[] = {
      {"pnpm-lock.yaml", {"pnpm", "pnpm, exec"}},
      {"yarn.lock", {"yarn", "yarn, run"}},
      {"bun.lock", {"bun", "bunx"}},
      {"bun.lockb", {"bun", "bunx"}}};
  std::error_code ignored;
  for (fs::path directory = runner;; directory = directory.parent_path()) {
    for (const auto& [lock, manager] : managers) {
      if (fs::exists(directory / lock, ignored)) {
        return manager;
      }
    }
    if (directory == checkout || directory == directory.parent_path()) {
      return {"npm", "npx, --no"};
    }
  }
}

/// A name that a matrix may have.
std::string plain(std::string name) {
  for (char& c : name) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    c = good ? c : '-';
  }
  name.erase(0, name.find_first_not_of('-'));
  return name.empty() ? "suite" : name;
}

/// The values of a template's @NAMES@.
using Values = std::vector<std::pair<std::string, std::string>>;

/// What the checkout shows, as the values for the template of a kind. Error (input): no test file.
Result<Values> look_around(const Kind& kind, const fs::path& directory, std::vector<std::string>& found) {
  std::error_code ignored;
  const fs::path from = fs::weakly_canonical(fs::absolute(directory), ignored);
  const fs::path above = find_checkout(from);
  const fs::path checkout = above.empty() ? from : above;
  const fs::path runner = runner_directory(kind, from, checkout);
  const Suite suite = find_suite(kind, runner);
  if (suite.files == 0) {
    return Error{ExitCode::input, fmt::format("no test file of {} is below {}; expected files like {}",
                                              kind.name, runner.string(), join(kind.files, ", "))};
  }
  const std::string below = suite.directory.empty() ? "" : suite.directory + "/";
  const std::string file = replace_all(suite.pattern, "*", "{file}");
  const fs::path relative = runner.lexically_relative(checkout);
  found.push_back(fmt::format("{} test file{} {}{} in {}", suite.files, suite.files == 1 ? "" : "s", below,
                              suite.pattern, runner.string()));
  Values values{{"NAME", plain(runner.filename().string())},
                {"DIRECTORY", relative.string()},
                {"FILES", below + file},
                {"PROGRAM", file.substr(0, file.rfind('.'))}};
  if (kind.name == "vitest") {
    const auto [manager, exec] = package_manager(runner, checkout);
    found.push_back(fmt::format("packages of {}", manager));
    values.emplace_back("EXEC", exec);
  }
  return values;
}

/// The settings of VS Code for a checkout that has none; nothing where it has some. A checkout with a CMake
/// project of its own stays that project.
std::optional<std::pair<fs::path, std::string>> editor_settings(const fs::path& directory) {
  std::error_code ignored;
  const fs::path from = fs::weakly_canonical(fs::absolute(directory), ignored);
  const fs::path above = find_checkout(from);
  const fs::path workspace = above.empty() ? from : above;
  fs::path file = workspace / ".vscode" / "settings.json";
  if (fs::exists(file, ignored)) {
    return std::nullopt;
  }
  std::vector<std::string> lines = split_lines(find_template("cmake/vscode.json"));
  const bool own_project = from == workspace || fs::exists(workspace / "CMakeLists.txt", ignored);
  std::string text;
  for (const std::string& line : lines) {
    if (line.find("@FOLDER@") == std::string::npos) {
      text += line + "\n";
    } else if (!own_project) {
      const std::string folder = from.lexically_relative(workspace).string();
      text +=
          replace_all(line, "@FOLDER@", replace_all(replace_all(folder, "\\", "\\\\"), "\"", "\\\"")) + "\n";
    }
  }
  return std::pair(std::move(file), std::move(text));
}

} // namespace

Result<Scaffold> make_scaffold(const std::string& name, const fs::path& directory) {
  std::vector<std::string> names;
  std::vector<std::pair<fs::path, std::string>> files;
  for (const std::string_view path : template_names()) {
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos || path.starts_with("cmake/")) {
      continue;
    }
    if (const std::string kind(path.substr(0, slash)); names.empty() || names.back() != kind) {
      names.push_back(kind);
    }
    if (names.back() == name) {
      files.emplace_back(directory / path.substr(slash + 1), find_template(path));
    }
  }
  if (files.empty()) {
    return Error{ExitCode::usage, fmt::format("unknown template '{}'{}", name, suggestion(name, names))};
  }
  files.emplace_back(directory / "matrix.schema.json", find_template("matrix.schema.json"));
  Scaffold scaffold;
  Values filling{{"NAME", name}};
  const auto kind =
      std::find_if(k_kinds.begin(), k_kinds.end(), [&](const Kind& known) { return known.name == name; });
  if (kind != k_kinds.end()) {
    TRY_ASSIGN(const auto values, look_around(*kind, directory, scaffold.found));
    for (const char* shared : {"CMakeLists.txt", "CMakePresets.json"}) {
      files.emplace_back(directory / shared, find_template(fmt::format("cmake/{}", shared)));
    }
    filling = values;
  }
  files.emplace_back(directory / "dashboard.cmake", find_template("cmake/dashboard.cmake"));
  for (auto& [path, text] : files) {
    for (const auto& [key, value] : filling) {
      text = replace_all(std::move(text), fmt::format("@{}@", key), value);
    }
  }
  if (auto settings = editor_settings(directory)) {
    files.push_back(*std::move(settings));
  }
  scaffold.files = std::move(files);
  return scaffold;
}

Result<void> write_scaffold(const Scaffold& scaffold) {
  for (const auto& [path, text] : scaffold.files) {
    if (const auto existing = read_file(path); existing && *existing != text) {
      return Error{ExitCode::input,
                   fmt::format("{} is there already and stays as it is; nothing was written; name another "
                               "directory, such as {}",
                               path.string(), (path.parent_path() / "matrix").string())};
    }
  }
  for (const auto& [path, text] : scaffold.files) {
    if (auto written = write_file_if_changed(path, text); !written) {
      return written;
    }
  }
  return {};
}

} // namespace ctest_matrix
