#include "progress/markdown.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <cctype>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_space = " \t";
constexpr std::size_t k_usual_boxes = 4; ///< of a row, at most

std::size_t skip_space(std::string_view line, std::size_t at) {
  while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) {
    ++at;
  }
  return at;
}

bool is_bullet(char c) {
  return c == '-' || c == '*' || c == '+';
}

/// The line without indentation and without one list bullet: a fence can be the first thing in a list item.
std::string_view item_content(std::string_view line) {
  line.remove_prefix(skip_space(line, 0));
  if (line.size() > 1 && is_bullet(line[0]) && k_space.find(line[1]) != std::string_view::npos) {
    line.remove_prefix(skip_space(line, 1));
  }
  return line;
}

std::size_t run_length(std::string_view text, char c) {
  return std::min(text.find_first_not_of(c), text.size());
}

/// The length in bytes of the mark of a box at the begin of the text, 0 where there is none.
std::size_t mark_length(std::string_view text) {
  const char c = text.empty() ? ']' : text.front();
  const bool is_one_byte = c == ' ' || c == '\t' || c == 'x' || c == 'X' ||
                           (std::ispunct(static_cast<unsigned char>(c)) != 0 && c != '[' && c != ']');
  const std::size_t length = utf8_length(text);
  return is_one_byte ? 1 : length > 1 ? length : 0;
}

/// The length in bytes of a box, brackets included, at the begin of the text, 0 where there is none.
std::size_t box_length(std::string_view text) {
  const std::size_t mark = text.starts_with('[') ? mark_length(text.substr(1)) : 0;
  return mark > 0 && text.substr(1 + mark).starts_with(']') ? mark + 2 : 0;
}

} // namespace

std::vector<std::string> split_keeping_ends(std::string_view text) {
  std::vector<std::string> lines;
  lines.reserve(static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1);
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    const std::size_t length = newline == std::string_view::npos ? text.size() : newline + 1;
    lines.emplace_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

std::string_view line_ending(std::string_view line) {
  if (line.ends_with("\r\n")) {
    return "\r\n";
  }
  return line.ends_with('\n') ? "\n" : "";
}

bool is_blank(std::string_view line) {
  return trim(line).empty();
}

bool BlockScanner::is_opaque(std::string_view line) {
  line.remove_suffix(line_ending(line).size());
  if (m_in_comment) {
    m_in_comment = line.find("-->") == std::string_view::npos;
    return true;
  }
  if (m_fence_length > 0) {
    const std::string_view content = trim(line);
    const std::size_t length = run_length(content, m_fence);
    if (length >= m_fence_length && length == content.size()) {
      m_fence_length = 0;
    }
    return true;
  }
  const std::size_t indentation = skip_space(line, 0);
  if (indentation < 4 && line.substr(indentation).starts_with("<!--")) {
    m_in_comment = line.find("-->") == std::string_view::npos;
    return true;
  }
  const std::string_view content = item_content(line);
  if (!content.starts_with("```") && !content.starts_with("~~~")) {
    return false;
  }
  const std::size_t length = run_length(content, content[0]);
  if (content[0] == '`' && content.find('`', length) != std::string_view::npos) {
    return false;
  }
  m_fence = content[0];
  m_fence_length = length;
  return true;
}

std::optional<HeadingText> parse_heading(std::string_view line) {
  const std::size_t indentation = line.starts_with('\t') ? 4 : skip_space(line, 0);
  if (indentation > 3 || indentation == line.size() || line[indentation] != '#') {
    return std::nullopt;
  }
  line = trim(line);
  const std::size_t level = run_length(line, '#');
  if (indentation > 3 || level < 1 || level > 6 ||
      (level < line.size() && k_space.find(line[level]) == std::string_view::npos)) {
    return std::nullopt;
  }
  std::string_view title = trim(line.substr(level));
  const std::size_t last = title.find_last_not_of('#');
  if (last == std::string_view::npos) {
    title = {};
  } else if (k_space.find(title[last]) != std::string_view::npos) {
    title = trim(title.substr(0, last));
  }
  return HeadingText{static_cast<int>(level), std::string(title)};
}

std::optional<RowText> parse_row(std::string_view line) {
  line.remove_suffix(line_ending(line).size());
  std::size_t at = skip_space(line, 0);
  if (at == line.size() || !is_bullet(line[at])) {
    return std::nullopt;
  }
  at = skip_space(line, at + 1);
  RowText row;
  while (const std::size_t length = box_length(line.substr(at))) {
    if (row.boxes.empty()) {
      row.boxes.reserve(k_usual_boxes);
    }
    row.boxes.push_back(at + 1);
    if (line.substr(at + length).starts_with('(')) { // a link
      return std::nullopt;
    }
    at = skip_space(line, at + length);
  }
  const std::string_view rest = line.substr(at);
  const auto ends_word = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '|'; };
  const auto is_markup = [](char c) { return c == '`' || c == '*' || c == '~'; };
  std::string_view file(rest.begin(), std::find_if(rest.begin(), rest.end(), ends_word));
  while (!file.empty() && is_markup(file.front())) {
    file.remove_prefix(1);
  }
  while (!file.empty() && is_markup(file.back())) {
    file.remove_suffix(1);
  }
  if (row.boxes.empty() || file.empty()) {
    return std::nullopt;
  }
  row.file = file;
  row.has_bar = rest.find('|') != std::string_view::npos;
  return row;
}

} // namespace ctest_matrix
