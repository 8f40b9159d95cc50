#include "check/explain.hpp"

#include "base/text.hpp"
#include "check/axis_rules.hpp"
#include "plan/names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

/// Lines of a key and a value, the values aligned; an empty key continues the one before.
class Table {
public:
  void add(std::string_view key, std::string_view value) {
    m_text += fmt::format("  {:<12} {}\n", key, value);
  }

  std::string take() { return std::move(m_text); }

private:
  std::string m_text;
};

/// The line that runs a cell without CTest, with the same artifacts and services.
std::vector<std::string> by_hand(const Project& project, const std::string& cell,
                                 const std::filesystem::path& program) {
  const Places& places = project.places;
  std::vector<std::string> line{
      program,     "cell",    cell,         places.matrix, "--root",
      places.root, "--state", places.state, "--profile",   project.expansion.profile};
  if (!places.prefix.empty()) {
    line.insert(line.end(), {"--prefix", places.prefix});
  }
  for (const auto& [axis, value] : project.expansion.overrides) {
    line.insert(line.end(), {"--set", fmt::format("{}={}", axis, value)});
  }
  return line;
}

const SourceLocation& place_of(const Axis& axis, const std::string& value) {
  return axis.places[static_cast<std::size_t>(std::ranges::find(axis.values, value) - axis.values.begin())];
}

std::string timeout_rule(const Project& project, const Row& row, const Column& column,
                         const BoundCell& cell) {
  std::string text = fmt::format("{} s: ", cell.timeout);
  if (row.timeout) {
    text += fmt::format("{} s of the row ({})", *row.timeout, place(row.place_of("timeout")));
  } else {
    const Matrix& matrix = project.matrix;
    const Label* label = row.is_excluded() ? &matrix.labels.back() : matrix.find_label(row.label);
    text += fmt::format("{} s of the label '{}' ({})", label->timeout, label->name, place(label->location));
  }
  if (column.timeout_scale != 1) {
    text += fmt::format(", times {} for the column '{}' ({})", column.timeout_scale, column.name,
                        place(column.scale_place));
  }
  for (const auto& [name, value] : cell.variant->axes) {
    const Axis& axis = *project.matrix.find_axis(name);
    if (const double scale = axis.settings_of(value).timeout_scale; scale != 1) {
      text += fmt::format(", times {} for {}={} ({})", scale, name, value, place(place_of(axis, value)));
    }
  }
  return text;
}

/// What the values of the axes say of the runner.
void add_values(Table& table, const Project& project, const BoundCell& cell) {
  std::string_view key = "values";
  for (const auto& [name, value] : cell.variant->axes) {
    const Axis& axis = *project.matrix.find_axis(name);
    const ValueSettings& settings = axis.settings_of(value);
    std::vector<std::string> parts;
    if (settings.text != value) {
      parts.push_back(fmt::format("is the text {}", settings.text));
    }
    const std::pair<std::string_view, bool> given[] = {{"command", !settings.command.empty()},
                                                       {"environment", !settings.environment.empty()},
                                                       {"directory", !settings.directory.empty()},
                                                       {"report", settings.report.has_value()}};
    for (const auto& [what, is_given] : given) {
      if (is_given) {
        parts.push_back(fmt::format("gives the {}", what));
      }
    }
    if (!parts.empty()) {
      table.add(key,
                fmt::format("{}={} {}  ({})", name, value, join(parts, ", "), place(place_of(axis, value))));
      key = "";
    }
  }
}

void add_axes(Table& table, const Project& project, const Column& column, const BoundCell& cell) {
  std::string_view key = "axes";
  for (const auto& [axis, value] : cell.variant->axes) {
    const AxisSource source = axis_source(project, column, axis);
    const Axis& known = *project.matrix.find_axis(axis);
    std::string why = source.rule;
    if (source.value == nullptr) {
      why = fmt::format("{}: {}", place(known.location),
                        known.values.size() == 1 ? "the axis has no other value" : "each value has its cell");
    }
    table.add(key, fmt::format("{}={}  ({})", axis, value, why));
    key = "";
  }
}

void add_labels(Table& table, const Row& row, const BoundCell& cell, const std::string& progress_label) {
  std::string_view key = "labels";
  const auto add = [&](const std::string& label, const std::string& why) {
    table.add(key, fmt::format("{}  ({})", label, why));
    key = "";
  };
  for (const std::string& label : labels_of(cell)) {
    const auto axis = std::find_if(cell.variant->axes.begin(), cell.variant->axes.end(),
                                   [&](const auto& entry) { return entry.second == label; });
    if (std::find(row.labels.begin(), row.labels.end(), label) != row.labels.end()) {
      add(label, "the row's own");
    } else if (label == row.label || row.is_excluded()) {
      add(label, "the section of the row");
    } else if (label == cell.variant->column) {
      add(label, "the column");
    } else {
      add(label, fmt::format("the {}", axis == cell.variant->axes.end() ? "row" : axis->first));
    }
  }
  if (!progress_label.empty()) {
    add(progress_label, "the box in the progress file");
  }
}

