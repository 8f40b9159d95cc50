#include "check/suites.hpp"

#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/text.hpp"
#include "check/crates.hpp"
#include "check/runner_roots.hpp"
#include "matrix/row_file.hpp"
#include "plan/git.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <regex>
#include <set>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// `name` in each of the usual endings of JavaScript.
std::vector<std::string> in_javascript(const std::vector<std::string>& names) {
  std::vector<std::string> patterns;
  for (const std::string& name : names) {
    for (const char* ending : {"ts", "tsx", "js", "jsx", "mts", "mjs", "cts", "cjs"}) {
      patterns.push_back(fmt::format("**/{}.{}", name, ending));
    }
  }
  return patterns;
}

std::vector<std::string> in_test_directories(std::vector<std::string> more) {
  for (const char* ending : {"js", "mjs", "cjs", "ts"}) {
    for (const char* directory : {"test", "tests"}) {
      more.push_back(fmt::format("**/{}/**/*.{}", directory, ending));
    }
  }
  return more;
}

const std::vector<std::string> k_cpp_files{"**/*_test.cpp",    "**/*-test.cpp", "**/test_*.cpp",
                                           "**/*Test.cpp",     "**/*.test.cpp", "**/*_unittest.cpp",
                                           "**/*_test.cc",     "**/*-test.cc",  "**/test_*.cc",
                                           "**/*_unittest.cc", "**/*_test.cxx"};

/// What a C++ source says of its framework.
std::string_view framework_of(const fs::path& source) {
  const auto text = read_regular_file(source, 4 << 20);
  const auto includes = [&](std::string_view part) {
    for (const std::string& line : split_lines(text ? *text : "")) {
      if (line.starts_with("#include") && line.find(part) != std::string::npos) {
        return true;
      }
    }
    return false;
  };
  return includes("gtest") || includes("gmock") ? "gtest"
         : includes("catch")                    ? "catch2"
         : includes("doctest")                  ? "doctest"
                                                : "";
}

/// The directories that all files have in common; empty, or with a slash at the end.
std::string common_directory(const std::vector<std::string>& files) {
  std::string common = files.front().substr(0, files.front().rfind('/') + 1);
  for (const std::string& file : files) {
    while (!file.starts_with(common)) {
      common.erase(common.find_last_of('/', common.size() - 2) + 1);
    }
  }
  return common;
}

std::string described(const std::string& directory, const std::string& name, bool is_deep) {
  return directory + (is_deep ? "**/" : "") + name;
}

/// The directories that pytest's configuration says its tests are in; empty: it does not say.
std::vector<std::string> test_paths(const fs::path& directory) {
  static const std::regex k_key(R"((^|\n)testpaths\s*=\s*(\[[^\]]*\]|[^\n]*(\n[ \t]+[^\n]*)*))");
  for (const char* const name : {"pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"}) {
    const auto text = read_regular_file(directory / name, 1 << 20);
    std::smatch match;
    if (!text || !std::regex_search(*text, match, k_key)) {
      continue;
    }
    std::string words = match.str(2);
    std::ranges::replace_if(
        words, [](char c) { return std::string_view("[]\"',\n\t\r").find(c) != std::string_view::npos; },
        ' ');
    std::vector<std::string> paths = split(words, ' ');
    std::erase(paths, "");
    return paths;
  }
  return {};
}

/// Whether a file is in one of these directories, or is one of them; true where there are none.
bool is_below_any(const std::string& file, const std::vector<std::string>& paths) {
  return paths.empty() || std::ranges::any_of(paths, [&](const std::string& path) {
           return path == "." || path.find('*') != std::string::npos || file == path ||
                  file.starts_with(path + '/');
         });
}

/// The patterns of the names of test files: those of vitest can be jest's, where its configuration says so.
const std::vector<std::string>& patterns_of(const RunnerRoot& root, const RunnerKind& kind) {
  if (kind.name != "vitest") {
    return kind.files;
  }
  for (const std::string& file : glob(root.directory, {"vitest.config.*", "vite.config.*"})) {
    const auto text = read_regular_file(root.directory / file, 1 << 20);
    if (text && text->find("__tests__") != std::string::npos) {
      return std::ranges::find(runner_kinds(), "jest", &RunnerKind::name)->files;
    }
  }
  return kind.files;
}

