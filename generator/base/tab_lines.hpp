// Lines of fields between tabs, in which `\t`, `\n` and `\\` stand for a tab, a newline and a backslash:
// cheap to read, whatever is in the fields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// One field as it stands in a line.
std::string tab_field(std::string_view text);

class TabWriter {
public:
  void add(std::string_view field);
  void add(std::int64_t number);
  void add(const std::vector<std::string>& fields); ///< with their number before them
  void end_line();

  std::string take() { return std::move(m_text); }

private:
  std::string m_text;
  bool m_begun = false;
};

/// Reads one field after the other, across lines. Throws std::runtime_error where there is no further field.
class TabReader {
public:
  explicit TabReader(std::string_view text) : m_rest(text) {}

  bool at_end() const { return m_rest.empty(); }

  std::string text();
  std::int64_t number();
  std::vector<std::string> texts();

private:
  std::string_view m_rest;
};

} // namespace ctest_matrix
