#include "run/timeout_advice.hpp"

#include "base/text.hpp"
#include "progress/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace ctest_matrix {

namespace {

struct TimeOuts {
  int count = 0;
  std::vector<std::string> cells;
};

std::map<std::string, TimeOuts> time_outs(const Plan& plan, std::span<const Record> journal) {
  std::map<std::string, TimeOuts> by_column;
  for (const Record& record : journal) {
    const Cell* cell = find_cell(plan, record.cell);
    if (cell == nullptr || record.profile != plan.common.profile || record.verdict != Verdict::timeout ||
        !matches(cell->variant->axes, record.axes)) {
      continue;
    }
    TimeOuts& found = by_column[cell->variant->column];
    ++found.count;
    if (std::ranges::find(found.cells, record.cell) == found.cells.end()) {
      found.cells.push_back(record.cell);
    }
  }
  return by_column;
}

/// The column's time-out over that of the other columns, for the rows that have both.
double present_scale(const Plan& plan, const std::string& column) {
  std::map<std::string, int> others;
  for (const Cell& cell : plan.cells) {
    if (cell.variant->column != column) {
      others[cell.row->name] = cell.timeout;
    }
  }
  for (const Cell& cell : plan.cells) {
    const auto other = others.find(cell.row->name);
    if (cell.variant->column == column && other != others.end() && other->second > 0) {
      return static_cast<double>(cell.timeout) / other->second;
    }
  }
  return 1;
}

/// How much longer the column takes for the rows that pass everywhere: the median, when there is one.
std::optional<double> measured_scale(const Plan& plan, std::span<const Record> journal,
                                     const std::string& column) {
  std::map<std::string, std::pair<Milliseconds, Milliseconds>> rows; // this column, the slowest other one
  for (const Record& record : latest_records(plan, journal)) {
    if (record.verdict == Verdict::pass) {
      auto& [own, other] = rows[record.row];
      Milliseconds& slot = record.column == column ? own : other;
      slot = std::max(slot, record.duration);
    }
  }
  std::vector<double> ratios;
  for (const auto& [row, times] : rows) {
    if (times.first.count() > 0 && times.second.count() > 0) {
      ratios.push_back(static_cast<double>(times.first.count()) / static_cast<double>(times.second.count()));
    }
  }
  if (ratios.empty()) {
    return std::nullopt;
  }
  std::ranges::sort(ratios);
  return ratios[ratios.size() / 2];
}

} // namespace

std::vector<std::string> timeout_advice(const Plan& plan, std::span<const Record> journal) {
  const auto by_column = time_outs(plan, journal);
  if (by_column.size() != 1 || by_column.begin()->second.count < 2 || plan.common.columns.size() < 2) {
    return {};
  }
  const auto& [column, found] = *by_column.begin();
  const double present = present_scale(plan, column);
  const auto measured = measured_scale(plan, journal, column);
  const double wanted = std::max(present * 1.5, measured.value_or(0) * 1.25);
  const double scale = std::ceil(wanted * 2) / 2;
  return {fmt::format("{} ran into its time-out {} times ({}), no other column did: consider in the matrix\n"
                      "  timeout_scale: {{{}: {:g}}}{}",
                      column, found.count, join(found.cells, ", "), column, scale,
                      measured ? fmt::format("    # what passes takes {:.1f} times as long there", *measured)
                               : "")};
}

} // namespace ctest_matrix