/// The files by the pattern that each is like, as paths from the root on.
std::map<std::string, std::vector<std::string>> by_pattern(const RunnerRoot& root, const RunnerKind& kind,
                                                           const std::vector<RunnerRoot>& all) {
  std::map<std::string, std::vector<std::string>> groups;
  std::set<std::string> taken;
  const auto paths = kind.name == "pytest" ? test_paths(root.directory) : std::vector<std::string>();
  for (const std::string& pattern : patterns_of(root, kind)) {
    for (const std::string& file : files_below(root.directory, {pattern})) {
      const fs::path path = root.directory / file;
      const bool is_another_roots = std::ranges::any_of(all, [&](const RunnerRoot& other) {
        return other.directory != root.directory &&
               other.directory.native().size() > root.directory.native().size() &&
               path.native().starts_with(other.directory.native() + '/') && other.kind == root.kind;
      });
      const bool is_cpp = std::ranges::find(k_cpp_files, pattern) != k_cpp_files.end();
      if (!is_another_roots && is_below_any(file, paths) && (!is_cpp || framework_of(path) == kind.name) &&
          taken.insert(file).second) {
        groups[pattern.substr(pattern.rfind('/') + 1)].push_back(file);
      }
    }
  }
  return groups;
}

/// Test files of a checkout's own (as git knows them, where there is git) in directories that usually hold
/// other things, a sentence for each directory.
std::vector<std::string> kept_out(const RunnerRoot& root, const RunnerKind& kind) {
  std::vector<std::string> patterns = kind.files;
  for (const char* never_own : {"target", ".venv", "venv", ".tox", "_deps", "coverage"}) {
    patterns.push_back(fmt::format("!**/{}/**", never_own));
  }
  std::map<std::string, std::vector<std::string>> found;
  for (const std::string& file : glob(root.directory, patterns)) {
    const std::string directory = kept_out_by(file);
    const bool is_cpp = kind.files == k_cpp_files;
    if (!directory.empty() && (!is_cpp || framework_of(root.directory / file) == kind.name)) {
      found[directory].push_back(file);
    }
  }
  std::vector<std::string> sentences;
  for (auto& [directory, files] : found) {
    const auto known =
        ask_git(root.directory, {"ls-files", "-co", "--exclude-standard", "-z", "--", directory});
    const std::vector<std::string> names = split(known.value_or(""), '\0');
    std::erase_if(files, [&](const std::string& file) {
      return known && std::ranges::find(names, file) == names.end();
    });
    if (!files.empty()) {
      sentences.push_back(
          fmt::format("{} below {}/, {}: what is built, brought along or a fixture has such a "
                      "name; the rows can name them",
                      plural(files.size(), "test file"), directory, files.front()));
    }
  }
  return sentences;
}

bool is_deep(const std::vector<std::string>& files, const std::string& directory) {
  return std::ranges::any_of(
      files, [&](const std::string& file) { return file.find('/', directory.size()) != std::string::npos; });
}

std::string without_ending(const std::string& name) {
  return name.substr(0, name.rfind('.'));
}

/// Takes the groups to the first one that differ from it in nothing but the ending, where no two of their
/// files differ in nothing else.
std::vector<std::string> take_endings(std::map<std::string, std::vector<std::string>>& groups,
                                      const std::string& first) {
  std::vector<std::string> endings;
  std::set<std::string> stems;
  std::ranges::transform(groups[first], std::inserter(stems, stems.end()), without_ending);
  for (auto group = groups.begin(); group != groups.end();) {
    const auto& [name, files] = *group;
    const bool is_other = name != first && without_ending(name) == without_ending(first) &&
                          std::ranges::none_of(files, [&](const std::string& file) {
                            return stems.contains(without_ending(file));
                          });
    if (!is_other) {
      ++group;
      continue;
    }
    endings.push_back(name.substr(name.rfind('.')));
    std::ranges::transform(files, std::inserter(stems, stems.end()), without_ending);
    groups[first].insert(groups[first].end(), files.begin(), files.end());
    group = groups.erase(group);
  }
  return endings;
}

