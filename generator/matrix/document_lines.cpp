#include "matrix/document_lines.hpp"

#include <charconv>
#include <stdexcept>

namespace ctest_matrix {

namespace {

class Writer {
public:
  void add(std::string_view field) {
    m_text += m_begun ? "\t" : "";
    m_begun = true;
    for (const char c : field) {
      switch (c) {
      case '\t':
        m_text += "\\t";
        break;
      case '\n':
        m_text += "\\n";
        break;
      case '\\':
        m_text += "\\\\";
        break;
      default:
        m_text += c;
      }
    }
  }

  void add(std::size_t number) { add(std::to_string(number)); }

  void add(const std::vector<std::string>& fields) {
    add(fields.size());
    for (const std::string& field : fields) {
      add(field);
    }
  }

  void end_line() {
    m_text += '\n';
    m_begun = false;
  }

  std::string take() { return std::move(m_text); }

private:
  std::string m_text;
  bool m_begun = false;
};

class Reader {
public:
  explicit Reader(std::string_view text) : m_rest(text) {}

  bool at_end() const { return m_rest.empty(); }

  std::string text() {
    const std::size_t end = m_rest.find_first_of("\t\n");
    if (end == std::string_view::npos) {
      throw std::runtime_error("a line of the document has no end");
    }
    std::string field(m_rest.substr(0, end));
    m_rest.remove_prefix(end + 1);
    if (field.find('\\') != std::string::npos) {
      unescape(field);
    }
    return field;
  }

  std::size_t number() {
    const std::string digits = text();
    std::size_t value = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (code != std::errc() || end != digits.data() + digits.size()) {
      throw std::runtime_error("expected a number in the document");
    }
    return value;
  }

  std::vector<std::string> texts() {
    std::vector<std::string> fields;
    for (std::size_t count = number(); count > 0; --count) {
      fields.push_back(text());
    }
    return fields;
  }

private:
  static void unescape(std::string& field) {
    std::size_t to = 0;
    for (std::size_t from = 0; from < field.size(); ++from) {
      char c = field[from];
      if (c == '\\' && from + 1 < field.size()) {
        c = field[++from];
        c = c == 't' ? '\t' : c == 'n' ? '\n' : c;
      }
      field[to++] = c;
    }
    field.resize(to);
  }

  std::string_view m_rest;
};

} // namespace

std::string document_to_lines(const DocumentPlan& document) {
  Writer writer;
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
      writer.add(cells.size());
      for (const CellId& cell : cells) {
        writer.add(cell.name);
        writer.add(cell.axes.size());
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
  Reader reader(text);
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
      for (std::size_t count = reader.number(); count > 0; --count) {
        CellId& cell = cells.emplace_back();
        cell.name = reader.text();
        for (std::size_t axes = reader.number(); axes > 0; --axes) {
          std::string axis = reader.text();
          cell.axes.emplace_back(std::move(axis), reader.text());
        }
      }
    }
  }
  return document;
}

} // namespace ctest_matrix
