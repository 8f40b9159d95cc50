#include "check/reach.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "matrix/yaml_tree.hpp"
#include "runners/flag_reach.hpp"
#include "runners/runner_flags.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>

namespace ctest_matrix {

namespace {

/// Where the cell's command is written: at a value of one of its axes, else at the runner; only the file
/// where another file has it.
SourceLocation place_of_command(const Project& project, const BoundCell& cell) {
  const std::string& file = project.matrix.file;
  Diagnostics unsaid;
  const auto text = read_file(file);
  const auto root = text ? parse_yaml(file, *text, unsaid) : std::nullopt;
  const auto inside = [](const YamlNode* node, std::string_view key) {
    return node == nullptr ? nullptr : node->find(key);
  };
  const YamlNode* command = inside(inside(root ? &*root : nullptr, "runner"), "command");
  for (const auto& [axis, value] : cell.variant->axes) {
    const YamlNode* const own =
        inside(inside(inside(inside(root ? &*root : nullptr, "axes"), axis), value), "command");
    command = own != nullptr ? own : command;
  }
  return command != nullptr ? command->location : SourceLocation{file, 0, 0};
}

void check_reach(const Project& project, const std::filesystem::path& directory, const BoundCell& cell,
                 std::set<std::string>& said, Diagnostics& diagnostics) {
  std::vector<std::string> words;
  for (const TextTemplate& argument : cell.command) {
    words.push_back(argument.source());
  }
  const std::string script = script_text(directory, words);
  const ReportFormat report = cell.variant->report.value_or(project.matrix.runner.report);
  const std::vector<std::string> flags = missing_flags(report, words, script);
  if (flags.empty()) {
    return;
  }
  const std::string why = why_out_of_reach(words, script);
  const std::string message =
      fmt::format("runner: command: {} would not reach the runner: {}", join(flags, " "), why);
  if (!why.empty() && said.insert(message).second) {
    diagnostics.error("M037", place_of_command(project, cell), message);
  }
}

} // namespace

void check_reach(const Project& project, const Plan& plan, Diagnostics& diagnostics) {
  std::set<std::string> columns; // whose commands differ in nothing but the row
  std::set<std::string> said;
  for (const Cell& each : plan.cells) {
    if (columns.insert(each.variant->suffix).second) {
      const BoundCell cell = bind(plan.common, each);
      check_reach(project, runner_directory(plan.common, cell), cell, said, diagnostics);
    }
  }
}

} // namespace ctest_matrix
