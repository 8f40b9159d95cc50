#include "artifact/ninja_file.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace {

/// https://ninja-build.org/manual.html, "Lexical syntax".
std::string escape_path(const std::filesystem::path& path) {
  return replace_all(replace_all(replace_all(path.string(), "$", "$$"), " ", "$ "), ":", "$:");
}

} // namespace

std::filesystem::path artifact_stamp(const std::filesystem::path& directory, const std::string& name) {
  return directory / (name + ".stamp");
}

std::filesystem::path artifact_content(const std::filesystem::path& directory, const std::string& name) {
  return directory / (name + ".content");
}

std::string emit_ninja_file(const std::vector<NinjaEdge>& edges, const std::filesystem::path& directory) {
  std::string text = fmt::format("ninja_required_version = 1.5\n"
                                 "builddir = {}\n"
                                 "rule artifact\n"
                                 "  command = $command_line\n"
                                 "  description = artifact $name\n",
                                 replace_all(directory.string(), "$", "$$"));
  for (const NinjaEdge& edge : edges) {
    std::string inputs;
    std::string list;
    for (const auto& input : edge.inputs) {
      inputs += " " + escape_path(input);
      list += input.string() + "\n";
    }
    std::string after;
    std::string order;
    for (const std::string& other : edge.after) {
      after += (after.empty() ? " | " : " ") + escape_path(artifact_content(directory, other));
      order += (order.empty() ? " || " : " ") + escape_path(artifact_stamp(directory, other));
    }
    const auto stamp = artifact_stamp(directory, edge.name);
    std::vector<std::string> command = edge.command;
    if (!edge.environment.empty()) {
      command.insert(command.begin(), edge.environment.begin(), edge.environment.end());
      command.insert(command.begin(), "env");
    }
    const std::string line =
        fmt::format("cd {} && {} && : inputs {} && touch {}", shell_quote(edge.directory.string()),
                    shell_line(command), fingerprint(list), shell_quote(stamp.string()));
    text += fmt::format("build {}: artifact{}{}{}\n"
                        "  name = {}\n"
                        "  command_line = {}\n"
                        "build {}: phony {}\n",
                        escape_path(stamp), inputs, after, order, edge.name, replace_all(line, "$", "$$"),
                        edge.name, escape_path(stamp));
  }
  return text;
}

} // namespace ctest_matrix
