// Why a profile has no cell of a name, and what it leaves out.
#include "base/text.hpp"
#include "check/axis_rules.hpp"
#include "check/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

std::string where(const Skip& skip) {
  if (!skip.column.empty()) {
    return fmt::format(" in the column '{}'", skip.column);
  }
  return skip.when.empty() ? "" : " with " + pairs(skip.when);
}

/// `runtime=bun or deno, tz=auckland`.
std::string choices_text(const Choices& choices) {
  std::vector<std::string> texts;
  for (const auto& [axis, values] : choices) {
    texts.push_back(fmt::format("{}={}", axis, join(values, " or ")));
  }
  return join(texts, ", ");
}

/// The optional row of this cell whose file is not there, or null.
const Row* absent_row_of(const Matrix& matrix, const std::string& cell) {
  const auto row = std::ranges::find_if(matrix.absent_rows, [&](const Row& absent) {
    return cell == absent.name || cell.starts_with(absent.name + ".");
  });
  return row == matrix.absent_rows.end() ? nullptr : &*row;
}

/// The profiles, other than the project's, that have a cell of this name.
std::vector<const Profile*> profiles_with(const Project& project, const std::string& name) {
  std::vector<const Profile*> found;
  for (const Profile& profile : project.matrix.profiles) {
    Diagnostics ignored;
    const auto expansion = expand(project.matrix, profile.name, {}, ignored);
    bool has_cell = false;
    for_each_cell(project.matrix.rows, expansion ? expansion->columns : std::vector<Column>(),
                  [&](const Row& row, const Variant& variant) {
                    has_cell = has_cell || cell_name(row, variant) == name;
                  });
    if (has_cell) {
      found.push_back(&profile);
    }
  }
  return found;
}

/// The row with the longest name that a cell's name begins with.
const Row* row_of(const Matrix& matrix, std::string_view cell) {
  const Row* longest = nullptr;
  for (const Row& row : matrix.rows) {
    if ((cell == row.name || cell.starts_with(row.name + ".")) &&
        (longest == nullptr || row.name.size() > longest->name.size())) {
      longest = &row;
    }
  }
  return longest;
}

std::vector<std::string> cells_of(const Project& project, const Row& row, const std::string& column) {
  std::vector<std::string> names;
  for (const Column& own : project.expansion.columns) {
    for (const Variant& variant : own.variants) {
      if ((column.empty() || own.name == column) && row.has_cell(variant.axes)) {
        names.push_back(cell_name(row, variant));
      }
    }
  }
  return names;
}

/// What stands against these axis values in a column; empty: nothing does.
std::string obstacle(const Project& project, const Column& column, const Assignment& wanted) {
  Assignment axes = wanted;
  for (const Axis& axis : project.matrix.axes) {
    const AxisSource source = axis_source(project, column, axis.name);
    const std::string* value = value_of(wanted, axis.name);
    if (value == nullptr && source.value != nullptr) {
      axes.emplace_back(axis.name, *source.value);
    }
  }
  if (const Forbidden* rule = rule_against(project.matrix, axes)) {
    return describe(*rule);
  }
  for (const auto& [axis, value] : wanted) {
    const AxisSource source = axis_source(project, column, axis);
    if (source.value != nullptr && *source.value != value) {
      return fmt::format("{} has {}={}", source.rule, axis, *source.value);
    }
  }
  return "";
}

/// What is wrong with the part of a cell's name behind the row.
std::string explain_suffix(const Project& project, const Row& row, const std::string& suffix) {
  std::vector<std::string> parts = split(suffix, '.');
  const Column* column = find_column(project, parts.front());
  if (column == nullptr) {
    std::vector<std::string> names;
    for (const Column& known : project.expansion.columns) {
      names.push_back(known.name);
    }
    return fmt::format("unknown column '{}'{}", parts.front(), suggestion(parts.front(), names));
  }
  Assignment wanted;
  for (auto part = parts.begin() + 1; part != parts.end(); ++part) {
    std::vector<std::string> values;
    const Axis* axis = nullptr;
    for (const Axis& candidate : project.matrix.axes) {
      values.insert(values.end(), candidate.values.begin(), candidate.values.end());
      if (std::find(candidate.values.begin(), candidate.values.end(), *part) != candidate.values.end()) {
        axis = &candidate;
      }
    }
    if (axis == nullptr) {
      return fmt::format("no axis has the value '{}'{}", *part, suggestion(*part, values));
    }
    wanted.emplace_back(axis->name, *part);
  }
  if (const std::string rule = obstacle(project, *column, wanted); !rule.empty()) {
    return rule;
  }
  if (!row.only.empty()) {
    return fmt::format("{}: the row runs only with {}", place(row.place_of("only")), choices_text(row.only));
  }
  return fmt::format("the cells of '{}' in the column '{}' are: {}", row.name, column->name,
                     join(cells_of(project, row, column->name), ", "));
}

