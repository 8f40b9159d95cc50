#include "progress/boxes.hpp"

#include "plan/verdict_line.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

std::string Box::name() const {
  return std::string(row->name).append(" [").append(column->name).append("]");
}

std::string BoxCell::label() const {
  return box->column->variants.size() == 1 ? box->name()
                                           : fmt::format("{} [{}]", box->row->name, variant->suffix);
}

std::string BoxCell::key() const {
  return fmt::format("{} {}", name(), axes_mark(variant->axes));
}

Boxes::Boxes(const Plan& plan) : m_plan(plan) {
  m_boxes.reserve(plan.rows.size() * plan.common.columns.size());
  for (const Row& row : plan.rows) {
    for (const Column& column : plan.common.columns) {
      const bool has_cells = std::ranges::any_of(
          column.variants, [&](const Variant& variant) { return row.has_cell(variant.axes); });
      if (has_cells) {
        m_boxes.push_back({&row, &column});
      }
    }
  }
}

BoxCell Boxes::find(const Record& record) const {
  if (record.kind != RecordKind::cell || record.profile != m_plan.common.profile) {
    return {};
  }
  if (m_cells.empty()) {
    for (const Box& box : m_boxes) {
      for (const BoxCell& cell : cells_of(box)) {
        m_cells.emplace(cell.name(), cell);
      }
    }
  }
  const auto found = m_cells.find(record.cell);
  if (found == m_cells.end()) {
    return {};
  }
  const BoxCell& cell = found->second;
  const bool same = record.row == cell.box->row->name && record.column == cell.box->column->name &&
                    std::ranges::is_permutation(record.axes, cell.variant->axes);
  return same ? cell : BoxCell{};
}

std::vector<BoxCell> cells_of(const Box& box) {
  std::vector<BoxCell> cells;
  for (const Variant& variant : box.column->variants) {
    if (box.row->has_cell(variant.axes)) {
      cells.push_back({&box, &variant});
    }
  }
  return cells;
}

} // namespace ctest_matrix
