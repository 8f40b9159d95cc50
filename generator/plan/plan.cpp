#include "plan/plan.hpp"

#include "base/text.hpp"
#include "plan/worktree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// A path of the matrix, which is relative to the root; empty stays empty.
fs::path below(const fs::path& root, const std::string& path) {
  const fs::path normal = path.empty() ? fs::path() : (root / with_worktree(root, path)).lexically_normal();
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

/// The axes of which a value stands for another text than its name.
std::vector<AxisTexts> texts_of(const Matrix& matrix) {
  std::vector<AxisTexts> texts;
  for (const Axis& axis : matrix.axes) {
    if (has_texts(axis)) {
      AxisTexts own{axis.name, {}};
      for (std::size_t i = 0; i < axis.values.size(); ++i) {
        own.texts.emplace_back(axis.values[i], axis.settings[i].text);
      }
      texts.push_back(std::move(own));
    }
  }
  return texts;
}

/// What a placeholder of an axis stands for: `tz` for the text of its value, `tz.name` for the value.
std::optional<std::string> axis_text(const std::vector<AxisTexts>& texts, const Assignment& axes,
                                     std::string_view name) {
  if (const std::string* value = value_of(axes, name)) {
    const auto own = std::ranges::find(texts, name, &AxisTexts::axis);
    const auto text = [&] {
      return std::ranges::find_if(own->texts, [&](const auto& entry) { return entry.first == *value; });
    };
    return own == texts.end() ? *value : text()->second;
  }
  const std::string* value =
      name.ends_with(k_of_name) ? value_of(axes, name.substr(0, name.size() - k_of_name.size())) : nullptr;
  return value == nullptr ? std::nullopt : std::optional(*value);
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

std::vector<TextTemplate> bound(const std::vector<TextTemplate>& command,
                                const TextTemplate::Lookup& lookup) {
  std::vector<TextTemplate> arguments;
  arguments.reserve(command.size());
  for (const TextTemplate& argument : command) {
    arguments.push_back(argument.bind(lookup));
  }
  return arguments;
}

} // namespace

TextTemplate::Lookup texts_of(const CommonPlan& common, const BoundCell& cell) {
  return [&](std::string_view name) -> std::optional<std::string> {
    if (name == "file") {
      return cell.row->name;
    }
    if (name == "path") {
      return test_path(common, cell);
    }
    if (name == "suite") {
      return cell.row->suite;
    }
    if (name == "column") {
      return cell.variant->column;
    }
    if (name == "cell") {
      return cell.name;
    }
    return axis_text(common.texts, cell.variant->axes, name);
  };
}

BoundCell bind(const CommonPlan& common, const Cell& cell) {
  const Row& row = *cell.row;
  const Variant& variant = *cell.variant;
  BoundCell own;
  static_cast<Cell&>(own) = cell;
  if (common.file) {
    const std::string file = row.file.empty() ? common.file->path_of(row.name).value_or("") : row.file;
    own.file = file_below(common.directory, file);
  }
  own.directory = below(common.places.root, variant.directory);
  const TextTemplate::Lookup plain = texts_of(common, own);
  const TextTemplate::Lookup escaped = [&](std::string_view name) -> std::optional<std::string> {
    auto value = plain(name);
    return value && common.escaping == Escaping::regex ? escape_regex(*value) : value;
  };
  own.scope = rendered(common.scope, plain);
  own.filter = rendered(common.filter, escaped);
  own.command = bound(variant.command.empty() ? common.command : variant.command, plain);
  if (common.listing) {
    own.list_command = bound(common.listing->command, plain);
  }
  for (const TextTemplate& pattern : common.report_files) {
    own.report_files.push_back(rendered(pattern, plain));
  }
  own.inputs = variant.inputs;
  own.inputs.insert(own.inputs.end(), row.inputs.begin(), row.inputs.end());
  return own;
}

namespace {

/// The elements with their places on the disk.
template <typename Located>
std::vector<Located> with_sources(std::vector<Located> all, const Matrix& matrix, const Places& places) {
  std::string known; // that of the element before it, mostly
  std::string place;
  for (Located& item : all) {
    if (place.empty() || item.location.file != known) {
      known = item.location.file;
      place = source_of(matrix, places, known).string();
    }
    item.location.file = place;
  }
  return all;
}

std::optional<SourceRules> source_rules(const Matrix& matrix, const Places& places) {
  if (!matrix.inputs.empty()) {
    return std::nullopt;
  }
  SourceRules rules{.test_file = matrix.runner.file ? matrix.runner.file->source() : "", .except = {}};
  std::vector<std::string> written{matrix.progress, matrix.known, matrix.friction, matrix.log_current,
                                   matrix.log_narrow};
  std::ranges::transform(matrix.profiles, std::back_inserter(written), &Profile::progress);
  std::ranges::transform(matrix.services, std::back_inserter(written), &Service::log);
  for (const std::string& path : written) {
    if (!path.empty()) {
      rules.except.push_back(below(places.root, path));
    }
  }
  rules.except.push_back(places.matrix);
  return rules;
}

} // namespace

CommonPlan make_common_plan(const Matrix& matrix, const Expansion& expansion, const Places& places) {
  const Runner& runner = matrix.runner;
  return {.name = places.prefix + matrix.name,
          .places = places,
          .profile = expansion.profile,
          .title = matrix.title,
          .config = config_line(matrix, expansion),
          .labels = matrix.labels,
          .columns = expansion.columns,
          .texts = texts_of(matrix),
          .parallel = matrix.parallel,
          .progress = below(places.root, expansion.progress),
          .known = below(places.root, matrix.known),
          .friction = below(places.root, matrix.friction),
          .issues = matrix.issues,
          .log_current = below(places.root, matrix.log_current),
          .log_narrow = below(places.root, matrix.log_narrow),
          .directory = runner.directory.empty() ? places.root : below(places.root, runner.directory),
          .command = runner.command,
          .file = runner.file,
          .scope = runner.scope,
          .filter = runner.filter,
          .environment = runner.environment,
          .report = runner.report,
          .grace = runner.grace,
          .leaks = runner.leaks,
          .counts = runner.counts,
          .report_files = runner.report_files,
          .proves = runner.proves,
          .escaping = runner.escaping,
          .narrow = runner.narrow,
          .artifacts = with_sources(matrix.artifacts, matrix, places),
          .services = with_sources(matrix.services, matrix, places),
          .agreements = with_sources(matrix.agreements, matrix, places),
          .rules = with_sources(matrix.rules, matrix, places),
          .check = matrix.check,
          .overrides = expansion.overrides,
          .listing = runner.listing,
          .next_steps = matrix.next_steps,
          .sources = source_rules(matrix, places)};
}

Plan make_plan(Matrix matrix, const Expansion& expansion, const Places& places) {
  Plan plan;
  plan.common = make_common_plan(matrix, expansion, places);
  std::vector<Row> rows = with_sources(std::move(matrix.rows), matrix, places);
  if (matrix.runner.file && matrix.runner.file->has_several_patterns()) {
    for (Row& row : rows) {
      row.file = matrix.runner.file->path_of(row.name).value_or("");
    }
  }
  plan.rows = std::move(rows);
  plan.absent_rows = with_sources(std::move(matrix.absent_rows), matrix, places);
  plan.cells = cells_of(plan.rows, plan.common.columns, plan.common.labels);
  return plan;
}

std::vector<std::pair<std::string, std::string>> axis_values(const CommonPlan& common, const Cell& cell) {
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& [axis, value] : cell.variant->axes) {
    values.emplace_back(axis, axis_text(common.texts, cell.variant->axes, axis).value_or(value));
    values.emplace_back(std::string(axis).append(k_of_name), value);
  }
  return values;
}

std::string test_path(const CommonPlan& common, const BoundCell& cell) {
  const std::string& directory = runner_directory(common, cell).native();
  const std::string& file = cell.file.native();
  const bool inside =
      file.size() > directory.size() && file.starts_with(directory) && file[directory.size()] == '/';
  return inside ? file.substr(directory.size() + 1)
                : cell.file.lexically_relative(runner_directory(common, cell)).string();
}

const fs::path& runner_directory(const CommonPlan& common, const BoundCell& cell) {
  return cell.directory.empty() ? common.directory : cell.directory;
}

ReportFormat report_format(const CommonPlan& common, const Cell& cell) {
  return cell.variant->report.value_or(common.report);
}

const Cell* find_cell(const Plan& plan, std::string_view name) {
  const auto found = std::ranges::find(plan.cells, name, &Cell::name);
  return found == plan.cells.end() ? nullptr : &*found;
}

} // namespace ctest_matrix