/// Whether each file is that of one row, of a name that no other one has.
bool tell_rows_apart(const std::vector<std::string>& patterns, const std::vector<std::string>& files) {
  std::vector<std::optional<FilePattern>> parsed;
  std::ranges::transform(patterns, std::back_inserter(parsed), FilePattern::parse);
  std::set<std::string> rows;
  return std::ranges::all_of(files, [&](const std::string& file) {
    std::vector<std::string> names;
    for (const std::optional<FilePattern>& pattern : parsed) {
      if (auto name = pattern ? pattern->row_of(file) : std::nullopt) {
        names.push_back(*std::move(name));
      }
    }
    return names.size() == 1 && rows.insert(names.front()).second;
  });
}

/// Takes in the files of another name, if they can be rows beside those that are there.
bool take_others(FoundSuite& suite, std::vector<std::string>& taken, const std::string& pattern,
                 const std::vector<std::string>& files) {
  const bool names_no_file = suite.kind->files == k_cpp_files || !suite.packages.empty();
  FoundSuite both = suite;
  both.other_files.push_back(pattern);
  std::vector<std::string> all = taken;
  all.insert(all.end(), files.begin(), files.end());
  if (names_no_file || !tell_rows_apart(files_of_rows(both), all)) {
    return false;
  }
  suite = std::move(both);
  suite.count += files.size();
  taken = std::move(all);
  return true;
}

std::vector<std::string> directories_of(const std::vector<std::string>& files) {
  std::set<std::string> directories;
  for (const std::string& file : files) {
    const std::string directory = fs::path(file).parent_path().string();
    directories.insert(directory.empty() ? "." : directory);
  }
  return {directories.begin(), directories.end()};
}

/// The packages of a workspace, or a package whose tests all lie in its sources; nothing for one that has
/// test files: these are its rows.
std::optional<FoundSuite> crates_of(const RunnerRoot& root, const RunnerKind& kind) {
  Crates crates = find_crates(root.directory, files_below(root.directory, {"**/Cargo.toml"}),
                              files_below(root.directory, {"**/*.rs"}));
  if (crates.tested.empty() || (crates.is_single && !files_below(root.directory, kind.files).empty())) {
    return std::nullopt;
  }
  FoundSuite suite{
      .kind = &kind, .directory = root.directory, .mark = root.mark, .files = "**/*.rs", .left_out = {}};
  suite.packages = std::move(crates.tested);
  suite.count = suite.packages.size();
  for (const std::string& name : crates.untested) {
    suite.left_out.push_back(fmt::format("the package {}: it has no tests", name));
  }
  return suite;
}

std::optional<FoundSuite> suite_of(const RunnerRoot& root, const std::vector<RunnerRoot>& all) {
  const auto kind = std::ranges::find(runner_kinds(), root.kind, &RunnerKind::name);
  if (auto crates = kind->name == "cargo" ? crates_of(root, *kind) : std::nullopt) {
    return crates;
  }
  auto groups = by_pattern(root, *kind, all);
  const auto most =
      std::ranges::max_element(groups, {}, [](const auto& group) { return group.second.size(); });
  if (most == groups.end()) {
    return std::nullopt;
  }
  const std::string first = most->first;
  FoundSuite suite{.kind = &*kind,
                   .directory = root.directory,
                   .mark = root.mark,
                   .script = root.script,
                   .files = {},
                   .endings =
                       kind->files == k_cpp_files ? std::vector<std::string>() : take_endings(groups, first),
                   .left_out = kept_out(root, *kind)};
  if (kind->name == "cargo" &&
      std::ranges::any_of(files_below(root.directory, {"src/**/*.rs"}), [&](const std::string& source) {
        return has_rust_tests(root.directory / source);
      })) {
    suite.left_out.emplace_back(
        "the tests in src/: they are in no file of tests/ (`cargo test --lib --bins`)");
  }
  const auto pattern_of = [&](const std::string& name) {
    const std::string directory = common_directory(groups[name]);
    return described(directory, name, is_deep(groups[name], directory));
  };
  std::vector<std::string> taken = groups[first];
  suite.files = pattern_of(first);
  suite.count = taken.size();
  suite.program = kind->name == "gtest" ? one_program_of(root.directory, taken) : std::nullopt;
  suite.programs = kind->name == "gtest" ? programs_of(root.directory, taken) : std::vector<std::string>();
  suite.packages = kind->name == "go" ? directories_of(taken) : std::vector<std::string>();
  for (const auto& [name, files] : groups) {
    if (name != first && !take_others(suite, taken, pattern_of(name), files)) {
      suite.left_out.push_back(
          fmt::format("{} {}: named in another way, as rows that could not be told from the others",
                      plural(files.size(), "test file"), pattern_of(name)));
    }
  }
  return suite;
}

} // namespace

