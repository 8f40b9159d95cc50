#include "matrix/cell.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ctest_matrix {

namespace {

/// Why the tests of a cell may be skipped; empty: no entry speaks of it.
std::string reason_of(const Skips& skips, const Variant& variant) {
  const auto skip = std::ranges::find_if(skips, [&](const Skip& entry) {
    return (entry.column.empty() || entry.column == variant.column) && matches(entry.when, variant.axes);
  });
  return skip == skips.end() ? "" : skip->reason;
}

Cell make_cell(const std::shared_ptr<const Row>& row, const std::shared_ptr<const Variant>& variant,
               int unscaled) {
  Cell cell{.name = cell_name(*row, *variant),
            .row = row,
            .variant = variant,
            // At least a second, for CTest takes none for no limit.
            .timeout = std::max(1, static_cast<int>(std::lround(unscaled * variant->timeout_scale))),
            .skip_reason = reason_of(row->skip, *variant),
            .may_skip = false};
  if (cell.skip_reason.empty()) {
    cell.skip_reason = reason_of(row->may_skip, *variant);
    cell.may_skip = !cell.skip_reason.empty();
  }
  return cell;
}

} // namespace

std::string cell_name(const Row& row, const Variant& variant) {
  std::string name;
  name.reserve(row.name.size() + 1 + variant.suffix.size());
  return name.append(row.name).append(".").append(variant.suffix);
}

int unscaled_timeout(const std::vector<Label>& sections, const Row& row) {
  if (row.timeout) {
    return *row.timeout;
  }
  const auto section = std::ranges::find(sections, row.label, &Label::name);
  return section == sections.end() ? sections.back().timeout : section->timeout;
}

std::vector<Cell> cells_of(const SharedList<Row>& rows, const std::vector<Column>& columns,
                           const std::vector<Label>& sections) {
  std::vector<std::shared_ptr<const Variant>> variants;
  for (const Column& column : columns) {
    for (std::size_t i = 0; i < column.variants.size(); ++i) {
      variants.push_back(column.variants.share(i));
    }
  }
  std::vector<Cell> cells;
  cells.reserve(rows.size() * variants.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::shared_ptr<const Row> row = rows.share(i);
    const int unscaled = unscaled_timeout(sections, *row);
    for (const auto& variant : variants) {
      if (row->has_cell(variant->axes)) {
        cells.push_back(make_cell(row, variant, unscaled));
      }
    }
  }
  return cells;
}

std::vector<std::string> labels_of(const Cell& cell) {
  if (cell.row->is_excluded()) {
    return {std::string(k_excluded)};
  }
  std::vector<std::string> labels{cell.row->label};
  labels.insert(labels.end(), cell.variant->labels.begin(), cell.variant->labels.end());
  labels.insert(labels.end(), cell.row->labels.begin(), cell.row->labels.end());
  return labels;
}

} // namespace ctest_matrix
