#include "check/propose.hpp"

#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/json.hpp"
#include "base/shell_words.hpp"
#include "base/templates.hpp"
#include "base/text.hpp"
#include "check/mocha_options.hpp"
#include "check/propose_axis.hpp"
#include "matrix/row.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

bool is_on_path(const std::string& program) {
  const char* const path = std::getenv("PATH");
  const std::vector<std::string> directories = split(path == nullptr ? "" : path, ':');
  return std::ranges::any_of(directories, [&](const std::string& directory) {
    return !directory.empty() && access((fs::path(directory) / program).c_str(), X_OK) == 0;
  });
}

struct NeededProgram {
  std::string_view kind; ///< of a runner
  std::string_view program;
  std::string_view purpose;
  std::string_view from; ///< what to type to have it
};

constexpr NeededProgram k_needed[] = {
    {"go", "go", "which runs the tests", "apt-get install golang-go"},
    {"go", "gotestsum", "which writes the report",
     "apt-get install gotestsum, or go install gotest.tools/gotestsum@latest"},
    {"bats", "bats", "which runs the tests", "apt-get install bats, or npm install --save-dev bats"},
    {"perl", "perl", "which runs the tests", "apt-get install perl"},
    {"deno", "deno", "which runs the tests", "npm install --global deno"},
    {"bun", "bun", "which runs the tests", "npm install --global bun"},
    {"cargo", "cargo", "which runs the tests", "apt-get install cargo"},
    {"nextest", "cargo-nextest", "which runs the tests", "cargo install --locked cargo-nextest"}};

/// Runners that are packages of node_modules.
constexpr std::string_view k_of_packages[] = {"vitest", "jest", "playwright", "mocha", "ava"};

/// Whether a directory or one above it, up to the checkout, has this below its node_modules.
bool is_in_modules(const fs::path& runner, const fs::path& checkout, const fs::path& relative) {
  std::error_code ignored;
  for (fs::path directory = runner;; directory = directory.parent_path()) {
    if (fs::exists(directory / "node_modules" / relative, ignored)) {
      return true;
    }
    if (directory == checkout || directory == directory.parent_path()) {
      return false;
    }
  }
}

/// What runs a program of the packages, by the lock file that is there: elements of a YAML list. npm's, which
/// runs what another manager has installed, too, where that one is not here.
std::string package_runner(const fs::path& runner, const fs::path& checkout,
                           std::vector<std::string>& left_out) {
  constexpr std::string_view k_npm = "npx, --no, --";
  const std::pair<std::string, std::string> managers[] = {{"pnpm-lock.yaml", "pnpm, exec"},
                                                          {"yarn.lock", "yarn, run"},
                                                          {"bun.lock", "bunx"},
                                                          {"bun.lockb", "bunx"}};
  std::error_code ignored;
  for (fs::path directory = runner;; directory = directory.parent_path()) {
    for (const auto& [lock, words] : managers) {
      if (!fs::exists(directory / lock, ignored)) {
        continue;
      }
      const std::string program = words.substr(0, words.find(','));
      if (is_on_path(program)) {
        return words;
      }
      left_out.push_back(fmt::format("{} of {}: not on PATH, npx runs what is installed", program, lock));
      return std::string(k_npm);
    }
    if (directory == checkout || directory == directory.parent_path()) {
      return std::string(k_npm);
    }
  }
}

/// The words that install what a package.json names, or this package; of the manager that runs programs so.
std::string install_words(std::string_view runner, const FoundSuite& suite) {
  const std::string manager = runner.starts_with("npx")    ? "npm"
                              : runner.starts_with("bunx") ? "bun"
                                                           : std::string(runner.substr(0, runner.find(',')));
  const bool is_named = suite.mark.find("package.json") != std::string::npos;
  return is_named           ? manager + " install"
         : manager == "npm" ? fmt::format("npm install --save-dev {}", suite.kind->name)
                            : fmt::format("{} add -D {}", manager, suite.kind->name);
}

/// What the command cannot do without and is not here, with what brings it.
std::vector<std::string> missing_programs(const FoundSuite& suite, const fs::path& checkout,
                                          std::string_view runner) {
  std::vector<std::string> missing;
  for (const NeededProgram& needed : k_needed) {
    if (suite.kind->name == needed.kind && !is_on_path(std::string(needed.program))) {
      missing.push_back(fmt::format("{}, {}: {}", needed.program, needed.purpose, needed.from));
    }
  }
  std::error_code ignored;
  const fs::path package = suite.kind->name == "playwright" ? "@playwright/test" : suite.kind->name;
  const bool is_tape =
      suite.kind->name == "tape"; // `node FILE` runs it: the test file itself needs the package
  if (is_tape && !is_in_modules(suite.directory, checkout, "tape") &&
      !is_in_modules(suite.directory, checkout, "tap")) {
    missing.push_back(fmt::format("tape, which is not in node_modules: {}", install_words("npx", suite)));
  }
  const bool is_package = std::ranges::find(k_of_packages, suite.kind->name) != std::end(k_of_packages);
  const bool has_no_modules = fs::exists(checkout / ".pnp.cjs", ignored); // yarn keeps packages elsewhere
  if (is_package && !has_no_modules && !is_in_modules(suite.directory, checkout, package)) {
    missing.push_back(
        fmt::format("{}, which is not in node_modules: {}", package.string(), install_words(runner, suite)));
  }
  return missing;
}

