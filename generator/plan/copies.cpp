#include "plan/copies.hpp"

#include "base/text.hpp"
#include "plan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace ctest_matrix {

namespace {

/// The rows that differ in more than their names: all that have settings of their own, and one for the
/// others.
std::vector<Row> telling_rows(const Matrix& matrix) {
  std::vector<Row> rows;
  bool has_plain = false;
  for (const Row& row : matrix.rows) {
    const bool is_plain = row.environment.empty() && row.only.empty();
    if (!is_plain || !has_plain) {
      rows.push_back(row);
    }
    has_plain = has_plain || is_plain;
  }
  return rows;
}

/// All that a cell runs, as far as it is known before. How its report is read is no part of that, and a scope
/// says nothing where none is.
std::vector<std::string> work_of(const CommonPlan& common, const BoundCell& cell) {
  const bool has_report = report_format(common, cell) != ReportFormat::exit_code;
  std::vector<std::string> work{cell.row->name, has_report ? cell.scope : "", cell.directory.string()};
  const TextTemplate::Lookup texts = texts_of(common, cell);
  const TextTemplate::Lookup lookup = [&](std::string_view name) {
    return name == "filter" ? std::optional(cell.filter) : texts(name);
  };
  for (const TextTemplate& argument : cell.command) {
    work.push_back("argument " + argument.bind(lookup).source());
  }
  for (const TextTemplate& word : cell.row->wrap) {
    work.push_back("wrap " + word.bind(lookup).source());
  }
  std::map<std::string, std::string> environment;
  for (const Environment& variables :
       {common.environment, cell.variant->environment, cell.row->environment}) {
    for (const auto& [name, value] : variables) {
      environment[name] = value.bind(lookup).source();
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
  return work;
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

} // namespace

void check_copies(const Matrix& matrix, const Expansion& expansion, const Places& places,
                  Diagnostics& diagnostics) {
  const CommonPlan common = make_common_plan(matrix, expansion, places);
  const std::vector<Cell> cells = cells_of(telling_rows(matrix), common.columns, common.labels);
  std::map<std::vector<std::string>, const Cell*> originals;
  std::set<std::vector<std::string>> reported;
  for (const Cell& cell : cells) {
    const auto [known, is_new] = originals.emplace(work_of(common, bind(common, cell)), &cell);
    if (!is_new && reported.insert(different_axes(*known->second, cell)).second) {
      report_copies(matrix, cell, *known->second, diagnostics);
    }
  }
}

} // namespace ctest_matrix
