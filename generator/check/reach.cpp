#include "check/reach.hpp"

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "runners/runner_flags.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace ctest_matrix {

namespace {

/// The text of a script of the nearest package.json; empty: none.
std::string script_text(std::filesystem::path directory, const std::string& name) {
  for (;; directory = directory.parent_path()) {
    if (const auto text = read_file(directory / "package.json")) {
      const auto json = parse_json(*text);
      return json ? (*json)["scripts"][name].string_or("") : "";
    }
    if (!directory.has_relative_path()) {
      return "";
    }
  }
}

} // namespace

void check_reach(const Project& project, Diagnostics& diagnostics) {
  const Runner& runner = project.matrix.runner;
  std::vector<std::string> words;
  for (const TextTemplate& argument : runner.command) {
    words.push_back(argument.source());
  }
  const std::vector<std::string> flags = missing_flags(runner.report, words);
  if (flags.empty()) {
    return;
  }
  const std::string name = script_of(words);
  const std::string script = name.empty() ? "" : script_text(project.places.root / runner.directory, name);
  if (const std::string why = why_out_of_reach(words, script); !why.empty()) {
    diagnostics.error(
        "M037", {project.matrix.file, 0, 0},
        fmt::format("runner: command: {} would not reach the runner: {}", join(flags, " "), why));
  }
}

} // namespace ctest_matrix
