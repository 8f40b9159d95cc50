#include "plan/plan.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// A path of the matrix, which is relative to the root; empty stays empty.
fs::path below(const fs::path& root, const std::string& path) {
  return path.empty() ? fs::path() : (root / path).lexically_normal();
}

std::string config_line(const Matrix& matrix, const Expansion& expansion) {
  std::vector<std::string> parts;
  for (auto fixed = expansion.fixed.rbegin(); fixed != expansion.fixed.rend(); ++fixed) {
    parts.push_back(fmt::format("{} ({})", fixed->first, fixed->second));
  }
  std::vector<std::string> columns;
  for (const Column& column : expansion.columns) {
    columns.push_back(column.name);
  }
  const Axis* axis = column_axis(matrix, expansion.columns);
  parts.push_back(
      fmt::format("{} ({})", axis == nullptr ? "columns" : axis->name + "s", join(columns, ", ")));
  return join(parts, ", ");
}

DocumentPlan make_document(const Matrix& matrix, const Expansion& expansion) {
  DocumentPlan document;
  document.title = matrix.title;
  document.config = config_line(matrix, expansion);
  for (const Column& column : expansion.columns) {
    document.columns.push_back(column.name);
  }
  for (const Label& label : matrix.labels) {
    document.labels.push_back(label.name);
  }
  for (const Row& row : matrix.rows) {
    document.rows.push_back({row.name, row.suite, row.label, row.reason,
                             std::vector<std::vector<CellId>>(document.columns.size())});
  }
  for (const Cell& cell : expansion.cells) {
    const auto column = std::find(document.columns.begin(), document.columns.end(), cell.column);
    document.rows[cell.row].cells[static_cast<std::size_t>(column - document.columns.begin())].push_back(
        {cell.name, cell.axes});
  }
  return document;
}

std::string rendered(const std::optional<TextTemplate>& text, const TextTemplate::Lookup& lookup) {
  return text ? text->bind(lookup).render(lookup).operator*() : std::string();
}

/// Where a place of the matrix lies on the disk, which may be a file that it includes.
fs::path source_of(const Matrix& matrix, const Places& places, const std::string& file) {
  if (file == matrix.file) {
    return places.matrix;
  }
  const fs::path beside = fs::path(matrix.file).parent_path();
  const fs::path relative = beside.empty() ? fs::path(file) : fs::path(file).lexically_relative(beside);
  return (places.matrix.parent_path() / relative).lexically_normal();
}

CellPlan make_cell(const Matrix& matrix, const Cell& cell, const Places& places, const fs::path& directory) {
  const Row& row = matrix.rows[cell.row];
  const Runner& runner = matrix.runner;
  const TextTemplate::Lookup plain = [&](std::string_view name) -> std::optional<std::string> {
    if (name == "file") {
      return row.name;
    }
    if (name == "suite") {
      return row.suite;
    }
    if (name == "column") {
      return cell.column;
    }
    if (name == "cell") {
      return cell.name;
    }
    const std::string* value = value_of(cell.axes, name);
    return value == nullptr ? std::nullopt : std::optional(*value);
  };
  const TextTemplate::Lookup escaped = [&](std::string_view name) -> std::optional<std::string> {
    auto value = plain(name);
    return value && runner.escaping == Escaping::regex ? escape_regex(*value) : value;
  };
  CellPlan plan;
  plan.name = cell.name;
  plan.suffix = cell.suffix;
  plan.row = row.name;
  plan.suite = row.suite;
  plan.column = cell.column;
  plan.axes = cell.axes;
  plan.labels = cell.labels;
  plan.excluded = row.is_excluded();
  plan.timeout = cell.timeout;
  plan.skip_reason = cell.skip_reason;
  plan.artifacts = cell.artifacts;
  plan.services = cell.services;
  for (const auto& [column, patterns] : matrix.inputs) {
    if (column == k_all_columns || column == cell.column) {
      plan.inputs.insert(plan.inputs.end(), patterns.begin(), patterns.end());
    }
  }
  plan.inputs.insert(plan.inputs.end(), row.inputs.begin(), row.inputs.end());
  plan.file = runner.file ? (directory / rendered(runner.file, plain)).lexically_normal() : fs::path();
  plan.scope = rendered(runner.scope, plain);
  plan.filter = rendered(runner.filter, escaped);
  plan.environment = row.environment;
  plan.processors = row.processors;
  plan.locks = row.locks;
  plan.source = source_of(matrix, places, row.location.file);
  plan.line = row.location.line;
  for (const TextTemplate& argument : runner.command) {
    plan.command.push_back(argument.bind(plain));
  }
  if (runner.listing) {
    for (const TextTemplate& argument : runner.listing->command) {
      plan.list_command.push_back(argument.bind(plain));
    }
  }
  return plan;
}

} // namespace

Plan make_plan(const Matrix& matrix, const Expansion& expansion, const Places& places) {
  Plan plan;
  plan.suite = {places.prefix + matrix.name,
                places,
                expansion.profile,
                matrix.parallel,
                below(places.root, expansion.progress),
                below(places.root, matrix.log_current),
                below(places.root, matrix.log_narrow),
                matrix.runner.directory.empty() ? places.root : below(places.root, matrix.runner.directory),
                matrix.runner.environment,
                matrix.runner.report,
                matrix.runner.grace,
                matrix.runner.leaks,
                matrix.runner.escaping,
                matrix.runner.narrow,
                matrix.artifacts,
                matrix.services,
                matrix.agreements,
                matrix.check,
                expansion.overrides,
                matrix.runner.listing,
                matrix.next_steps};
  for (Agreement& agreement : plan.suite.agreements) {
    agreement.location.file = source_of(matrix, places, agreement.location.file).string();
  }
  for (Artifact& artifact : plan.suite.artifacts) {
    artifact.location.file = source_of(matrix, places, artifact.location.file).string();
  }
  for (Service& service : plan.suite.services) {
    service.location.file = source_of(matrix, places, service.location.file).string();
  }
  plan.document = make_document(matrix, expansion);
  for (const Cell& cell : expansion.cells) {
    plan.cells.push_back(make_cell(matrix, cell, places, plan.suite.directory));
  }
  return plan;
}

const CellPlan* find_cell(const Plan& plan, std::string_view name) {
  const auto found = std::find_if(plan.cells.begin(), plan.cells.end(),
                                  [&](const CellPlan& cell) { return cell.name == name; });
  return found == plan.cells.end() ? nullptr : &*found;
}

} // namespace ctest_matrix
