#include "plan/copies.hpp"

#include "base/text.hpp"
#include "plan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

namespace {

/// The rows that differ in more than their names and descriptions: all that have settings of their own, and
/// of the others the first two, and the first two of one description.
std::vector<Row> telling_rows(const Matrix& matrix) {
  std::map<std::string_view, std::size_t> by_suite; // the first plain row of a description
  std::set<std::size_t> telling;
  std::size_t plain = 0;
  bool has_namesakes = false;
  for (std::size_t i = 0; i < matrix.rows.size(); ++i) {
    const Row& row = matrix.rows[i];
    if (!row.environment.empty() || !row.only.empty() || !row.wrap.empty()) {
      telling.insert(i);
      continue;
    }
    const auto [first, is_new] = by_suite.emplace(row.suite, i);
    if (!is_new && !has_namesakes) {
      has_namesakes = true;
      telling.insert({first->second, i});
    } else if (plain < 2) {
      telling.insert(i);
    }
    ++plain;
  }
  std::vector<Row> rows;
  std::ranges::transform(telling, std::back_inserter(rows), [&](std::size_t i) { return matrix.rows[i]; });
  return rows;
}

/// The name of each cell, as long as it is only a part of a text.
constexpr const char* k_name = "<cell>";

/// All that a cell runs, as far as it is known before, but for its scope. How its report is read is no part
/// of that. The cell's name counts where it is all of an argument or of a variable, which a script can go by,
/// but not as a part of a text (`logs/{cell}.txt`).
std::vector<std::string> work_of(const CommonPlan& common, const Cell& named) {
  Cell unnamed = named;
  unnamed.name = k_name;
  const BoundCell cell = bind(common, unnamed);
  std::vector<std::string> work{cell.directory.string()};
  const TextTemplate::Lookup texts = texts_of(common, cell);
  const TextTemplate::Lookup lookup = [&](std::string_view name) {
    return name == "filter" ? std::optional(cell.filter) : texts(name);
  };
  const auto text_of = [&](const TextTemplate& text) {
    const std::string bound = text.bind(lookup).source();
    return bound == k_name ? named.name : bound;
  };
  for (const TextTemplate& argument : cell.command) {
    work.push_back("argument " + text_of(argument));
  }
  for (const TextTemplate& word : cell.row->wrap) {
    work.push_back("wrap " + word.bind(lookup).source());
  }
  std::map<std::string, std::string> environment;
  for (const Environment& variables :
       {common.environment, cell.variant->environment, cell.row->environment}) {
    for (const auto& [name, value] : variables) {
      environment[name] = text_of(value);
    }
  }
  for (const auto& [name, value] : environment) {
    work.push_back(fmt::format("{}={}", name, value));
  }
  for (const std::string& name : cell.variant->artifacts) {
    work.push_back("artifact " + name);
  }
  for (const std::string& name : cell.variant->services) {
    work.push_back("service " + name);
  }
  for (const std::string& file : cell.report_files) {
    work.push_back("report " + file);
  }
  return work;
}

/// A cell among those that run the same, and what its report has to prove: the title above its tests, and
/// their file. Nothing where there is no report.
struct Copy {
  const Cell* cell = nullptr;
  std::optional<std::string> proof;
};

Copy copy_of(const CommonPlan& common, const Cell& cell) {
  const BoundCell bound = bind(common, cell);
  const bool has_report = report_format(common, bound) != ReportFormat::exit_code;
  return {&cell, has_report ? std::optional(bound.scope + '\n' + bound.file.string()) : std::nullopt};
}

std::vector<std::string> different_axes(const Cell& a, const Cell& b) {
  std::vector<std::string> axes;
  for (const auto& [axis, value] : a.variant->axes) {
    const std::string* other = value_of(b.variant->axes, axis);
    if (other == nullptr || *other != value) {
      axes.push_back(axis);
    }
  }
  return axes;
}

void report_copies(const Matrix& matrix, const Cell& cell, const Cell& original, Diagnostics& diagnostics) {
  const std::vector<std::string> axes = different_axes(cell, original);
  std::vector<std::string> placeholders;
  std::ranges::transform(axes, std::back_inserter(placeholders),
                         [](const std::string& axis) { return fmt::format("{{{}}}", axis); });
  diagnostics.error(
      "M039", matrix.find_axis(axes.front())->location,
      fmt::format(
          "the values of {} reach nothing: the cells '{}' and '{}' would run the same; expected {} in the "
          "runner's command, environment, scope or filter, or an artifact or service with `for: {{{}: {}}}`",
          join(axes, " and of "), original.name, cell.name, join(placeholders, " or "), axes.front(),
          *value_of(cell.variant->axes, axes.front())));
}

void report_rows(const Cell& cell, const Cell& original, Diagnostics& diagnostics) {
  diagnostics.error(
      "M039", cell.row->location,
      fmt::format("the rows '{}' and '{}' would run the same; expected {{file}}, {{path}} or {{suite}} in "
                  "the runner's command, environment, scope or filter",
                  original.row->name, cell.row->name));
}

/// The cell among these that the other one copies: one of its row, else one of its column; null for none.
const Cell* original_of(const std::vector<Copy>& cells, const Copy& other) {
  const auto same = [&](const Copy& copy) {
    return !copy.proof || !other.proof || copy.proof == other.proof;
  };
  const auto of_row = std::ranges::find_if(
      cells, [&](const Copy& copy) { return copy.cell->row == other.cell->row && same(copy); });
  const auto of_column = std::ranges::find_if(
      cells, [&](const Copy& copy) { return copy.cell->variant == other.cell->variant && same(copy); });
  const auto found = of_row != cells.end() ? of_row : of_column;
  return found == cells.end() ? nullptr : found->cell;
}

} // namespace

void check_copies(const Matrix& matrix, const Expansion& expansion, const Places& places,
                  Diagnostics& diagnostics) {
  const CommonPlan common = make_common_plan(matrix, expansion, places);
  const std::vector<Cell> cells = cells_of(telling_rows(matrix), common.columns, common.labels);
  std::map<std::vector<std::string>, std::vector<Copy>> originals;
  std::set<std::vector<std::string>> reported;
  for (const Cell& cell : cells) {
    const Copy copy = copy_of(common, cell);
    std::vector<Copy>& known = originals[work_of(common, cell)];
    const Cell* original = original_of(known, copy);
    known.push_back(copy);
    if (original == nullptr || !reported.insert(different_axes(*original, cell)).second) {
      continue;
    }
    if (original->row == cell.row) {
      report_copies(matrix, cell, *original, diagnostics);
    } else {
      report_rows(cell, *original, diagnostics);
    }
  }
}

} // namespace ctest_matrix
