#include "run/selection.hpp"

#include "base/diagnostics.hpp"
#include "base/text.hpp"
#include "ctest/script.hpp"
#include "progress/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

std::vector<std::string> values_of(const Plan& plan, const std::string& axis) {
  std::vector<std::string> values;
  for (const Cell& cell : plan.cells) {
    const std::string* value = value_of(cell.variant->axes, axis);
    if (value != nullptr && std::ranges::find(values, *value) == values.end()) {
      values.push_back(*value);
    }
  }
  return values;
}

std::vector<std::string> row_names(const Plan& plan) {
  std::vector<std::string> names;
  for (const Row& row : plan.rows) {
    names.push_back(row.name);
  }
  return names;
}

Result<void> check_row(const Plan& plan, std::string_view word, const std::string& row) {
  const std::vector<std::string> names = row_names(plan);
  if (row.empty() || std::ranges::find(names, row) != names.end()) {
    return {};
  }
  return Error{ExitCode::usage, fmt::format("{} {}: the matrix {} has no row '{}'{}", word, row,
                                            plan.common.name, row, suggestion(row, names))};
}

/// What `run onyl actor-conn` and `--encodin cbor` meant: a word of ours is as near as an axis.
Error unknown_word(const Plan& plan, const std::string& word, const std::string& value) {
  std::vector<std::string> known;
  for (const auto& [axis, unused] : plan.cells.front().variant->axes) {
    known.push_back(axis);
  }
  known.insert(known.end(), k_run_words.begin(), k_run_words.end());
  return {ExitCode::usage, fmt::format("run: '{0}' in '{0} {1}' is neither a word of `run` nor an axis{2}",
                                       word, value, suggestion(word, known))};
}

bool is_selected(const Cell& cell, const Assignment& selected) {
  return matches(selected, cell.variant->axes);
}

} // namespace

Result<void> check_rows(const Plan& plan, const RunRequest& request) {
  for (const auto& [word, row] : {std::pair("only", request.only), std::pair("from", request.from)}) {
    TRY(check_row(plan, word, row));
  }
  for (const std::string& row : request.skip) {
    TRY(check_row(plan, "skip", row));
  }
  return {};
}

Result<AxisChoice> choose_axes(const Plan& plan, const RunRequest& request) {
  AxisChoice choice;
  for (const auto& [axis, value] : request.axes) {
    std::vector<std::string> values = values_of(plan, axis);
    if (values.empty() && !plan.cells.empty()) {
      return unknown_word(plan, axis, value);
    }
    if (values.size() < 2) {
      choice.overrides.emplace_back(axis, value);
    } else if (std::ranges::find(values, value) != values.end()) {
      choice.selected.emplace_back(axis, value);
    } else if (value != "both" && value != "all") {
      values.emplace_back("both");
      return Error{ExitCode::usage,
                   fmt::format("{} {}: there is no such value{}", axis, value, suggestion(value, values))};
    }
  }
  return choice;
}

Result<Selection> select_cells(const Plan& plan, const RunRequest& request, const Assignment& selected,
                               const std::set<std::pair<std::string, std::string>>& ticked,
                               const std::set<std::string>& stale, std::span<const Record> journal) {
  TRY(check_rows(plan, request));
  std::set<std::string> failed;
  for (const Record& record : latest_records(plan, journal)) {
    if (!earns_tick(record.verdict)) {
      failed.insert(record.cell);
    }
  }
  const auto is_done = [&](const Cell& cell) {
    return request.scope == RunScope::failed
               ? !failed.contains(cell.name)
               : cell.row->name != request.only && ticked.contains({cell.row->name, cell.variant->column}) &&
                     !stale.contains(cell.name);
  };
  const bool includes_all = request.included.contains(std::string(k_all_rows));
  Selection selection;
  bool before = !request.from.empty();
  for (const Cell& cell : plan.cells) {
    before = before && cell.row->name != request.from;
    const bool is_only = cell.row->name == request.only;
    if (before || !is_selected(cell, selected) || (!request.only.empty() && !is_only)) {
      continue;
    }
    if (cell.row->is_excluded() && !is_only && !includes_all && !request.included.contains(cell.row->name)) {
      continue;
    }
    if (std::ranges::find(request.skip, cell.row->name) != request.skip.end()) {
      ++selection.skipped;
    } else if (is_done(cell)) {
      selection.ticked += request.scope == RunScope::open ? 1 : 0;
    } else {
      selection.cells.push_back(&cell);
    }
  }
  return selection;
}

} // namespace ctest_matrix
