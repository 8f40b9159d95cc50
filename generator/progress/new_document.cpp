#include "progress/new_document.hpp"

#include "base/text.hpp"
#include "progress/boxes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>

namespace ctest_matrix {

namespace {

/// fast: Fast Tests.
std::string heading(std::string label) {
  label.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(label.front())));
  return label + " Tests";
}

} // namespace

std::vector<DocumentSection> sections_of(const Plan& plan) {
  const std::vector<Label>& labels = plan.common.labels;
  std::vector<DocumentSection> sections;
  for (const Label& label : labels) {
    sections.push_back({heading(label.name), {}});
  }
  sections.push_back({"Excluded", {}});
  for (const Row& row : plan.rows) {
    const auto label = std::ranges::find(labels, row.label, &Label::name);
    sections[static_cast<std::size_t>(label - labels.begin())].rows.push_back(&row);
  }
  return sections;
}

std::vector<std::string> column_names(const Plan& plan) {
  std::vector<std::string> names;
  std::ranges::transform(plan.common.columns, std::back_inserter(names), &Column::name);
  return names;
}

std::string render_row(const Plan& plan, const Row& row, const std::vector<std::string>& columns) {
  std::string line = "-";
  for (const std::string& name : columns) {
    const auto column = std::ranges::find(plan.common.columns, name, &Column::name);
    const bool absent = column != plan.common.columns.end() && cells_of({&row, &*column}).empty();
    line += absent ? " [-]" : " [ ]";
  }
  line += fmt::format(" {} | {}", row.name, row.suite);
  return row.reason.empty() ? line : fmt::format("{} ({})", line, row.reason);
}

std::string render_document(const Plan& plan, TimePoint started) {
  std::string text = fmt::format("# {}\n\n"
                                 "Started: {}\n"
                                 "Config: {}\n\n"
                                 "Each row: `[{}] <file> | <suite description>`\n\n",
                                 plan.common.title, format_timestamp(started), plan.common.config,
                                 join(column_names(plan), "] ["));
  for (const DocumentSection& section : sections_of(plan)) {
    if (section.rows.empty()) {
      continue;
    }
    text += fmt::format("## {}\n\n", section.heading);
    for (const Row* row : section.rows) {
      text += render_row(plan, *row, column_names(plan)) + '\n';
    }
    text += '\n';
  }
  return text + "## Log\n";
}

} // namespace ctest_matrix
