#include "check/packages.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "cell/command.hpp"
#include "check/crates.hpp"
#include "check/runner_roots.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// What a cell's command is, as far as it is known before it runs.
std::vector<std::string> words_of(const CommonPlan& common, const BoundCell& cell) {
  const Values values = values_of(common, cell);
  std::vector<std::string> words;
  for (const TextTemplate& argument : cell.command) {
    words.push_back(known_part(argument, values));
  }
  return words;
}

/// Whether a command calls `program`, and behind it one of `verbs`; without any, the program tells enough.
bool calls(const std::vector<std::string>& words, std::string_view program,
           const std::vector<std::string>& verbs) {
  const auto called = std::ranges::find(
      words, program, [](const std::string& word) { return fs::path(word).filename().string(); });
  return called != words.end() && (verbs.empty() || std::find_first_of(called, words.end(), verbs.begin(),
                                                                       verbs.end()) != words.end());
}

/// The directories of Go's packages that have tests, as Go finds them; `.` is the runner's own.
std::set<std::string> packages_of_go(const fs::path& directory) {
  const auto files = files_below(directory, {"**/*_test.go"});
  std::vector<std::string> modules; // of other modules below this one, with a slash at the end
  for (const std::string& file : files_below(directory, {"*/**/go.mod"})) {
    modules.push_back(file.substr(0, file.rfind('/') + 1));
  }
  std::set<std::string> packages;
  for (const std::string& file : files) {
    const std::vector<std::string> parts = split(file, '/');
    const bool is_passed_over = std::ranges::any_of(parts, [](const std::string& part) {
      return part == "testdata" || part.starts_with('_') || part.starts_with('.');
    });
    const bool is_elsewhere = std::ranges::any_of(
        modules, [&](const std::string& module_directory) { return file.starts_with(module_directory); });
    if (!is_passed_over && !is_elsewhere) {
      const std::size_t slash = file.rfind('/');
      packages.insert(slash == std::string::npos ? "." : file.substr(0, slash));
    }
  }
  return packages;
}

/// The path that the module's file gives to its packages, with a slash at the end; empty: none.
std::string module_path(const fs::path& directory) {
  const auto text = read_regular_file(directory / "go.mod", 1 << 20);
  for (const std::string& line : split_lines(text ? *text : "")) {
    if (line.starts_with("module ")) {
      return std::string(trim(std::string_view(line).substr(7))) + '/';
    }
  }
  return "";
}

/// Takes what a word of a command stands for out of the packages of Go.
void take_go(std::string word, const std::string& module_name, std::set<std::string>& left) {
  constexpr std::string_view k_below = "...";
  if (!module_name.empty() && (word + '/').starts_with(module_name)) {
    word = "./" + (word + '/').substr(module_name.size());
  }
  const std::string path = fs::path(word).lexically_normal().generic_string();
  std::string name = path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
  name = name.empty() ? "." : name;
  const bool is_tree = name.ends_with(k_below);
  const std::string below = is_tree ? name.substr(0, name.size() - k_below.size()) : ""; // `http/`
  std::erase_if(left, [&](const std::string& package) {
    return package == name || (is_tree && (package + '/').starts_with(below));
  });
}

/// Takes the package that cargo is told to test out of those that have tests: all where it is told none.
void take_crates(const std::vector<std::string>& words, std::set<std::string>& left) {
  std::vector<std::string> named;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool is_option = words[i] == "-p" || words[i] == "--package";
    if (is_option && i + 1 < words.size()) {
      named.push_back(words[i + 1]);
    } else if (words[i].starts_with("--package=")) {
      named.push_back(words[i].substr(words[i].find('=') + 1));
    }
  }
  if (named.empty()) {
    left.clear();
  }
  for (const std::string& package : named) {
    left.erase(package.substr(0, package.find('@')));
  }
}

/// What of the packages no cell runs, by who finds them; nothing where the suite is of neither.
std::optional<std::set<std::string>> packages_left(const Plan& plan) {
  const fs::path& directory = plan.common.directory;
  std::optional<std::set<std::string>> left;
  for (const Cell& each : plan.cells) {
    const std::vector<std::string> words = words_of(plan.common, bind(plan.common, each));
    if (calls(words, "gotestsum", {}) || calls(words, "go", {"test"})) {
      left = left ? std::move(left) : packages_of_go(directory);
      const std::string module_name = module_path(directory);
      std::ranges::for_each(words, [&](const std::string& word) { take_go(word, module_name, *left); });
    } else if (calls(words, "cargo", {"test", "nextest"})) {
      if (!left) {
        const Crates crates = find_crates(directory, files_below(directory, {"**/Cargo.toml"}),
                                          files_below(directory, {"**/*.rs"}));
        left.emplace(crates.tested.begin(), crates.tested.end());
      }
      take_crates(words, *left);
    } else {
      return std::nullopt; // a script runs what it runs
    }
  }
  return left;
}

/// How the matrix would write the row of a package: as the others are; nothing where they show no way.
std::optional<std::string> row_text(const std::vector<Row>& rows, const std::string& package) {
  const auto by_path = [](const Row& row) { return row.suite == "./" + row.name; };
  const auto by_name = [](const Row& row) { return row.suite == row.name; };
  if (!is_row_name(package)) {
    return std::nullopt;
  }
  return std::ranges::any_of(rows, by_path)   ? std::optional(fmt::format("{0}: ./{0}", package))
         : std::ranges::all_of(rows, by_name) ? std::optional(package + ':')
                                              : std::nullopt;
}

} // namespace

std::vector<Fix> check_packages(const Project& project, const Plan& plan, Diagnostics& diagnostics) {
  const Matrix& matrix = project.matrix;
  const auto left = matrix.runner.file || plan.cells.empty() ? std::nullopt : packages_left(plan);
  std::vector<Fix> fixes;
  if (!left || left->empty()) {
    return fixes;
  }
  std::vector<std::string> names(left->begin(), left->end());
  diagnostics.error(
      "M048", matrix.rows_place,
      fmt::format("rows: no row runs {}: {}; expected a row for each, in the section 'excluded' if "
                  "it is not to run",
                  names.size() == 1 ? "a package that has tests"
                                    : plural(names.size(), "package") + " that have tests",
                  join(names, ", ")));
  const auto last = std::find_if(matrix.rows.rbegin(), matrix.rows.rend(),
                                 [](const Row& row) { return !row.is_excluded(); });
  for (const std::string& name : last == matrix.rows.rend() ? std::vector<std::string>() : names) {
    if (auto row = row_text(matrix.rows, name)) {
      fixes.push_back({Fix::Kind::append, last->location, *std::move(row)});
    }
  }
  return fixes;
}

} // namespace ctest_matrix
