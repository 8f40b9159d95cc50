// The section `runner` of a matrix.
#include "base/text.hpp"
#include "matrix/load_section.hpp"
#include "matrix/schema_reader.hpp"
#include "runners/report_formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace ctest_matrix {

namespace {

bool has(const TextTemplate& text, std::string_view placeholder) {
  return std::ranges::any_of(text.placeholders(),
                             [&](const auto& each) { return each.first == placeholder; });
}

bool command_has(const std::vector<TextTemplate>& command, std::string_view placeholder) {
  return std::ranges::any_of(command, [&](const TextTemplate& each) { return has(each, placeholder); });
}

bool environment_has(const Environment& environment, std::string_view placeholder) {
  return std::ranges::any_of(environment,
                             [&](const auto& variable) { return has(variable.second, placeholder); });
}

/// Whether an argument with {file} alone is written like a path: `tests/{file}.test.ts`, `{file}.bats`,
/// `tests/{file}`; no option, no pattern of names such as `{file}.*`, no line for a shell.
bool is_path(const TextTemplate& argument) {
  constexpr std::string_view k_file = "{file}";
  const std::string text = argument.source();
  const std::string behind = text.substr(text.rfind(k_file) + k_file.size());
  const std::size_t dot = behind.rfind('.');
  const bool extension = dot != std::string::npos && dot + 1 < behind.size() &&
                         std::all_of(behind.begin() + static_cast<std::ptrdiff_t>(dot) + 1, behind.end(),
                                     [](unsigned char c) { return std::isalnum(c) != 0; });
  return !text.starts_with('-') && (extension || text.find('/') != std::string::npos) &&
         text.find_first_of("*|&;<>$\"'") == std::string::npos;
}

bool has_only_file(const TextTemplate& argument) {
  const auto names = argument.placeholders();
  return names.size() == 1 && names.front().first == "file";
}

/// Nothing for a path that no row can have.
std::optional<TestFile> test_file(const TextTemplate& path) {
  const auto text = path.render([](std::string_view name) { return fmt::format("{{{}}}", name); });
  return TestFile::parse(*text);
}

/// That of the runner, and those of the values.
std::vector<const std::vector<TextTemplate>*> commands_of(const Matrix& matrix) {
  std::vector commands{&matrix.runner.command};
  for (const Axis& axis : matrix.axes) {
    for (const ValueSettings& value : axis.settings) {
      commands.push_back(&value.command);
    }
  }
  return commands;
}

/// The first argument that is a path with {file} names the test file.
void infer_file(LoadContext& context) {
  for (const std::vector<TextTemplate>* command : commands_of(context.matrix)) {
    for (const TextTemplate& argument : *command) {
      if (has_only_file(argument) && is_path(argument)) {
        context.matrix.runner.file = test_file(argument);
        context.file_is_told = true;
        return;
      }
    }
  }
}

/// `file: tests/{file}.test.ts`, or a list of such paths.
void load_file(LoadContext& context, const YamlNode& file) {
  const std::vector<YamlNode> one{file};
  const std::vector<YamlNode>& paths =
      file.kind == YamlKind::sequence && !file.items.empty() ? file.items : one;
  std::vector<std::string> patterns;
  for (const YamlNode& node : paths) {
    const int errors_before = context.diagnostics.errors();
    const auto path = read_template(node, "runner: file", {"file"}, context.diagnostics);
    const auto parsed = path ? test_file(*path) : std::nullopt;
    if (context.diagnostics.errors() == errors_before && !parsed) {
      context.diagnostics.error(
          "M010", node.location,
          fmt::format(
              "runner: file: expected a path with {{file}} in it once (before it, whole directories may be "
              "* and, once, **), a list of such paths, or none, got {}",
              describe(node)));
    }
    patterns.push_back(parsed ? parsed->source() : "");
  }
  context.matrix.runner.file = TestFile::parse(join(patterns, "\n"));
}

/// Globs below the directory where the command runs.
void load_report_files(LoadContext& context, MapReader& reader,
                       const std::vector<std::string>& placeholders) {
  const YamlNode* const node = reader.optional("report_files");
  Runner& runner = context.matrix.runner;
  if (node == nullptr) {
    return;
  }
  if (node->kind != YamlKind::sequence || node->items.empty()) {
    context.diagnostics.error(
        "M002", node->location,
        fmt::format("runner: report_files: expected a list of patterns such as [target/*.xml], got {}",
                    describe(*node)));
    return;
  }
  for (const YamlNode& item : node->items) {
    auto pattern = read_template(item, "runner: report_files", placeholders, context.diagnostics);
    const std::string text = pattern ? pattern->source() : "";
    if (pattern && (text.empty() || text.starts_with('/') || text.find("..") != std::string::npos)) {
      context.diagnostics.error(
          "M010", item.location,
          fmt::format("runner: report_files: expected a pattern below the directory of the runner, got {}",
                      describe(item)));
    } else if (pattern) {
      runner.report_files.push_back(std::move(*pattern));
    }
  }
  if (runner.report != ReportFormat::junit) {
    context.diagnostics.error("M010", node->location,
                              "runner: report_files: expected report: junit, the format that they are in");
  }
}

void load_listing(LoadContext& context, const YamlNode& node, std::vector<std::string> placeholders) {
  MapReader reader(node, "runner: list", context.diagnostics);
  ListCommand listing;
  if (const YamlNode* format = reader.required("format")) {
    listing.format = choice(context, *format, "runner: list: format", k_listing_formats);
  }
  const std::vector<std::string> of_root = root_placeholders();
  placeholders.insert(placeholders.end(), {"list", "filter", "tmp"});
  placeholders.insert(placeholders.end(), of_root.begin(), of_root.end());
  if (const YamlNode* command = reader.required("command")) {
    listing.command = read_command(*command, "runner: list: command", placeholders, context.diagnostics);
  }
  listing.inputs = reader.texts("inputs");
  listing.timeout = reader.duration("timeout", listing.timeout);
  reader.finish();
  context.matrix.runner.listing = std::move(listing);
}

/// Whether the value of a key is the second of two words; reports a value that is neither (M002).
bool is_second_word(LoadContext& context, MapReader& reader, std::string_view key, std::string_view first,
                    std::string_view second) {
  const YamlNode* node = reader.optional(key);
  if (node != nullptr && node->scalar != first && node->scalar != second) {
    context.diagnostics.error(
        "M002", node->location,
        fmt::format("runner: {}: expected {} or {}, got {}", key, first, second, describe(*node)));
  }
  return node != nullptr && node->scalar == second;
}

/// What picks the tests of a cell out of a file: `scope`, `filter` and `narrow`.
void load_filters(LoadContext& context, MapReader& reader, const std::vector<std::string>& placeholders) {
  Runner& runner = context.matrix.runner;
  if (const YamlNode* scope = reader.optional("scope")) {
    runner.scope = read_template(*scope, "runner: scope", placeholders, context.diagnostics);
  }
  const YamlNode* filter = reader.optional("filter");
  if (filter != nullptr) {
    runner.filter = read_template(*filter, "runner: filter", placeholders, context.diagnostics);
  }
  if (const YamlNode* narrow = reader.optional("narrow")) {
    runner.narrow = read_template(*narrow, "runner: narrow", {"filter", "test", "test.name", "test.id"},
                                  context.diagnostics);
  } else if (filter != nullptr && runner.escaping == Escaping::regex) {
    TextTemplate::Problem problem;
    runner.narrow = TextTemplate::parse("{filter}.*{test}$", problem);
  }
}

/// The command, and the test file that it names.
void load_command(LoadContext& context, MapReader& reader, std::vector<std::string> placeholders) {
  Runner& runner = context.matrix.runner;
  if (reader.optional("filter") != nullptr) {
    placeholders.emplace_back("filter");
  }
  if (const YamlNode* file = reader.optional("file"); file != nullptr && file->scalar != "none") {
    load_file(context, *file); // the commands may have {path}
  }
  load_value_settings(context, placeholders);
  const YamlNode* command =
      commands_everywhere(context.matrix) ? reader.optional("command") : reader.required("command");
  if (command != nullptr) {
    runner.command = read_command(*command, "runner: command", placeholders, context.diagnostics);
  }
  if (reader.optional("file") != nullptr) {
    context.file_is_told = true;
  } else {
    infer_file(context);
  }
  if (command != nullptr && !runner.command.empty()) {
    check_command(context, command->location, runner.command, runner.report, {});
  }
  check_value_commands(context);
}

/// The filter of a single test has to name it, and to reach the command.
void check_narrow(LoadContext& context, const YamlNode& narrow) {
  const Runner& runner = context.matrix.runner;
  const auto names_test = [](const auto& each) {
    return each.first == "test" || each.first.starts_with("test.");
  };
  if (runner.narrow && std::ranges::none_of(runner.narrow->placeholders(), names_test)) {
    context.diagnostics.error(
        "M010", narrow.location,
        "runner: narrow: expected {test}, without which it is the filter of the whole cell");
  } else if (runner.narrow && !command_has(runner.command, "filter")) {
    context.diagnostics.error(
        "M010", narrow.location,
        "runner: narrow: it never reaches the command; expected {filter} there, and runner: "
        "filter for the whole cell");
  }
}

/// Those of each axis: its text, and the name of its value where that is another one.
std::vector<std::string> axis_placeholders(const Matrix& matrix) {
  std::vector<std::string> names = axis_names(matrix);
  for (const Axis& axis : matrix.axes) {
    if (has_texts(axis)) {
      names.push_back(std::string(axis.name).append(k_of_name));
    }
  }
  return names;
}

} // namespace

