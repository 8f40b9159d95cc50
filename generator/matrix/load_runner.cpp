#include "matrix/load_section.hpp"
#include "matrix/schema_reader.hpp"
#include "runners/report_formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ctest_matrix {

namespace {

bool command_has(const Runner& runner, std::string_view placeholder) {
  for (const TextTemplate& argument : runner.command) {
    for (const auto& [name, offset] : argument.placeholders()) {
      if (name == placeholder) {
        return true;
      }
    }
  }
  return false;
}

void check_command(LoadContext& context, const YamlNode& command) {
  if (context.matrix.runner.filter && !command_has(context.matrix.runner, "filter")) {
    context.diagnostics.error("M010", command.location,
                              "runner: command: the filter is never used; expected {filter}");
  }
  if (context.matrix.runner.report == ReportFormat::junit && !command_has(context.matrix.runner, "report")) {
    context.diagnostics.error("M010", command.location,
                              "runner: command: report: junit needs the path {report} in the command");
  }
}

/// The one argument that is a path with {file} names the test file.
void infer_file(Runner& runner) {
  for (const TextTemplate& argument : runner.command) {
    const auto names = argument.placeholders();
    if (names.size() == 1 && names.front().first == "file") {
      runner.file = argument;
      return;
    }
  }
}

/// The one of `choices` that a node names.
template <typename Value, std::size_t N>
Value choice(LoadContext& context, const YamlNode& node, std::string_view what,
             const std::array<std::pair<std::string_view, Value>, N>& choices) {
  std::vector<std::string> names;
  for (const auto& [name, value] : choices) {
    if (name == node.scalar) {
      return value;
    }
    names.emplace_back(name);
  }
  context.diagnostics.error(
      "M007", node.location,
      fmt::format("{}: unknown format {}{}", what, describe(node), suggestion(node.scalar, names)));
  return choices.back().second;
}

void load_listing(LoadContext& context, const YamlNode& node, std::vector<std::string> placeholders) {
  MapReader reader(node, "runner: list", context.diagnostics);
  ListCommand listing;
  if (const YamlNode* format = reader.required("format")) {
    listing.format = choice(context, *format, "runner: list: format", k_listing_formats);
  }
  placeholders.insert(placeholders.end(), {"list", "filter", "root", "tmp"});
  if (const YamlNode* command = reader.required("command")) {
    listing.command = read_command(*command, "runner: list: command", placeholders, context.diagnostics);
  }
  listing.inputs = reader.texts("inputs");
  listing.timeout = reader.duration("timeout", listing.timeout);
  reader.finish();
  context.matrix.runner.listing = std::move(listing);
}

} // namespace

void load_runner(LoadContext& context, const YamlNode& node) {
  MapReader reader(node, "runner", context.diagnostics);
  Runner& runner = context.matrix.runner;
  std::vector<std::string> per_cell = axis_names(context.matrix);
  per_cell.insert(per_cell.end(), {"file", "suite", "column", "cell"});
  runner.directory = reader.text("directory", "");
  const YamlNode* report = reader.required("report");
  if (report != nullptr) {
    runner.report = choice(context, *report, "runner: report", k_report_formats);
  }
  if (const YamlNode* escape = reader.optional("escape")) {
    if (escape->scalar != "regex" && escape->scalar != "none") {
      context.diagnostics.error(
          "M002", escape->location,
          fmt::format("runner: escape: expected regex or none, got {}", describe(*escape)));
    }
    runner.escaping = escape->scalar == "none" ? Escaping::none : Escaping::regex;
  }
  if (const YamlNode* scope = reader.optional("scope")) {
    runner.scope = read_template(*scope, "runner: scope", per_cell, context.diagnostics);
  }
  const YamlNode* filter = reader.optional("filter");
  if (filter != nullptr) {
    runner.filter = read_template(*filter, "runner: filter", per_cell, context.diagnostics);
  }
  if (const YamlNode* narrow = reader.optional("narrow")) {
    runner.narrow = read_template(*narrow, "runner: narrow", {"filter", "test"}, context.diagnostics);
  } else if (filter != nullptr && runner.escaping == Escaping::regex) {
    TextTemplate::Problem problem;
    runner.narrow = TextTemplate::parse("{filter}.*{test}$", problem);
  }
  std::vector<std::string> at_run = per_cell;
  at_run.insert(at_run.end(), {"root", "report", "tmp"});
  at_run.insert(at_run.end(), context.service_placeholders.begin(), context.service_placeholders.end());
  context.cell_placeholders = at_run;
  if (const YamlNode* variables = reader.optional("environment")) {
    runner.environment = read_environment(context, *variables, "runner: environment", at_run);
  }
  if (filter != nullptr) {
    at_run.emplace_back("filter");
  }
  const YamlNode* command = reader.required("command");
  if (command != nullptr) {
    runner.command = read_command(*command, "runner: command", at_run, context.diagnostics);
  }
  if (const YamlNode* file = reader.optional("file")) {
    runner.file = read_template(*file, "runner: file", {"file"}, context.diagnostics);
  } else {
    infer_file(runner);
  }
  runner.grace = reader.duration("grace", runner.grace);
  if (const YamlNode* leaks = reader.optional("leaks")) {
    if (leaks->scalar != "report" && leaks->scalar != "fail") {
      context.diagnostics.error(
          "M002", leaks->location,
          fmt::format("runner: leaks: expected report or fail, got {}", describe(*leaks)));
    }
    runner.leaks = leaks->scalar == "fail" ? LeakPolicy::fail : LeakPolicy::report;
  }
  if (const YamlNode* list = reader.optional("list")) {
    load_listing(context, *list, per_cell);
  }
  if (command != nullptr && !runner.command.empty()) {
    check_command(context, *command);
  }
  reader.finish();
}

} // namespace ctest_matrix