/// What keeps a combination from running in the profile; empty: it runs.
std::string left_out_by(const Project& project, const Assignment& axes) {
  if (const Forbidden* rule = rule_against(project.matrix, axes)) {
    return describe(*rule);
  }
  std::string rule;
  std::size_t fewest = axes.size() + 1;
  for (const Column& column : project.expansion.columns) {
    std::size_t conflicts = 0;
    std::string first;
    for (const auto& [axis, value] : axes) {
      const AxisSource source = axis_source(project, column, axis);
      if (source.value != nullptr && *source.value != value) {
        first = conflicts++ == 0
                    ? fmt::format("{} has {}={}, not {}", source.rule, axis, *source.value, value)
                    : first;
      }
    }
    if (conflicts < fewest) {
      fewest = conflicts;
      rule = first;
    }
  }
  return rule;
}

std::vector<Assignment> all_combinations(const Matrix& matrix) {
  std::vector<Assignment> all{{}};
  for (const Axis& axis : matrix.axes) {
    std::vector<Assignment> longer;
    for (const Assignment& partial : all) {
      for (const std::string& value : axis.values) {
        longer.push_back(partial);
        longer.back().emplace_back(axis.name, value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

} // namespace

std::string explain_absent(const Project& project, const std::string& name) {
  std::string text = fmt::format("the profile '{}' has no cell '{}'", project.expansion.profile, name);
  const std::vector<const Profile*> others = profiles_with(project, name);
  for (const Profile* profile : others) {
    text += fmt::format("\n  {}: the profile '{}' has it; add --profile {}", place(profile->location),
                        profile->name, profile->name);
  }
  if (!others.empty()) {
    return text;
  }
  const Row* row = row_of(project.matrix, name);
  if (const Row* absent = row == nullptr ? absent_row_of(project.matrix, name) : nullptr) {
    return text + fmt::format("\n  {}: the row '{}' is optional, and its file is not there: {}",
                              place(absent->location), absent->name,
                              project.matrix.runner.file->path_of(absent->name).value_or(""));
  }
  if (row == nullptr) {
    std::vector<std::string> names;
    for (const Row& known : project.matrix.rows) {
      names.push_back(known.name);
    }
    const std::string word = name.substr(0, name.find('.'));
    const std::string near = nearest(word, names);
    return text + fmt::format("\n  no row is named '{}'{}", word,
                              near.empty() ? "" : fmt::format(", did you mean '{}'?", near));
  }
  if (name == row->name) {
    return text + fmt::format("\n  {}: the row '{}' has the cells {}", place(row->location), row->name,
                              join(cells_of(project, *row, ""), ", "));
  }
  return text + "\n  " + explain_suffix(project, *row, name.substr(row->name.size() + 1));
}

std::string explain_missing(const Project& project) {
  const Matrix& matrix = project.matrix;
  std::vector<std::pair<std::string, std::size_t>> rules;
  const std::vector<Assignment> all = all_combinations(matrix);
  std::size_t run = 0;
  for (const Assignment& axes : all) {
    const std::string rule = left_out_by(project, axes);
    if (rule.empty()) {
      ++run;
      continue;
    }
    const auto known =
        std::find_if(rules.begin(), rules.end(), [&](const auto& entry) { return entry.first == rule; });
    if (known == rules.end()) {
      rules.emplace_back(rule, 1);
    } else {
      ++known->second;
    }
  }
  std::string text = fmt::format("the profile '{}' runs {} of {} of axis values\n", project.expansion.profile,
                                 run, plural(all.size(), "combination"));
  for (const auto& [rule, number] : rules) {
    text += fmt::format("  {}: {}\n", rule, plural(number, "combination"));
  }
  const auto excluded = static_cast<std::size_t>(std::count_if(
      matrix.rows.begin(), matrix.rows.end(), [](const Row& row) { return row.is_excluded(); }));
  text += fmt::format("{} of {} run only on request\n", excluded, plural(matrix.rows.size(), "row"));
  for (const Row& row : matrix.rows) {
    if (row.is_excluded()) {
      text += fmt::format("  {}: {}{}\n", place(row.location), row.name,
                          row.reason.empty() ? "" : fmt::format(" ({})", row.reason));
    }
  }
  for (const Row& row : matrix.rows) {
    for (const Skips* skips : {&row.skip, &row.may_skip}) {
      for (const Skip& skip : *skips) {
        text += fmt::format("{}: {} may be skipped{} ({})\n", place(row.location), row.name, where(skip),
                            skip.reason);
      }
    }
    if (!row.only.empty()) {
      text += fmt::format("{}: {} runs only with {}\n", place(row.place_of("only")), row.name,
                          choices_text(row.only));
    }
  }
  for (const Row& row : matrix.absent_rows) {
    text += fmt::format("{}: {} is optional, and its file is not there\n", place(row.location), row.name);
  }
  std::vector<std::string> unnamed;
  for (const std::string& name : project.on_disk) {
    if (std::none_of(matrix.rows.begin(), matrix.rows.end(),
                     [&](const Row& row) { return row.name == name; })) {
      unnamed.push_back(name);
    }
  }
  if (!unnamed.empty()) {
    text += fmt::format("no row names {}: {}\n", plural(unnamed.size(), "test file"), join(unnamed, ", "));
  }
  return text;
}

} // namespace ctest_matrix