std::string file_of_rows(const std::string& pattern) {
  const std::size_t star = pattern.rfind('*');
  std::string file = pattern.substr(0, star) + "{file}" + pattern.substr(star + 1);
  // With directories in the row's name, what stands before that in the file's name would stand before them.
  const bool by_path = pattern.find("**/") != std::string::npos && pattern[pattern.rfind('/') + 1] != '*';
  return by_path ? file : replace_all(std::move(file), "**/", "");
}

std::vector<std::string> files_of_rows(const FoundSuite& suite) {
  std::vector<std::string> all{file_of_rows(suite.files)};
  const std::string stem = without_ending(all.front());
  for (const std::string& ending : suite.endings) {
    all.push_back(stem + ending);
  }
  std::ranges::transform(suite.other_files, std::back_inserter(all), file_of_rows);
  return all;
}

const std::vector<RunnerKind>& runner_kinds() {
  static const std::vector<std::string> k_test_names = in_javascript({"*.test", "*.spec"});
  static const std::vector<RunnerKind> k_kinds{
      {"vitest", k_test_names},
      {"jest", in_javascript({"*.test", "*.spec", "__tests__/**/*"})},
      {"playwright", k_test_names},
      {"mocha", in_test_directories(k_test_names)},
      {"ava", in_test_directories(k_test_names)},
      {"tape", in_test_directories(k_test_names)},
      {"bun", in_javascript({"*.test", "*_test", "*.spec", "*_spec"})},
      {"deno", in_javascript({"*_test", "*.test"})},
      {"node", in_test_directories(in_javascript({"*.test", "*-test", "*_test", "test-*"}))},
      {"pytest", {"**/test_*.py", "**/*_test.py"}},
      {"gtest", k_cpp_files},
      {"catch2", k_cpp_files},
      {"doctest", k_cpp_files},
      {"nextest", {"tests/*.rs"}},
      {"cargo", {"tests/*.rs"}},
      {"go", {"**/*_test.go"}},
      {"bats", {"**/*.bats"}},
      {"perl", {"**/t/**/*.t"}}};
  return k_kinds;
}

std::vector<FoundSuite> find_suites(const fs::path& directory, const fs::path& checkout,
                                    std::string_view kind) {
  for (fs::path from = directory;; from = from.parent_path()) {
    std::vector<RunnerRoot> roots = find_roots(from, checkout);
    if (!kind.empty()) {
      std::erase_if(roots, [&](const RunnerRoot& root) { return root.kind != kind; });
      if (roots.empty() && (from == checkout || has_anchor(from))) {
        roots.push_back({kind, from, "the names of files"});
      }
    }
    std::vector<FoundSuite> suites;
    for (const RunnerRoot& root : roots) {
      if (auto suite = suite_of(root, roots)) {
        suites.push_back(*std::move(suite));
      }
    }
    if (!suites.empty() || from == checkout || from == from.parent_path()) {
      return suites;
    }
  }
}

} // namespace ctest_matrix
