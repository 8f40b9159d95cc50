// The columns of a progress file that come and go with those of the matrix, and rows that get another name.
#include "progress/boxes.hpp"
#include "progress/document.hpp"

#include <algorithm>
#include <iterator>
#include <map>

namespace ctest_matrix {

std::vector<std::string> Document::missing_columns(const Plan& plan) const {
  std::vector<std::string> missing;
  std::ranges::copy_if(column_names(plan), std::back_inserter(missing), [&](const std::string& name) {
    return std::ranges::find(m_columns, name) == m_columns.end();
  });
  return missing;
}

std::vector<std::string> Document::unknown_columns(const Plan& plan) const {
  const std::vector<std::string> known = column_names(plan);
  std::vector<std::string> unknown;
  std::ranges::copy_if(m_columns, std::back_inserter(unknown), [&](const std::string& name) {
    return std::ranges::find(known, name) == known.end();
  });
  return unknown;
}

std::vector<std::string> Document::add_columns(const Plan& plan) {
  const std::vector<std::string> missing = missing_columns(plan);
  const std::size_t legend_end = m_legend ? m_lines[*m_legend].rfind("] ") : std::string::npos;
  if (missing.empty() || legend_end == std::string::npos || missing.size() == plan.common.columns.size()) {
    return {};
  }
  std::map<std::string_view, const Row*> rows;
  for (const Row& row : plan.rows) {
    rows.emplace(row.name, &row);
  }
  std::string in_legend;
  for (const std::string& name : missing) {
    in_legend += " [" + name + "]";
  }
  for (RowLine& row : m_rows) {
    const auto of_plan = rows.find(row.text.file);
    const bool own = row.text.boxes.size() == m_columns.size() && (row.text.has_bar || of_plan != rows.end());
    if (!own) {
      continue;
    }
    for (const std::string& name : missing) {
      const Column& column = *std::ranges::find(plan.common.columns, name, &Column::name);
      const bool absent = of_plan != rows.end() && cells_of({of_plan->second, &column}).empty();
      const std::size_t behind = m_lines[row.line].find(']', row.text.boxes.back()) + 1;
      m_lines[row.line].insert(behind, absent ? " [-]" : " [ ]");
      row.text.boxes.push_back(behind + 2);
    }
  }
  m_lines[*m_legend].insert(legend_end + 1, in_legend);
  m_columns.insert(m_columns.end(), missing.begin(), missing.end());
  return missing;
}

bool Document::rename_row(std::string_view file, std::string_view name) {
  const RowLine* row = find_row(file);
  if (row == nullptr || has_row(name)) {
    return false;
  }
  std::string& line = m_lines[row->line];
  const std::size_t begin = line.find(file, row->text.boxes.back() + 2);
  if (begin == std::string::npos) {
    return false;
  }
  line.replace(begin, file.size(), name);
  *this = parse(text());
  return true;
}

} // namespace ctest_matrix