/// A name that a matrix may have.
std::string plain_name(std::string name) {
  for (char& c : name) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    c = good ? c : '-';
  }
  name.erase(0, name.find_first_not_of('-'));
  return name.empty() ? "suite" : name;
}

/// A text of YAML that is no more than this: in double quotes where it is not a plain path.
std::string in_yaml(const std::string& text) {
  constexpr std::string_view k_plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
  const bool plain =
      text.find_first_not_of(k_plain) == std::string::npos && !text.empty() && text.front() != '-';
  return plain ? text : Json(text).dump();
}

/// The inner part of a text between double quotes.
std::string quoted_part(const std::string& text) {
  const std::string quoted = Json(text).dump();
  return quoted.substr(1, quoted.size() - 2);
}

/// Where Python's packages lie in `src`, tests are to import these, and not what may be installed under their
/// names; nothing where pytest's configuration sees to that.
std::string python_sources(const FoundSuite& suite, const fs::path& checkout) {
  if (suite.kind->name != "pytest" || glob(suite.directory, {"src/*/__init__.py"}).empty()) {
    return "";
  }
  for (const char* const name : {"pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"}) {
    const auto text = read_regular_file(suite.directory / name, 1 << 20);
    if (text && text->find("pythonpath") != std::string::npos) {
      return "";
    }
  }
  const std::string below =
      (suite.directory.lexically_relative(checkout) / "src").lexically_normal().generic_string();
  const std::string path = replace_all(replace_all(quoted_part(below), "{", "{{"), "}", "}}");
  return fmt::format(
      "  environment: {{PYTHONPATH: \"{{root}}/{}\"}} # these sources, not what is installed of them\n",
      path);
}

std::string columns_block(const ProposedAxis& axis) {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < axis.values.size(); ++i) {
    values.push_back(axis.texts.empty() ? axis.values[i]
                                        : fmt::format("{}: {}", axis.values[i], in_yaml(axis.texts[i])));
  }
  const std::string all = join(values, ", ");
  std::string text =
      fmt::format("# What the tests run on: a column is one CTest test, and one box in the progress file, "
                  "per row. Name your own.\naxes:\n  {}: {}\ncolumns:\n",
                  axis.name, axis.texts.empty() ? '[' + all + ']' : '{' + all + '}');
  for (const std::string& value : axis.values) {
    text += fmt::format("  {}: {{{}: {}}}\n", value, axis.name, value);
  }
  return text;
}

/// What stands between the quotes of `file: "…"`; of several files a list.
std::string files_in_quotes(const std::vector<std::string>& files) {
  std::vector<std::string> quoted;
  std::ranges::transform(files, std::back_inserter(quoted), quoted_part);
  return join(quoted, "\", \"");
}

/// Whether rows may have directories in their names.
bool is_deep(const FoundSuite& suite) {
  const auto has_any_depth = [](const std::string& pattern) {
    return pattern.find("**/") != std::string::npos;
  };
  return has_any_depth(suite.files) || std::ranges::any_of(suite.other_files, has_any_depth);
}

/// What the script that starts the runner says besides it: variables, and flags with their values.
std::vector<std::string> words_of_script(const FoundSuite& suite) {
  const auto words = shell_words(suite.script);
  if (!words) {
    return {};
  }
  const auto is_runner = [&](const std::string& word) {
    const std::string program = fs::path(word).stem().string();
    return program == suite.kind->name || program == fmt::format("_{}", suite.kind->name);
  };
  const auto is_end = [](const std::string& word) {
    return word == "&&" || word == "||" || word == "|" || word == ";";
  };
  const auto runner = std::ranges::find_if(*words, is_runner);
  std::vector<std::string> said;
  std::copy_if(words->begin(), runner, std::back_inserter(said), [](const std::string& word) {
    return word.find('=') != std::string::npos && word.front() != '-';
  });
  constexpr std::string_view k_harmless[] = {"--run", "--watch", "--coverage", "--test", "--silent"};
  for (auto word = runner; word != words->end() && !is_end(*word); ++word) {
    const bool is_flag =
        word->starts_with('-') && std::ranges::find(k_harmless, *word) == std::end(k_harmless);
    const auto next = std::next(word);
    if (is_flag) {
      const bool has_value = word->find('=') == std::string::npos && next != words->end() &&
                             !next->starts_with('-') && !is_end(*next);
      said.push_back(has_value ? fmt::format("{} {}", *word, *next) : *word);
    }
  }
  return said;
}

