// What the values of the axes say of the runner, beside their names: `runtime: {bun: {command: [bun, …]}}`.
#include "matrix/load_section.hpp"
#include "matrix/schema_reader.hpp"
#include "runners/report_formats.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

void load_value(LoadContext& context, const YamlNode& node, const std::string& what,
                const std::vector<std::string>& placeholders, ValueSettings& settings) {
  MapReader reader(node, what, context.diagnostics);
  reader.optional("text"); // read with the axis
  if (const YamlNode* command = reader.optional("command")) {
    settings.command = read_command(*command, what + ": command", placeholders, context.diagnostics);
    settings.command_place = command->location;
  }
  if (const YamlNode* variables = reader.optional("environment")) {
    settings.environment =
        read_environment(context, *variables, what + ": environment", context.cell_placeholders);
  }
  settings.directory = reader.text("directory", "");
  if (const YamlNode* report = reader.optional("report")) {
    settings.report = choice(context, *report, what + ": report", k_report_formats);
  }
  if (const YamlNode* factor = reader.optional("timeout_scale")) {
    settings.timeout_scale = read_factor(*factor, what + ": timeout_scale", context.diagnostics);
  }
  reader.finish();
}

} // namespace

void load_value_settings(LoadContext& context, const std::vector<std::string>& placeholders) {
  for (Axis& axis : context.matrix.axes) {
    for (std::size_t i = 0; i < axis.values.size(); ++i) {
      if (const YamlNode* node = axis.settings[i].node; node != nullptr && node->kind == YamlKind::map) {
        load_value(context, *node, fmt::format("axis '{}': {}", axis.name, axis.values[i]), placeholders,
                   axis.settings[i]);
      }
      axis.settings[i].node = nullptr;
    }
  }
}

void check_value_commands(LoadContext& context) {
  for (const Axis& axis : context.matrix.axes) {
    for (const ValueSettings& value : axis.settings) {
      if (!value.command.empty()) {
        check_command(context, value.command_place, value.command,
                      value.report.value_or(context.matrix.runner.report), value.environment);
      }
    }
  }
}

bool commands_everywhere(const Matrix& matrix) {
  return std::ranges::any_of(matrix.axes, [](const Axis& axis) {
    return std::ranges::all_of(axis.settings,
                               [](const ValueSettings& value) { return !value.command.empty(); });
  });
}

bool reports_everywhere(const Matrix& matrix) {
  return std::ranges::any_of(matrix.axes, [](const Axis& axis) {
    return std::ranges::all_of(axis.settings,
                               [](const ValueSettings& value) { return value.report.has_value(); });
  });
}

} // namespace ctest_matrix
