#include "progress/plan_bridge.hpp"

#include "base/files.hpp"
#include "progress/document.hpp"
#include "progress/durations.hpp"

#include <fmt/format.h>

#include <cctype>
#include <map>

namespace ctest_matrix {

namespace {

/// fast: Fast Tests.
std::string heading(std::string label) {
  label.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(label.front())));
  return label + " Tests";
}

} // namespace

StorePaths store_paths(const SuitePlan& suite) {
  return {suite.progress, suite.places.state / "journal.jsonl",
          suite.places.state / fmt::format("progress-{}.state", suite.profile)};
}

DocumentSpec document_spec(const DocumentPlan& document) {
  DocumentSpec spec{document.title, document.config, document.columns, {}};
  for (const std::string& label : document.labels) {
    spec.sections.push_back({heading(label), {}});
  }
  spec.sections.push_back({"Excluded", {}});
  for (const RowPlan& row : document.rows) {
    std::size_t section = 0;
    while (section < document.labels.size() && document.labels[section] != row.label) {
      ++section;
    }
    spec.sections[section].rows.push_back({row.name, row.suite, row.excluded});
  }
  return spec;
}

ColumnPlan column_plan(const SuitePlan& suite, const DocumentPlan& document) {
  std::vector<PlannedBox> boxes;
  for (const RowPlan& row : document.rows) {
    for (std::size_t column = 0; column < document.columns.size(); ++column) {
      PlannedBox box{
          row.name, document.columns[column], row.label.empty() ? RowKind::excluded : RowKind::required, {}};
      for (const CellId& cell : row.cells[column]) {
        box.cells.push_back({cell.name, cell.axes});
      }
      boxes.push_back(std::move(box));
    }
  }
  return {suite.profile, std::move(boxes)};
}

std::set<std::pair<std::string, std::string>> ticked_boxes(const Plan& plan) {
  std::set<std::pair<std::string, std::string>> ticked;
  const auto text = read_file(plan.suite.progress);
  if (!text) {
    return ticked;
  }
  const Document document = Document::parse(*text);
  for (const RowPlan& row : plan.document.rows) {
    for (const std::string& column : plan.document.columns) {
      if (document.box(row.name, column) == Box::ticked) {
        ticked.emplace(row.name, column);
      }
    }
  }
  return ticked;
}

std::vector<Record> latest_records(const Plan& plan, std::span<const Record> journal) {
  std::map<std::string, Record> latest;
  for (const Record& record : journal) {
    if (record.profile != plan.suite.profile) {
      continue;
    }
    if (record.kind == RecordKind::reset) {
      latest.clear();
      continue;
    }
    const CellPlan* cell = find_cell(plan, record.cell);
    const bool own = cell != nullptr && matches(record.axes, cell->axes) && matches(cell->axes, record.axes);
    if (own && record.verdict != Verdict::interrupted) {
      latest.insert_or_assign(record.cell, record);
    }
  }
  std::vector<Record> records;
  for (auto& [cell, record] : latest) {
    records.push_back(std::move(record));
  }
  return records;
}

std::map<std::string, Milliseconds, std::less<>> test_durations(const Plan& plan) {
  const auto journal = read_journal(store_paths(plan.suite).journal);
  const auto text = read_file(plan.suite.progress);
  const auto log = text ? Document::parse(*text).log() : std::vector<std::string>();
  std::map<std::string, Milliseconds, std::less<>> durations;
  for (const auto& [cell, duration] : cell_durations(
           column_plan(plan.suite, plan.document), journal ? journal->records : std::vector<Record>(), log)) {
    durations.emplace(plan.suite.places.prefix + cell, duration);
  }
  return durations;
}

VerdictLine verdict_line_of(const Record& record) {
  const auto counts = record.counted ? std::optional(record.counts) : std::nullopt;
  return {record.verdict, record.cell,   counts,    record.duration,
          record.flaky,   record.leaked, record.id, axes_mark(record.axes)};
}

} // namespace ctest_matrix
