#include "plan/document_lines.hpp"

#include "base/tab_lines.hpp"

namespace ctest_matrix {

std::string document_to_lines(const DocumentPlan& document) {
  TabWriter writer;
  writer.add(document.title);
  writer.add(document.config);
  writer.end_line();
  writer.add(document.columns);
  writer.end_line();
  writer.add(document.labels);
  writer.end_line();
  for (const RowPlan& row : document.rows) {
    for (const std::string* field : {&row.name, &row.suite, &row.label, &row.excluded}) {
      writer.add(*field);
    }
    for (const std::vector<CellId>& cells : row.cells) {
      writer.add(static_cast<std::int64_t>(cells.size()));
      for (const CellId& cell : cells) {
        writer.add(cell.name);
        writer.add(static_cast<std::int64_t>(cell.axes.size()));
        for (const auto& [axis, value] : cell.axes) {
          writer.add(axis);
          writer.add(value);
        }
      }
    }
    writer.end_line();
  }
  return writer.take();
}

DocumentPlan document_from_lines(std::string_view text) {
  TabReader reader(text);
  DocumentPlan document;
  document.title = reader.text();
  document.config = reader.text();
  document.columns = reader.texts();
  document.labels = reader.texts();
  while (!reader.at_end()) {
    RowPlan& row = document.rows.emplace_back();
    for (std::string* field : {&row.name, &row.suite, &row.label, &row.excluded}) {
      *field = reader.text();
    }
    for (std::size_t column = 0; column < document.columns.size(); ++column) {
      std::vector<CellId>& cells = row.cells.emplace_back();
      for (std::int64_t count = reader.number(); count > 0; --count) {
        CellId& cell = cells.emplace_back();
        cell.name = reader.text();
        for (std::int64_t axes = reader.number(); axes > 0; --axes) {
          std::string axis = reader.text();
          cell.axes.emplace_back(std::move(axis), reader.text());
        }
      }
    }
  }
  return document;
}

} // namespace ctest_matrix
