#include "cell/command.hpp"

#include "base/text.hpp"
#include "runners/runner_flags.hpp"
#include "runners/titles.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

/// A text with what has no value left as {placeholders}.
std::string known_part(const TextTemplate& text, const Values& values) {
  return *text.render([&](std::string_view name) {
    const auto found = values.find(name);
    return found == values.end() ? fmt::format("{{{}}}", name) : found->second;
  });
}

/// A command as one line to paste, with what has no value left as {placeholders}.
std::string command_line(const SuitePlan& suite, const std::vector<TextTemplate>& command,
                         const Values& values) {
  std::vector<std::string> argv;
  for (const TextTemplate& argument : command) {
    argv.push_back(known_part(argument, values));
  }
  return fmt::format("cd {} && {}", shell_quote(suite.directory.string()), shell_line(argv));
}

} // namespace

Values values_of(const SuitePlan& suite, const CellPlan& cell) {
  Values values(cell.axes.begin(), cell.axes.end());
  values["file"] = cell.row;
  values["suite"] = cell.suite;
  values["column"] = cell.column;
  values["cell"] = cell.name;
  values["root"] = suite.places.root.string();
  return values;
}

Environment variables_of(const SuitePlan& suite, const CellPlan& cell) {
  Environment variables = suite.environment;
  for (const auto& [name, value] : cell.environment) {
    std::erase_if(variables, [&, same = name](const auto& entry) { return entry.first == same; });
    variables.emplace_back(name, value);
  }
  return variables;
}

std::vector<TextTemplate> full_command(const SuitePlan& suite, const CellPlan& cell) {
  std::vector<TextTemplate> command = cell.command;
  std::vector<std::string> words;
  for (const TextTemplate& argument : command) {
    words.push_back(argument.source());
  }
  for (const std::string& flag : missing_flags(suite.report, words)) {
    TextTemplate::Problem problem;
    command.push_back(*TextTemplate::parse(flag, problem));
  }
  return command;
}

std::string cell_command_line(const SuitePlan& suite, const CellPlan& cell) {
  return command_line(suite, full_command(suite, cell), {{"filter", cell.filter}});
}

std::vector<std::pair<std::string, std::string>> cell_environment(const SuitePlan& suite,
                                                                  const CellPlan& cell) {
  std::vector<std::pair<std::string, std::string>> environment;
  for (const auto& [name, value] : variables_of(suite, cell)) {
    environment.emplace_back(name, known_part(value, values_of(suite, cell)));
  }
  return environment;
}

std::optional<std::string> narrowed_filter(const SuitePlan& suite, const CellPlan& cell,
                                           const std::string& test) {
  if (!suite.narrow) {
    return std::nullopt;
  }
  // What stands between the titles in a runner's full name differs between its versions.
  const std::string escaped =
      suite.escaping == Escaping::regex ? replace_all(escape_regex(test), k_between_titles, ".*") : test;
  const auto filter =
      suite.narrow->render([&](std::string_view name) { return name == "test" ? escaped : cell.filter; });
  return filter ? std::optional(*filter) : std::nullopt;
}

std::optional<std::string> narrowed_command_line(const SuitePlan& suite, const CellPlan& cell,
                                                 const std::string& test) {
  const auto filter = narrowed_filter(suite, cell, test);
  if (!filter) {
    return std::nullopt;
  }
  const std::string report = (suite.places.state / "reports" / "pasted").string();
  return command_line(suite, cell.command, {{"filter", *filter}, {"report", report}});
}

} // namespace ctest_matrix
