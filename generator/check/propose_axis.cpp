#include "check/propose_axis.hpp"

#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "process/process.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <set>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr Milliseconds k_patience = std::chrono::seconds(10);

/// The versions that a text names behind a word, such as `py311` or `Python :: 3.11`, as `3.11`.
void collect_pythons(std::string_view text, std::set<std::pair<int, int>>& versions) {
  const auto digits = [&](std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) {
      ++end;
    }
    return std::string(text.substr(at, end - at));
  };
  for (std::size_t at = text.find('3'); at != std::string_view::npos; at = text.find('3', at + 1)) {
    const bool is_word =
        at == 0 || (std::isdigit(static_cast<unsigned char>(text[at - 1])) == 0 && text[at - 1] != '.');
    const bool has_dot = at + 1 < text.size() && text[at + 1] == '.';
    const bool is_tox = at >= 2 && text.substr(at - 2, 2) == "py";
    const std::string minor = digits(at + (has_dot ? 2 : 1));
    if (is_word && (has_dot || is_tox) && !minor.empty() && minor.size() <= 2) {
      versions.insert({3, std::stoi(minor)});
    }
  }
}

/// Whether this Python has pytest.
bool has_pytest(const std::string& program) {
  ProcessSpec spec;
  spec.argv = {program, "-m", "pytest", "--version"};
  spec.deadline = k_patience;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    spec.environment.emplace_back(*variable);
  }
  const Outcome outcome = supervise(spec);
  return outcome.end == Outcome::End::exited && outcome.exit_code == 0;
}

/// The lines of a file that hold a word.
std::string lines_with(const fs::path& file, std::string_view word) {
  const auto text = read_file(file);
  std::string found;
  for (const std::string& line : split_lines(text ? *text : "")) {
    found += line.find(word) != std::string::npos ? line + "\n" : "";
  }
  return found;
}

/// The Python of a virtual environment in one of these directories that has pytest, as the runner's directory
/// can call it; empty: there is none.
std::string python_of_venv(const fs::path& runner, const fs::path& checkout) {
  for (const fs::path& directory : {runner, checkout}) {
    for (const char* const name : {".venv", "venv"}) {
      const fs::path program = directory / name / "bin/python";
      if (access(program.c_str(), X_OK) == 0 && has_pytest(program.string())) {
        return directory == runner ? program.lexically_relative(runner).string() : program.string();
      }
    }
  }
  return "";
}

/// A Python of this name with pytest that stands behind another one on PATH; empty: there is none.
std::string python_behind(const char* name) {
  const char* const path = std::getenv("PATH");
  std::vector<std::string> directories = split(path == nullptr ? "" : path, ':');
  directories.emplace_back("/usr/bin");
  for (const std::string& directory : directories) {
    const fs::path program = fs::path(directory) / name;
    if (!directory.empty() && access(program.c_str(), X_OK) == 0 && has_pytest(program.string())) {
      return program.string();
    }
  }
  return "";
}

/// Where no Python that the checkout names is here: the usual one, else one that has pytest.
void take_usual_python(const fs::path& runner, const fs::path& checkout, ProposedAxis& axis) {
  if (const std::string venv = python_of_venv(runner, checkout); !venv.empty()) {
    axis.values.emplace_back("venv");
    axis.texts.push_back(venv);
    return;
  }
  for (const char* const usual : {"python3", "python"}) {
    if (has_pytest(usual)) {
      axis.values.emplace_back(usual);
      return;
    }
  }
  if (const std::string other = python_behind("python3"); !other.empty()) {
    axis.values.emplace_back("system");
    axis.texts.push_back(other);
    axis.left_out.push_back(
        fmt::format("the python3 on PATH, which has no pytest: {}, which has it, is taken", other));
    return;
  }
  axis.values.emplace_back("python3");
  axis.missing.emplace_back(
      "pytest, which the python3 on PATH does not have: python3 -m pip install pytest; or name a Python that "
      "has it in matrix.yaml, `python: {mine: /path/to/python}`, and its column");
}

ProposedAxis propose_pythons(const FoundSuite& suite, const fs::path& checkout) {
  std::vector<std::pair<std::string, std::string>> sources{
      {"tox.ini", lines_with(suite.directory / "tox.ini", "envlist") +
                      lines_with(suite.directory / "tox.ini", "env_list")},
      {"pyproject.toml", lines_with(suite.directory / "pyproject.toml", "Python :: 3.") +
                             lines_with(suite.directory / "pyproject.toml", "env_list")},
      {"setup.cfg", lines_with(suite.directory / "setup.cfg", "Python :: 3.")}};
  for (const std::string& workflow :
       glob(checkout, {".github/workflows/*.yml", ".github/workflows/*.yaml"})) {
    sources.emplace_back(workflow, lines_with(checkout / workflow, "python"));
  }
  ProposedAxis axis{.name = "python", .values = {}, .left_out = {}};
  for (const auto& [source, text] : sources) {
    std::set<std::pair<int, int>> versions;
    collect_pythons(text, versions);
    std::vector<std::string> absent;
    for (const auto& [major, minor] : versions) {
      const std::string program = fmt::format("python{}.{}", major, minor);
      (has_pytest(program) ? axis.values : absent).push_back(program);
    }
    if (!absent.empty()) {
      axis.left_out.push_back(
          fmt::format("{} of {}: not here, or without pytest", join(absent, ", "), source));
    }
    if (!versions.empty()) {
      break;
    }
  }
  if (axis.values.empty()) {
    take_usual_python(suite.directory, checkout, axis);
  }
  return axis;
}

/// The lines of the checkout that name versions of Node.js.
std::string node_versions(const FoundSuite& suite, const fs::path& checkout) {
  for (const fs::path& directory : {suite.directory, checkout}) {
    if (const auto version = read_file(directory / ".nvmrc")) {
      return fmt::format("node {} of .nvmrc", trim(*version));
    }
    const auto package = read_file(directory / "package.json");
    const auto json = package ? parse_json(*package) : Result<Json>(package.error());
    if (const std::string engine = json ? (*json)["engines"]["node"].string_or("") : ""; !engine.empty()) {
      return fmt::format("node {} of package.json's engines", engine);
    }
  }
  return "";
}

} // namespace

ProposedAxis propose_axis(const FoundSuite& suite, const fs::path& checkout) {
  if (suite.kind->name == "pytest") {
    return propose_pythons(suite, checkout);
  }
  if (suite.kind->name == "gtest" || suite.kind->name == "catch2" || suite.kind->name == "doctest") {
    return {.name = "config", .values = {"debug", "release"}, .left_out = {}};
  }
  ProposedAxis axis{.name = "runtime", .values = {"node"}, .left_out = {}};
  for (const char* own : {"bun", "deno", "cargo", "nextest", "go", "bats", "perl"}) {
    if (suite.kind->name == own) {
      axis.values = {suite.kind->name == std::string_view("nextest") ? "cargo" : own};
      return axis;
    }
  }
  if (const std::string versions = node_versions(suite, checkout); !versions.empty()) {
    axis.left_out.push_back(fmt::format("{}: the node on PATH is taken", versions));
  }
  return axis;
}

} // namespace ctest_matrix
