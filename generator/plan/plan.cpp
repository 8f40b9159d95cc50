#include "plan/plan.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// A path of the matrix, which is relative to the root; empty stays empty.
fs::path below(const fs::path& root, const std::string& path) {
  const fs::path normal = path.empty() ? fs::path() : (root / path).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path(); // without a slash at its end
}

/// A file below a directory that is normal. Most names are normal, too, and taking paths apart is slow.
fs::path file_below(const fs::path& directory, const std::string& name) {
  const bool normal = !name.empty() && !name.starts_with('/') && !name.starts_with('.') &&
                      !name.ends_with('/') && name.find("/.") == std::string::npos &&
                      name.find("//") == std::string::npos;
  return normal ? fs::path(directory.native() + '/' + name) : (directory / name).lexically_normal();
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

/// The columns with the cells that each row has in them.
std::vector<Column> columns_of(const Expansion& expansion) {
  std::vector<Column> columns = expansion.columns;
  for (const ExpandedCell& cell : expansion.cells) {
    if (cell.row == 0) {
      std::ranges::find(columns, cell.column, &Column::name)->variants.push_back({cell.suffix, cell.axes});
    }
  }
  return columns;
}

std::string rendered(const std::optional<TextTemplate>& text, const TextTemplate::Lookup& lookup) {
  return text ? *text->render(lookup) : std::string();
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

Cell make_cell(const Matrix& matrix, const Row& row, const ExpandedCell& cell, const fs::path& directory) {
  const Runner& runner = matrix.runner;
  const TextTemplate::Lookup plain = [&](std::string_view name) -> std::optional<std::string> {
    if (name == "file") {
      return row.name;
    }
    if (name == "path") {
      return runner.file ? runner.file->path_of(row.name) : std::nullopt;
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
  Cell plan{.name = cell.name,
            .suffix = cell.suffix,
            .row = row,
            .column = cell.column,
            .axes = cell.axes,
            .labels = cell.labels,
            .timeout = cell.timeout,
            .skip_reason = cell.skip_reason,
            .artifacts = cell.artifacts,
            .services = cell.services,
            .inputs = {},
            .file =
                runner.file ? file_below(directory, runner.file->path_of(row.name).value_or("")) : fs::path(),
            .scope = rendered(runner.scope, plain),
            .filter = rendered(runner.filter, escaped),
            .command = {},
            .list_command = {}};
  for (const auto& [column, patterns] : matrix.inputs) {
    if (column == k_all_columns || column == cell.column) {
      plan.inputs.insert(plan.inputs.end(), patterns.begin(), patterns.end());
    }
  }
  plan.inputs.insert(plan.inputs.end(), row.inputs.begin(), row.inputs.end());
  plan.command.reserve(runner.command.size());
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

/// The elements with their places on the disk.
template <typename Located>
std::vector<Located> with_sources(std::vector<Located> all, const Matrix& matrix, const Places& places) {
  for (Located& item : all) {
    item.location.file = source_of(matrix, places, item.location.file).string();
  }
  return all;
}

std::vector<std::string> names_of(const std::vector<Label>& labels) {
  std::vector<std::string> names;
  std::ranges::transform(labels, std::back_inserter(names), &Label::name);
  return names;
}

} // namespace

Plan make_plan(const Matrix& matrix, const Expansion& expansion, const Places& places) {
  const Runner& runner = matrix.runner;
  Plan plan;
  plan.common = {.name = places.prefix + matrix.name,
                 .places = places,
                 .profile = expansion.profile,
                 .title = matrix.title,
                 .config = config_line(matrix, expansion),
                 .labels = names_of(matrix.labels),
                 .columns = columns_of(expansion),
                 .parallel = matrix.parallel,
                 .progress = below(places.root, expansion.progress),
                 .log_current = below(places.root, matrix.log_current),
                 .log_narrow = below(places.root, matrix.log_narrow),
                 .directory = runner.directory.empty() ? places.root : below(places.root, runner.directory),
                 .environment = runner.environment,
                 .report = runner.report,
                 .grace = runner.grace,
                 .leaks = runner.leaks,
                 .counts = runner.counts,
                 .proves = runner.proves,
                 .escaping = runner.escaping,
                 .narrow = runner.narrow,
                 .artifacts = with_sources(matrix.artifacts, matrix, places),
                 .services = with_sources(matrix.services, matrix, places),
                 .agreements = with_sources(matrix.agreements, matrix, places),
                 .check = matrix.check,
                 .overrides = expansion.overrides,
                 .listing = runner.listing,
                 .next_steps = matrix.next_steps};
  plan.rows = with_sources(matrix.rows, matrix, places);
  plan.cells.reserve(expansion.cells.size());
  for (const ExpandedCell& cell : expansion.cells) {
    plan.cells.push_back(make_cell(matrix, plan.rows[cell.row], cell, plan.common.directory));
  }
  return plan;
}

const Cell* find_cell(const Plan& plan, std::string_view name) {
  const auto found = std::ranges::find(plan.cells, name, &Cell::name);
  return found == plan.cells.end() ? nullptr : &*found;
}

std::string cell_name(const Row& row, const Variant& variant) {
  return row.name + '.' + variant.suffix;
}

} // namespace ctest_matrix