std::string rows_of(std::string_view comment, const std::vector<std::string>& names) {
  std::string rows = fmt::format("    # {}\n", comment);
  for (const std::string& name : names) {
    rows += fmt::format("    {}:\n", name);
  }
  return rows;
}

/// The rows of the section `fast`.
std::string rows_block(const FoundSuite& suite, const std::string& name) {
  if (suite.program) {
    return rows_of(
        "Every suite of the program; `check` tells those that are in no row, `check --fix` adds them.",
        suite.program->suites);
  }
  if (!suite.programs.empty()) {
    return rows_of("Every program that has tests: a new one needs a row.", suite.programs);
  }
  if (suite.packages.empty()) {
    return rows_of(
        "Every test file that no other row names. A row of its own: some-file: {suite: Its Description, "
        "timeout: 300}",
        {is_deep(suite) ? "'**'" : "'*'"});
  }
  if (suite.kind->name == "cargo") {
    return rows_of("Every package that has tests: those in its sources, in tests/, and examples in its "
                   "documentation.",
                   suite.packages);
  }
  std::string rows =
      "    # Every package that has tests. A row can say more: {suite: ./http, timeout: 300}\n";
  for (const std::string& package : suite.packages) {
    const std::string path = package == "." ? "." : "./" + package;
    rows += is_row_name(package) || package == "."
                ? fmt::format("    {}: {}\n", package == "." ? name : package, in_yaml(path))
                : fmt::format("    # no row can have the name of {}\n", path);
  }
  return rows;
}

} // namespace

Proposal propose_matrix(const FoundSuite& suite, const fs::path& checkout) {
  const ProposedAxis axis = propose_axis(suite, checkout);
  std::string runner(
      find_template(fmt::format("suite/{}{}.yaml", suite.kind->name,
                                suite.program                                            ? "_suites"
                                : !suite.programs.empty()                                ? "_programs"
                                : suite.kind->name == "cargo" && !suite.packages.empty() ? "_packages"
                                                                                         : "")));
  const std::vector<std::string> files = files_of_rows(suite);
  if (files.size() > 1) {
    runner = replace_all(std::move(runner), R"("@FILES@")", R"(["@FILES@"])");
  }
  const bool is_built = axis.name == "config";
  const std::string& file = files.front();
  const bool by_path = file.find("**/") != std::string::npos;
  const std::string source = file.substr(file.rfind('/') + 1);
  const std::string name = plain_name(suite.directory.filename().string());
  std::vector<std::string> left_out = suite.left_out;
  left_out.insert(left_out.end(), axis.left_out.begin(), axis.left_out.end());
  if (const auto words = words_of_script(suite); !words.empty()) {
    left_out.push_back(
        fmt::format("`{}` of {}: the command of the matrix does not say it; add what the tests need",
                    join(words, " "), suite.mark));
  }
  const std::string exec =
      runner.find("@EXEC@") == std::string::npos ? "" : package_runner(suite.directory, checkout, left_out);
  std::vector<std::string> missing = missing_programs(suite, checkout, exec);
  missing.insert(missing.end(), axis.missing.begin(), axis.missing.end());
  std::string text(find_template("suite/matrix.yaml"));
  const std::pair<std::string_view, std::string> values[] = {
      {"COLUMNS", columns_block(axis)},
      {"RUNNER", runner + (is_built ? std::string(find_template("suite/build.yaml")) : "")},
      {"CHECK", runner.find("  list:") == std::string::npos
                    ? ""
                    : "check: true # a CTest test, @NAME@.check, that compares this file with the suite\n"},
      {"NAME", name},
      {"DIRECTORY", in_yaml(suite.directory.lexically_relative(checkout).string())},
      {"EXEC", exec},
      {"MOCHA", suite.kind->name == "mocha" ? mocha_words(suite.directory, left_out) : ""},
      {"FILES", files_in_quotes(files)},
      {"PATH", by_path || files.size() > 1 ? "{path}" : quoted_part(file)},
      {"SOURCES", python_sources(suite, checkout)},
      {"PROGRAM", quoted_part(suite.program ? suite.program->name : source.substr(0, source.rfind('.')))},
      {"ROWS", rows_block(suite, name)}};
  for (const auto& [key, value] : values) {
    text = replace_all(std::move(text), fmt::format("@{}@", key), value);
  }
  return {.name = name,
          .matrix = std::move(text),
          .columns = axis.values,
          .left_out = std::move(left_out),
          .missing = std::move(missing)};
}

} // namespace ctest_matrix