void check_command(LoadContext& context, const SourceLocation& at, const std::vector<TextTemplate>& command,
                   ReportFormat report, const Environment& environment) {
  const Runner& runner = context.matrix.runner;
  if (runner.filter && !command_has(command, "filter")) {
    context.diagnostics.error("M010", at, "runner: command: the filter is never used; expected {filter}");
  }
  if (!runner.file && command_has(command, "path")) {
    context.diagnostics.error(
        "M010", at, "runner: command: {path} is the test file; expected runner: file to say where it is");
  }
  if (report == ReportFormat::junit && runner.report_files.empty() && !command_has(command, "report") &&
      !environment_has(runner.environment, "report") && !environment_has(environment, "report")) {
    context.diagnostics.error(
        "M010", at,
        "runner: command: report: junit needs the path {report} in the command or the environment, or "
        "report_files where the runner has places of its own");
  }
}

void load_runner(LoadContext& context, const YamlNode& node) {
  MapReader reader(node, "runner", context.diagnostics);
  Runner& runner = context.matrix.runner;
  std::vector<std::string> of_cell = axis_placeholders(context.matrix);
  of_cell.insert(of_cell.end(), {"file", "path", "suite", "column", "cell"});
  runner.directory = reader.text("directory", "");
  const YamlNode* const report = reader.optional("report");
  if (report != nullptr) {
    runner.report = choice(context, *report, "runner: report", k_report_formats);
  }
  load_report_files(context, reader, of_cell);
  runner.escaping =
      is_second_word(context, reader, "escape", "regex", "none") ? Escaping::none : Escaping::regex;
  load_filters(context, reader, of_cell);
  context.cell_placeholders = of_cell;
  const std::vector<std::string> of_root = root_placeholders();
  context.cell_placeholders.insert(context.cell_placeholders.end(), of_root.begin(), of_root.end());
  context.cell_placeholders.insert(context.cell_placeholders.end(), {"report", "tmp"});
  context.cell_placeholders.insert(context.cell_placeholders.end(), context.service_placeholders.begin(),
                                   context.service_placeholders.end());
  if (const YamlNode* variables = reader.optional("environment")) {
    runner.environment =
        read_environment(context, *variables, "runner: environment", context.cell_placeholders);
  }
  load_command(context, reader, context.cell_placeholders);
  if (report == nullptr && !reports_everywhere(context.matrix)) {
    reader.required("report"); // says that it is missing
  }
  if (const YamlNode* narrow = reader.optional("narrow")) {
    check_narrow(context, *narrow);
  }
  runner.grace = reader.duration("grace", runner.grace);
  runner.leaks =
      is_second_word(context, reader, "leaks", "report", "fail") ? LeakPolicy::fail : LeakPolicy::report;
  runner.counts =
      is_second_word(context, reader, "counts", "checked", "listed") ? CountCheck::none : CountCheck::losses;
  runner.proves = is_second_word(context, reader, "proves", "file", "scope") ? Proves::scope : Proves::file;
  if (const YamlNode* list = reader.optional("list")) {
    load_listing(context, *list, of_cell);
  }
  reader.finish();
}

