#include "check/fix.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

bool is_blank(std::string_view line) {
  const std::size_t indent = indent_of(line);
  return indent == line.size() || std::string_view("#\r\n").find(line[indent]) != std::string_view::npos;
}

/// Lines with their line ends, so that the text can be put together again.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

class Editor {
public:
  explicit Editor(std::string_view text) : m_lines(lines_of(text)) {}

  bool apply(const Fix& fix) {
    const auto line = static_cast<std::size_t>(fix.place.line) - 1;
    const auto column = static_cast<std::size_t>(fix.place.column) - 1;
    if (fix.place.line < 1 || line >= m_lines.size() || column >= m_lines[line].size()) {
      return false;
    }
    switch (fix.kind) {
    case Fix::Kind::replace:
      return replace(m_lines[line], column, fix);
    case Fix::Kind::remove:
      return is_block_key(line, column) && remove(line);
    case Fix::Kind::append:
      return is_block_key(line, column) && append(line, fix.text);
    }
    return false;
  }

  std::string take() const { return join(m_lines, ""); }

private:
  /// Whether a key stands first in its line, so that its lines are its own.
  bool is_block_key(std::size_t line, std::size_t column) const {
    return indent_of(m_lines[line]) == column && m_lines[line][column] != '-';
  }

  /// The line behind the lines of a key; blank lines and comments there belong to what follows.
  std::size_t end_of(std::size_t line) const {
    const std::size_t indent = indent_of(m_lines[line]);
    std::size_t end = line + 1;
    for (std::size_t i = end; i < m_lines.size(); ++i) {
      if (is_blank(m_lines[i])) {
        continue;
      }
      if (indent_of(m_lines[i]) <= indent) {
        break;
      }
      end = i + 1;
    }
    return end;
  }

  static bool replace(std::string& line, std::size_t column, const Fix& fix) {
    const auto length = static_cast<std::size_t>(fix.place.length);
    const char quote = line[column];
    if (quote == '\'' || quote == '"') {
      std::size_t end = column + 1;
      while (end < line.size() && line[end] != quote) {
        end += quote == '"' && line[end] == '\\' ? 2 : 1;
      }
      if (end >= line.size() || (end + 1 < line.size() && line[end + 1] == quote)) {
        return false;
      }
      line.replace(column, end + 1 - column, yaml_scalar(fix.text));
      return true;
    }
    // A plain text that goes on in the next line ends with this one.
    const std::string_view rest = trim(std::string_view(line).substr(std::min(column + length, line.size())));
    if (column + length > line.size() || !(rest.empty() || rest.find_first_of(":,}#") == 0)) {
      return false;
    }
    line.replace(column, length, yaml_scalar(fix.text));
    return true;
  }

  bool remove(std::size_t line) {
    m_lines.erase(m_lines.begin() + static_cast<std::ptrdiff_t>(line),
                  m_lines.begin() + static_cast<std::ptrdiff_t>(end_of(line)));
    return true;
  }

  bool append(std::size_t line, const std::string& text) {
    const std::size_t end = end_of(line);
    std::string& last = m_lines[end - 1];
    const std::string newline = last.ends_with("\r\n") ? "\r\n" : "\n";
    last += last.ends_with('\n') ? "" : newline;
    m_lines.insert(m_lines.begin() + static_cast<std::ptrdiff_t>(end),
                   std::string(indent_of(m_lines[line]), ' ') + text + newline);
    return true;
  }

  std::vector<std::string> m_lines;
};

} // namespace

std::string yaml_scalar(std::string_view text) {
  const std::string_view special = ":#{}[],&*!|>'\"%@`\\\n\t";
  const std::string_view words[] = {"true", "false", "null", "yes", "no", "on", "off", "~"};
  const bool number = !text.empty() && text.find_first_not_of("0123456789.+-eE_") == std::string_view::npos;
  const bool plain = !text.empty() && text.find_first_of(special) == std::string_view::npos &&
                     text.front() != '-' && text.front() != '?' && trim(text) == text && !number &&
                     std::find(std::begin(words), std::end(words), text) == std::end(words);
  return plain ? std::string(text) : fmt::format("'{}'", replace_all(std::string(text), "'", "''"));
}

Fixed apply_fixes(const std::string& file, std::string_view text, const std::vector<Fix>& fixes) {
  std::vector<Fix> own;
  std::copy_if(fixes.begin(), fixes.end(), std::back_inserter(own),
               [&](const Fix& fix) { return fix.place.file == file; });
  // From the end, so that the places of the remaining fixes stay true; at one place the later fix first, so
  // that appended rows keep their order.
  std::reverse(own.begin(), own.end());
  std::stable_sort(own.begin(), own.end(), [](const Fix& a, const Fix& b) {
    return std::pair(a.place.line, a.place.column) > std::pair(b.place.line, b.place.column);
  });
  Editor editor(text);
  Fixed fixed;
  for (const Fix& fix : own) {
    (editor.apply(fix) ? fixed.done : fixed.left).push_back(fix);
  }
  std::reverse(fixed.done.begin(), fixed.done.end());
  std::reverse(fixed.left.begin(), fixed.left.end());
  fixed.text = editor.take();
  return fixed;
}

} // namespace ctest_matrix
