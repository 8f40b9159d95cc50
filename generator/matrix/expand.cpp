#include "matrix/expand.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
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

/// A column is what it is by the value of such an axis: another value would make it lie.
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

/// CTest's -L is an unanchored regular expression: a label inside another one would be selected with it.
void check_labels(const Matrix& matrix, const Expansion& expansion, Diagnostics& diagnostics) {
  std::set<std::string> labels{"todo", "done", "excluded", "preflight"};
  for (const Cell& cell : expansion.cells) {
    labels.insert(cell.labels.begin(), cell.labels.end());
  }
  for (const std::string& inner : labels) {
    for (const std::string& outer : labels) {
      if (inner != outer && outer.find(inner) != std::string::npos) {
        const Label* label = matrix.find_label(outer);
        diagnostics.error(
            "M014", label != nullptr ? label->location : SourceLocation{matrix.file, 0, 0},
            fmt::format("the label '{}' is part of the label '{}', so `ctest -L {}` would select both", inner,
                        outer, inner));
      }
    }
  }
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
  const Profile* profile = matrix.find_profile(profile_name);
  if (profile == nullptr) {
    std::vector<std::string> names;
    for (const Profile& known : matrix.profiles) {
      names.push_back(known.name);
    }
    diagnostics.error("M020", {matrix.file, 0, 0},
                      fmt::format("unknown profile '{}'{}", profile_name, suggestion(profile_name, names)));
    return std::nullopt;
  }
  if (!check_overrides(matrix, overrides, diagnostics)) {
    return std::nullopt;
  }
  Expansion expansion;
  expansion.profile = profile->name;
  expansion.columns = profile->columns.empty() ? matrix.columns : profile->columns;
  expansion.progress = profile->progress.empty() ? matrix.progress : profile->progress;
  expansion.overrides = overrides;

  if (!check_columns(expansion, matrix, diagnostics)) {
    return std::nullopt;
  }
  std::vector<std::vector<Assignment>> per_column;
  for (const Column& column : expansion.columns) {
    per_column.push_back(combinations(matrix, merged(merged(profile->axes, column.axes), overrides)));
    if (per_column.back().empty()) {
      diagnostics.error(
          "M021", column.location,
          fmt::format("column '{}' has no legal cell in the profile '{}'", column.name, profile->name));
    }
  }
  std::vector<std::string> in_name;
  std::vector<std::string> in_labels;
  for (const Axis& axis : matrix.axes) {
    std::set<std::string> values;
    for (const auto& cells : per_column) {
      for (const Assignment& axes : cells) {
        values.insert(*value_of(axes, axis.name));
      }
    }
    const bool by_column =
        std::all_of(expansion.columns.begin(), expansion.columns.end(),
                    [&](const Column& column) { return value_of(column.axes, axis.name) != nullptr; });
    if (values.size() == 1) {
      expansion.fixed.emplace_back(axis.name, *values.begin());
    }
    if (values.size() > 1 && !by_column) {
      in_name.push_back(axis.name);
    }
    if (axis.values.size() > 1 && !by_column) {
      in_labels.push_back(axis.name);
    }
  }
  for (std::size_t row_index = 0; row_index < matrix.rows.size(); ++row_index) {
    const Row& row = matrix.rows[row_index];
    for (std::size_t i = 0; i < expansion.columns.size(); ++i) {
      const Column& column = expansion.columns[i];
      for (const Assignment& axes : per_column[i]) {
        Cell cell;
        cell.row = row_index;
        cell.column = column.name;
        cell.axes = axes;
        cell.suffix = column.name;
        for (const std::string& axis : in_name) {
          cell.suffix += "." + *value_of(axes, axis);
        }
        cell.name = row.name + "." + cell.suffix;
        if (row.is_excluded()) {
          cell.labels = {"excluded"};
        } else {
          cell.labels = {row.label, column.name};
          for (const std::string& axis : in_labels) {
            cell.labels.push_back(*value_of(axes, axis));
          }
          cell.labels.insert(cell.labels.end(), row.labels.begin(), row.labels.end());
        }
        const Label* label = matrix.find_label(row.is_excluded() ? matrix.labels.back().name : row.label);
        cell.timeout =
            static_cast<int>(std::lround(row.timeout.value_or(label->timeout) * column.timeout_scale));
        const auto skip = std::find_if(row.skip.begin(), row.skip.end(),
                                       [&](const auto& entry) { return entry.first == column.name; });
        cell.skip_reason = skip == row.skip.end() ? "" : skip->second;
        cell.artifacts = needed(matrix.artifacts, axes);
        cell.services = needed(matrix.services, axes);
        expansion.cells.push_back(std::move(cell));
      }
    }
  }
  check_labels(matrix, expansion, diagnostics);
  if (diagnostics.errors() > errors_before) {
    return std::nullopt;
  }
  return expansion;
}

} // namespace ctest_matrix