template <typename Named>
const Named& named(const std::vector<Named>& all, const std::string& name) {
  return *std::find_if(all.begin(), all.end(), [&](const Named& item) { return item.name == name; });
}

void add_fixtures(Table& table, const Project& project, const BoundCell& cell,
                  const std::vector<std::string>& standing) {
  const std::string matrix = project.places.prefix + project.matrix.name;
  const auto why = [](const Assignment& when) {
    return when.empty() ? std::string("for every cell") : "for " + pairs(when);
  };
  table.add("fixtures", fmt::format("{}  (for every cell)", ready_test(matrix)));
  for (const std::string& name : cell.variant->artifacts) {
    const Artifact& artifact = named(project.matrix.artifacts, name);
    table.add("", fmt::format("{}  ({}: {})", artifact_test(matrix, name), place(artifact.location),
                              why(artifact.when)));
    const auto index = static_cast<std::size_t>(&name - cell.variant->artifacts.data());
    if (index < standing.size() && !standing[index].empty()) {
      table.add("", "  " + standing[index]);
    }
  }
  for (const std::string& name : cell.variant->services) {
    const Service& service = named(project.matrix.services, name);
    table.add("", fmt::format("{}  ({}: {})", service_fixture(matrix, name), place(service.location),
                              why(service.when)));
  }
}

void add_what_it_looks_at(Table& table, const Rule& rule) {
  if (rule.forbidden) {
    table.add("pattern", rule.forbidden->pattern);
    table.add("files", join(rule.forbidden->files, ", "));
    table.add("exempt",
              fmt::format("a line with ctest-matrix-allow: {}: WHY, or the one behind it", rule.name));
    return;
  }
  table.add("when", join(rule.together->when, ", "));
  table.add("then", join(rule.together->then, ", "));
  table.add("base", rule.together->base.empty() ? "origin/HEAD" : rule.together->base);
  table.add("exempt", fmt::format("a commit that ends with ctest-matrix-allow: {}: WHY", rule.name));
}

} // namespace

std::optional<std::string> explain_rule(const Project& project, const std::string& name) {
  const std::string matrix = project.places.prefix + project.matrix.name;
  for (const Rule& rule : project.matrix.rules) {
    const std::string test = rule_test(matrix, rule.name);
    if (name != rule.name && name != test) {
      continue;
    }
    Table table;
    table.add("rule", fmt::format("{}: {}", place(rule.location), rule.name));
    table.add("level", rule.level == RuleLevel::error ? "error" : "warn  (CTest shows it as skipped)");
    table.add("reason", rule.reason);
    add_what_it_looks_at(table, rule);
    return fmt::format("{}\n{}\ncheck it without CTest:\n  ctest-matrix rule {}\n", test, table.take(),
                       rule.name);
  }
  return std::nullopt;
}

std::string explain_cell(const Project& project, const BoundCell& cell, const CellFacts& facts) {
  const Matrix& matrix = project.matrix;
  const Row& row = named(matrix.rows, cell.row->name);
  const Column& column = *find_column(project, cell.variant->column);
  const Profile& profile = *matrix.find_profile(project.expansion.profile);
  Table table;
  table.add("row", fmt::format("{}: {}{}", place(row.location), row.name,
                               row.place_of("suite").line > 0 ? fmt::format(", {}", row.suite) : ""));
  if (row.is_excluded()) {
    table.add("excluded", fmt::format("runs only on request, with CTEST_MATRIX_INCLUDE={}{}", row.name,
                                      row.reason.empty() ? "" : fmt::format(": {}", row.reason)));
  }
  table.add("column", fmt::format("{}: {}", place(column.location), column.name));
  table.add("profile", fmt::format("{}: {}", place(profile.location), profile.name));
  add_axes(table, project, column, cell);
  add_values(table, project, cell);
  add_labels(table, row, cell, facts.progress_label);
  table.add("time-out", timeout_rule(project, row, column, cell));
  if (!cell.skip_reason.empty()) {
    table.add("skip", fmt::format("{}: {} ({})", cell.may_skip ? "accepted, as is a run" : "accepted",
                                  cell.skip_reason, place(row.location)));
  }
  add_fixtures(table, project, cell, facts.artifacts);
  if (!cell.file.empty()) {
    table.add("file", cell.file.string());
  }
  if (!cell.scope.empty()) {
    table.add("scope", cell.scope);
  }
  if (!cell.directory.empty()) {
    table.add("directory", cell.directory.string());
  }
  std::string_view key = "environment";
  for (const auto& [name, value] : facts.environment) {
    table.add(key, fmt::format("{}={}", name, shell_quote(value)));
    key = "";
  }
  return fmt::format("{}\n{}\nits command (what is in braces gets its value when it runs):\n  {}\n"
                     "run it without CTest:\n  {}\n",
                     cell_test(project.places, cell.name), table.take(), facts.command,
                     shell_line(by_hand(project, cell.name, facts.program)));
}

} // namespace ctest_matrix
