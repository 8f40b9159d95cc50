#include "progress/boxes.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

ColumnPlan::ColumnPlan(std::string profile, std::vector<PlannedBox> boxes)
    : m_profile(std::move(profile)), m_boxes(std::move(boxes)) {
  for (std::size_t box = 0; box < m_boxes.size(); ++box) {
    for (std::size_t cell = 0; cell < m_boxes[box].cells.size(); ++cell) {
      m_places.emplace(m_boxes[box].cells[cell].name, std::pair(box, cell));
    }
  }
}

ColumnPlan::Place ColumnPlan::find(const Record& record) const {
  const auto found = m_places.find(record.cell);
  if (record.kind != RecordKind::cell || record.profile != m_profile || found == m_places.end()) {
    return {};
  }
  const PlannedBox& box = m_boxes[found->second.first];
  const PlannedCell& cell = box.cells[found->second.second];
  const bool same = record.row == box.row && record.column == box.column &&
                    std::ranges::is_permutation(record.axes, cell.axes);
  return same ? Place{&box, &cell} : Place{};
}

std::string box_key(const PlannedBox& box) {
  return fmt::format("{} [{}]", box.row, box.column);
}

std::string log_label(const PlannedBox& box, const PlannedCell& cell) {
  if (box.cells.size() == 1) {
    return box_key(box);
  }
  const bool below_row = cell.name.starts_with(box.row + '.');
  return fmt::format("{} [{}]", box.row, below_row ? cell.name.substr(box.row.size() + 1) : cell.name);
}

std::string axes_mark(std::vector<std::pair<std::string, std::string>> axes) {
  std::ranges::sort(axes);
  std::string text;
  for (const auto& [axis, value] : axes) {
    text += fmt::format("{}={}\n", axis, value);
  }
  return fingerprint(text).substr(0, 8);
}

std::string cell_key(const PlannedCell& cell) {
  auto axes = cell.axes;
  std::ranges::sort(axes);
  std::string key = cell.name;
  for (const auto& [axis, value] : axes) {
    key += fmt::format(" {}={}", axis, value);
  }
  return key;
}

} // namespace ctest_matrix
