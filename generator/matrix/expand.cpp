#include "matrix/expand.hpp"

#include "base/text.hpp"
#include "matrix/reserved_words.hpp"
#include "matrix/schema_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

namespace ctest_matrix {

namespace {

bool is_forbidden(const Matrix& matrix, const Assignment& axes) {
  return std::any_of(matrix.forbidden.begin(), matrix.forbidden.end(),
                     [&](const Forbidden& forbidden) { return matches(forbidden.when, axes); });
}

/// Every legal full assignment that agrees with `fixed`, the last axis varying fastest.
std::vector<Assignment> combinations(const Matrix& matrix, const Assignment& fixed) {
  std::vector<Assignment> all{{}};
  for (const Axis& axis : matrix.axes) {
    std::vector<Assignment> longer;
    const std::string* only = value_of(fixed, axis.name);
    for (const Assignment& partial : all) {
      for (const std::string& value : axis.values) {
        if (only == nullptr || *only == value) {
          longer.push_back(partial);
          longer.back().emplace_back(axis.name, value);
        }
      }
    }
    all = std::move(longer);
  }
  std::erase_if(all, [&](const Assignment& axes) { return is_forbidden(matrix, axes); });
  return all;
}

/// `base` with the values of `over` in place of its own.
Assignment merged(Assignment base, const Assignment& over) {
  for (const auto& [axis, value] : over) {
    std::erase_if(base, [&, name = axis](const auto& entry) { return entry.first == name; });
    base.emplace_back(axis, value);
  }
  return base;
}

bool check_overrides(const Matrix& matrix, const Assignment& overrides, Diagnostics& diagnostics) {
  bool good = true;
  for (const auto& [name, value] : overrides) {
    const Axis* axis = matrix.find_axis(name);
    if (axis == nullptr) {
      std::vector<std::string> names;
      for (const Axis& known : matrix.axes) {
        names.push_back(known.name);
      }
      diagnostics.error("M006", {k_command_line, 0, 0},
                        fmt::format("unknown axis '{}'{}", name, suggestion(name, names)));
      good = false;
    } else if (std::find(axis->values.begin(), axis->values.end(), value) == axis->values.end()) {
      diagnostics.error("M007", {k_command_line, 0, 0},
                        fmt::format("unknown {} '{}'{}", name, value, suggestion(value, axis->values)));
      good = false;
    }
  }
  return good;
}

/// An axis that tells the columns apart cannot be set: a column would then run what another one is named for.
bool check_columns(const Expansion& expansion, const Matrix& matrix, Diagnostics& diagnostics) {
  const Axis* axis = column_axis(matrix, expansion.columns);
  const std::string* value = axis == nullptr ? nullptr : value_of(expansion.overrides, axis->name);
  if (value == nullptr || expansion.columns.size() < 2) {
    return true;
  }
  std::string column;
  for (const Column& candidate : expansion.columns) {
    if (*value_of(candidate.axes, axis->name) == *value) {
      column = candidate.name;
    }
  }
  diagnostics.error("M027", {k_command_line, 0, 0},
                    fmt::format("the axis '{}' tells the columns apart and cannot be set for all of them{}",
                                axis->name,
                                column.empty() ? "" : fmt::format("; select with `ctest -L {}`", column)));
  return false;
}

template <typename Named>
std::vector<std::string> needed(const std::vector<Named>& all, const Assignment& axes) {
  std::vector<std::string> names;
  for (const Named& item : all) {
    if (matches(item.when, axes)) {
      names.push_back(item.name);
    }
  }
  return names;
}

/// The sections that have rows.
std::vector<Label> used_sections(const Matrix& matrix) {
  std::set<std::string_view> used;
  for (const Row& row : matrix.rows) {
    used.insert(row.label);
  }
  std::vector<Label> sections;
  std::ranges::copy_if(matrix.labels, std::back_inserter(sections),
                       [&](const Label& label) { return used.contains(label.name); });
  return sections;
}

/// A label that says something else already would select both.
void check_labels(const Matrix& matrix, const Expansion& expansion, Diagnostics& diagnostics) {
  std::vector<std::string> taken = labels_of_ours();
  const auto check = [&](const std::string& label, const SourceLocation& at, const std::string& what) {
    if (std::ranges::find(taken, label) != taken.end()) {
      diagnostics.error(
          "M014", at,
          fmt::format("{} '{}' would be a label that has another meaning; expected a name that is none "
                      "of: {}",
                      what, label, join(taken, ", ")));
    }
  };
  const std::vector<Label> sections = used_sections(matrix);
  for (const Label& section : sections) {
    check(section.name, section.location, "the section");
  }
  std::ranges::transform(sections, std::back_inserter(taken), &Label::name);
  for (const auto& [label, place] : placed_labels(matrix, expansion)) {
    if (place.kind != LabelKind::section) {
      check(label, place.location,
            place.kind == LabelKind::column  ? "the column"
            : place.kind == LabelKind::value ? "the value"
                                             : "the label");
    }
  }
}

const Profile* find_profile(const Matrix& matrix, const std::string& name, Diagnostics& diagnostics) {
  const Profile* profile = matrix.find_profile(name);
  if (profile == nullptr) {
    std::vector<std::string> names;
    for (const Profile& known : matrix.profiles) {
      names.push_back(known.name);
    }
    const Axis* const axis = matrix.find_axis("profile");
    const bool is_value = axis != nullptr && std::ranges::find(axis->values, name) != axis->values.end();
    diagnostics.error(
        "M020", {matrix.file, 0, 0},
        fmt::format("unknown profile '{}'{}{}", name, suggestion(name, names),
                    is_value ? fmt::format("; the axis is said as --set profile={}", name) : ""));
  }
  return profile;
}

/// The legal combinations of axis values, by column.
using ColumnCells = std::vector<std::vector<Assignment>>;

ColumnCells cells_of_columns(const Matrix& matrix, const Profile& profile, const Expansion& expansion,
                             Diagnostics& diagnostics) {
  ColumnCells by_column;
  for (const Column& column : expansion.columns) {
    by_column.push_back(combinations(matrix, merged(merged(profile.axes, column.axes), expansion.overrides)));
    if (by_column.back().empty()) {
      diagnostics.error(
          "M021", column.location,
          fmt::format("column '{}' has no legal cell in the profile '{}'", column.name, profile.name));
    }
  }
  return by_column;
}

/// Reports rows whose `only` leaves no cell in any profile.
void check_rows(const Matrix& matrix, Diagnostics& diagnostics) {
  if (std::ranges::all_of(matrix.rows, [](const Row& row) { return row.only.empty(); })) {
    return;
  }
  std::vector<Assignment> run;
  for (const Profile& profile : matrix.profiles) {
    for (const Column& column : profile.columns.empty() ? matrix.columns : profile.columns) {
      const auto own = combinations(matrix, merged(profile.axes, column.axes));
      run.insert(run.end(), own.begin(), own.end());
    }
  }
  for (const Row& row : matrix.rows) {
    if (std::ranges::none_of(run, [&](const Assignment& axes) { return row.has_cell(axes); })) {
      diagnostics.error("M021", row.place_of("only"),
                        fmt::format("row '{}': only: no column has a cell with these values", row.name));
    }
  }
}

/// Whether the columns say the value of an axis, so that the name of the column is enough to tell it.
bool is_told_by_column(const Axis& axis, const std::vector<Column>& columns) {
  return std::all_of(columns.begin(), columns.end(),
                     [&](const Column& column) { return value_of(column.axes, axis.name) != nullptr; });
}

/// The axes whose values the cells of a profile carry, beside the name of their column.
struct CarriedAxes {
  std::vector<std::string> in_name;   ///< those that vary
  std::vector<std::string> in_labels; ///< those that could vary
};

/// Sorts the axes into the fixed ones of `expansion` and those that the cells carry.
CarriedAxes sort_axes(const Matrix& matrix, const ColumnCells& by_column, Expansion& expansion) {
  CarriedAxes carried;
  for (const Axis& axis : matrix.axes) {
    std::set<std::string> values;
    for (const auto& cells : by_column) {
      for (const Assignment& axes : cells) {
        values.insert(*value_of(axes, axis.name));
      }
    }
    if (values.size() == 1) {
      expansion.fixed.emplace_back(axis.name, *values.begin());
    }
    if (is_told_by_column(axis, expansion.columns)) {
      continue;
    }
    if (values.size() > 1) {
      carried.in_name.push_back(axis.name);
    }
    if (axis.values.size() > 1) {
      carried.in_labels.push_back(axis.name);
    }
  }
  return carried;
}

std::vector<std::string> labels_of(const Column& column, const Assignment& axes, const CarriedAxes& carried) {
  std::vector<std::string> labels{column.name};
  for (const std::string& axis : carried.in_labels) {
    labels.push_back(*value_of(axes, axis));
  }
  return labels;
}

/// A time-out that the scales of its column and its values make too long.
void check_timeouts(const Matrix& matrix, const Expansion& expansion, Diagnostics& diagnostics) {
  for (const Column& column : expansion.columns) {
    double scale = 0;
    for (const Variant& variant : column.variants) {
      scale = std::max(scale, variant.timeout_scale);
    }
    for (const Row& row : matrix.rows) {
      const double longest = unscaled_timeout(matrix.labels, row) * scale;
      if (longest > k_most_seconds) {
        diagnostics.error(
            "M011", column.scale_place.line > 0 ? column.scale_place : column.location,
            fmt::format("timeout_scale: the time-out of '{}' in the column '{}' would be {:.0f} seconds; "
                        "expected at most {}",
                        row.name, column.name, longest, k_most_seconds));
        break;
      }
    }
  }
}

/// What a message calls a part of `ValueSettings` that two values of a cell cannot both have.
std::string_view shared_setting(const ValueSettings& a, const ValueSettings& b) {
  if (!a.command.empty() && !b.command.empty()) {
    return "command";
  }
  if (!a.directory.empty() && !b.directory.empty() && a.directory != b.directory) {
    return "directory";
  }
  if (a.report && b.report && *a.report != *b.report) {
    return "report";
  }
  const bool same_variable = std::ranges::any_of(a.environment, [&](const auto& mine) {
    return std::ranges::any_of(b.environment, [&](const auto& other) {
      return mine.first == other.first && mine.second.source() != other.second.source();
    });
  });
  return same_variable ? "environment" : "";
}

/// Reports two values of one cell that say the same thing differently.
void check_values(const Matrix& matrix, const Assignment& axes, std::set<std::string>& said,
                  Diagnostics& diagnostics) {
  for (auto a = matrix.axes.begin(); a != matrix.axes.end(); ++a) {
    for (auto b = a + 1; b != matrix.axes.end(); ++b) {
      const std::string& of_a = *value_of(axes, a->name);
      const std::string& of_b = *value_of(axes, b->name);
      const std::string_view setting = shared_setting(a->settings_of(of_a), b->settings_of(of_b));
      const std::string message =
          fmt::format("axes: {}={} and {}={} contradict each other: both give `{}`, and a cell has both; "
                      "expected it at one of them, or the two under `forbid`",
                      a->name, of_a, b->name, of_b, setting);
      if (!setting.empty() && said.insert(message).second) {
        diagnostics.error(
            "M028",
            b->places[static_cast<std::size_t>(std::ranges::find(b->values, of_b) - b->values.begin())],
            message);
      }
    }
  }
}

std::string suffix_of(const Column& column, const Assignment& axes, const CarriedAxes& carried) {
  std::string suffix = column.name;
  for (const std::string& axis : carried.in_name) {
    suffix += "." + *value_of(axes, axis);
  }
  return suffix;
}

Variant make_variant(const Matrix& matrix, const Column& column, const Assignment& axes,
                     const CarriedAxes& carried) {
  Variant variant{.suffix = suffix_of(column, axes, carried),
                  .axes = axes,
                  .column = column.name,
                  .labels = labels_of(column, axes, carried),
                  .timeout_scale = column.timeout_scale,
                  .artifacts = needed(matrix.artifacts, axes),
                  .services = needed(matrix.services, axes)};
  for (const auto& [name, patterns] : matrix.inputs) {
    if (name.empty() || name == column.name) {
      variant.inputs.insert(variant.inputs.end(), patterns.begin(), patterns.end());
    }
  }
  for (const Axis& axis : matrix.axes) {
    const ValueSettings& value = axis.settings_of(*value_of(axes, axis.name));
    variant.timeout_scale *= value.timeout_scale;
    variant.command = value.command.empty() ? variant.command : value.command;
    variant.environment.insert(variant.environment.end(), value.environment.begin(), value.environment.end());
    variant.directory = value.directory.empty() ? variant.directory : value.directory;
    variant.report = value.report ? value.report : variant.report;
  }
  return variant;
}

} // namespace

const Axis* column_axis(const Matrix& matrix, const std::vector<Column>& columns) {
  for (const Axis& axis : matrix.axes) {
    std::set<std::string> values;
    for (const Column& column : columns) {
      const std::string* value = value_of(column.axes, axis.name);
      values.insert(value == nullptr ? "" : *value);
    }
    if (values.size() == columns.size() && !values.contains("")) {
      return &axis;
    }
  }
  return nullptr;
}

std::optional<Expansion> expand(const Matrix& matrix, const std::string& profile_name,
                                const Assignment& overrides, Diagnostics& diagnostics) {
  const int errors_before = diagnostics.errors();
  const Profile* profile = find_profile(matrix, profile_name, diagnostics);
  if (profile == nullptr || !check_overrides(matrix, overrides, diagnostics)) {
    return std::nullopt;
  }
  Expansion expansion{
      .profile = profile->name,
      .columns = profile->columns.empty() ? matrix.columns : profile->columns,
      .overrides = overrides,
      .fixed = {},
      .label_axes = {},
      .progress = profile->progress.empty() ? matrix.progress : profile->progress,
  };
  if (!check_columns(expansion, matrix, diagnostics)) {
    return std::nullopt;
  }
  const ColumnCells by_column = cells_of_columns(matrix, *profile, expansion, diagnostics);
  const CarriedAxes carried = sort_axes(matrix, by_column, expansion);
  std::set<std::string> contradictions;
  for (std::size_t column = 0; column < by_column.size(); ++column) {
    std::vector<Variant> variants;
    for (const Assignment& axes : by_column[column]) {
      check_values(matrix, axes, contradictions, diagnostics);
      variants.push_back(make_variant(matrix, expansion.columns[column], axes, carried));
    }
    expansion.columns[column].variants = std::move(variants);
  }
  expansion.label_axes = carried.in_labels;
  check_rows(matrix, diagnostics);
  check_labels(matrix, expansion, diagnostics);
  check_timeouts(matrix, expansion, diagnostics);
  if (diagnostics.errors() > errors_before) {
    return std::nullopt;
  }
  return expansion;
}

std::map<std::string, PlacedLabel> placed_labels(const Matrix& matrix, const Expansion& expansion) {
  std::map<std::string, PlacedLabel> labels;
  for (const Row& row : matrix.rows) {
    for (const std::string& label : row.labels) {
      labels.try_emplace(label, PlacedLabel{LabelKind::of_rows, row.place_of("labels")});
    }
  }
  for (const std::string& name : expansion.label_axes) {
    const Axis& axis = *matrix.find_axis(name);
    for (std::size_t value = 0; value < axis.values.size(); ++value) {
      labels.insert_or_assign(axis.values[value], PlacedLabel{LabelKind::value, axis.places[value]});
    }
  }
  for (const Column& column : expansion.columns) {
    labels.insert_or_assign(column.name, PlacedLabel{LabelKind::column, column.location});
  }
  for (const Label& label : used_sections(matrix)) {
    labels.try_emplace(label.name, PlacedLabel{LabelKind::section, label.location});
  }
  return labels;
}

} // namespace ctest_matrix