void infer_bare_file(LoadContext& context) {
  Matrix& matrix = context.matrix;
  const auto is_file_name = [](const std::string& name) { return name.find('.') != std::string::npos; };
  const bool rows_are_files =
      std::ranges::all_of(matrix.rows, [&](const Row& row) { return is_file_name(row.name); }) &&
      std::ranges::all_of(matrix.row_globs, [&](const RowGlob& glob) { return is_file_name(glob.pattern); });
  for (const TextTemplate& argument : matrix.runner.command) {
    if (!context.file_is_told && rows_are_files && argument.source() == "{file}") {
      matrix.runner.file = test_file(argument);
      return;
    }
  }
}

void check_file_is_told(LoadContext& context, const YamlNode& runner) {
  const Matrix& matrix = context.matrix;
  const bool is_open = !context.file_is_told && !matrix.runner.file;
  for (const std::vector<TextTemplate>* command : commands_of(matrix)) {
    if (is_open && command_has(*command, "file")) {
      const YamlNode* const own = runner.find("command");
      context.diagnostics.warning(
          "M047", own != nullptr ? own->location : runner.location,
          "runner: command: {file} is no path, so that no row is looked for on the disk and no report is "
          "compared with a file; say which file is the row's own (file: tests/{file}.rs), or file: none");
      return;
    }
  }
}

} // namespace ctest_matrix
