#include "base/tab_lines.hpp"

#include <charconv>
#include <stdexcept>

namespace ctest_matrix {

namespace {

void append_escaped(std::string& text, std::string_view field) {
  if (field.find_first_of("\t\n\\") == std::string_view::npos) {
    text += field;
    return;
  }
  for (const char c : field) {
    switch (c) {
    case '\t':
      text += "\\t";
      break;
    case '\n':
      text += "\\n";
      break;
    case '\\':
      text += "\\\\";
      break;
    default:
      text += c;
    }
  }
}

void unescape(std::string& field) {
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

} // namespace

std::string tab_field(std::string_view text) {
  std::string field;
  append_escaped(field, text);
  return field;
}

void TabWriter::add(std::string_view field) {
  m_text += m_begun ? "\t" : "";
  m_begun = true;
  append_escaped(m_text, field);
}

void TabWriter::add(std::int64_t number) {
  add(std::to_string(number));
}

void TabWriter::add(const std::vector<std::string>& fields) {
  add(static_cast<std::int64_t>(fields.size()));
  for (const std::string& field : fields) {
    add(field);
  }
}

void TabWriter::end_line() {
  m_text += '\n';
  m_begun = false;
}

std::string TabReader::text() {
  const std::size_t end = m_rest.find_first_of("\t\n");
  if (end == std::string_view::npos) {
    throw std::runtime_error("a line has no end");
  }
  std::string field(m_rest.substr(0, end));
  m_rest.remove_prefix(end + 1);
  if (field.find('\\') != std::string::npos) {
    unescape(field);
  }
  return field;
}

std::int64_t TabReader::number() {
  const std::string digits = text();
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc() || end != digits.data() + digits.size()) {
    throw std::runtime_error("expected a number");
  }
  return value;
}

std::vector<std::string> TabReader::texts() {
  std::vector<std::string> fields;
  for (std::int64_t count = number(); count > 0; --count) {
    fields.push_back(text());
  }
  return fields;
}

} // namespace ctest_matrix
