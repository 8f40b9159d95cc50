#include "progress/document.hpp"

#include "base/merge_conflict.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "progress/config_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>
#include <unordered_set>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_legend = "Each row:";
constexpr std::string_view k_log = "Log";
constexpr int k_section_level = 2;

bool same_title(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_tick(char mark) {
  return mark == 'x' || mark == 'X';
}

/// The names in `[native] [wasm] <file>`.
std::vector<std::string> legend_columns(std::string_view legend) {
  std::vector<std::string> columns;
  std::size_t at = legend.find('[');
  while (at < legend.size() && legend[at] == '[') {
    const std::size_t end = legend.find(']', at);
    if (end == std::string_view::npos) {
      break;
    }
    columns.emplace_back(trim(legend.substr(at + 1, end - at - 1)));
    at = legend.find_first_not_of(" \t", end + 1);
  }
  return columns;
}

std::unordered_set<std::string_view> row_names(const Plan& plan) {
  std::unordered_set<std::string_view> names(plan.rows.size());
  for (const Row& row : plan.rows) {
    names.insert(row.name);
  }
  return names;
}

} // namespace

Document Document::parse(std::string_view text) {
  Document document;
  document.m_lines = split_keeping_ends(text);
  document.m_opaque.reserve(document.m_lines.size());
  document.m_rows.reserve(document.m_lines.size());
  document.m_row_of_file.reserve(document.m_lines.size());
  BlockScanner scanner;
  bool preamble = true;
  bool in_log = false;
  std::size_t block = 0;
  MergeConflict conflict;
  for (std::size_t i = 0; i < document.m_lines.size(); ++i) {
    const std::string& line = document.m_lines[i];
    const bool was_inside = scanner.inside();
    document.m_opaque.push_back(scanner.is_opaque(line));
    block = was_inside ? block : i;
    if (document.m_opaque.back()) {
      continue;
    }
    conflict.read(line, static_cast<int>(i) + 1);
    if (const auto heading = parse_heading(line)) {
      preamble = preamble && heading->level < k_section_level;
      if (heading->level <= k_section_level) {
        in_log = heading->level == k_section_level && same_title(heading->title, k_log);
      }
      document.m_headings.push_back({i, *heading});
    } else if (auto row = in_log ? std::nullopt : parse_row(line)) {
      document.m_row_of_file.emplace(row->file, document.m_rows.size());
      document.m_rows.push_back({i, *std::move(row)});
    } else if (preamble) {
      document.read_preamble_line(i);
    }
  }
  document.m_conflict = conflict.line();
  if (scanner.inside()) {
    document.m_unclosed = static_cast<int>(block) + 1;
  }
  if (document.m_legend) {
    document.m_columns = legend_columns(document.m_lines[*document.m_legend]);
  } else if (const auto config = document.config()) {
    document.m_columns = config_runtimes(*config);
  }
  return document;
}

void Document::read_preamble_line(std::size_t line) {
  const std::string_view text = trim(m_lines[line]);
  if (!m_started && text.starts_with(k_started)) {
    m_started = line;
  } else if (!m_config && text.starts_with(k_config)) {
    m_config = line;
  } else if (!m_legend && text.starts_with(k_legend)) {
    m_legend = line;
  }
}

std::string Document::text() const {
  return join(m_lines, "");
}

bool Document::has_text(std::string_view text) const {
  for (const std::string& line : m_lines) {
    if (!text.starts_with(line)) {
      return false;
    }
    text.remove_prefix(line.size());
  }
  return text.empty();
}

std::optional<std::string> Document::field(std::optional<std::size_t> line, std::string_view name) const {
  if (!line) {
    return std::nullopt;
  }
  return std::string(trim(trim(m_lines[*line]).substr(name.size())));
}

void Document::set_field(std::optional<std::size_t> line, std::string_view name, std::string_view text) {
  if (line) {
    std::string& target = m_lines[*line];
    const std::size_t indentation = target.find(name);
    target = fmt::format("{}{} {}{}", target.substr(0, indentation), name, text, line_ending(target));
  }
}

void Document::set_started(std::string_view text) {
  if (!m_started && m_config) {
    const std::size_t place = *m_config;
    insert_line(place, k_started);
    m_started = place;
  }
  set_field(m_started, k_started, text);
}

const Document::RowLine* Document::find_row(std::string_view file) const {
  const auto found = m_row_of_file.find(file);
  return found == m_row_of_file.end() ? nullptr : &m_rows[found->second];
}

bool Document::has_row(std::string_view file) const {
  return find_row(file) != nullptr;
}

const std::size_t* Document::find_mark(const RowLine& row, std::string_view column) const {
  const auto found = std::ranges::find(m_columns, column);
  if (found == m_columns.end() || row.text.boxes.size() != m_columns.size()) {
    return nullptr;
  }
  return &row.text.boxes[static_cast<std::size_t>(found - m_columns.begin())];
}

std::optional<BoxState> Document::box(std::string_view file, std::string_view column) const {
  const RowLine* const row = find_row(file);
  const std::size_t* const mark = row == nullptr ? nullptr : find_mark(*row, column);
  if (mark == nullptr) {
    return std::nullopt;
  }
  return is_tick(m_lines[row->line][*mark]) ? BoxState::ticked : BoxState::open;
}

std::vector<std::string_view> Document::ticked(std::string_view file) const {
  const RowLine* const row = find_row(file);
  if (row == nullptr || row->text.boxes.size() != m_columns.size()) {
    return {};
  }
  std::vector<std::string_view> columns;
  for (const std::size_t& mark : row->text.boxes) {
    const std::string& column = m_columns[static_cast<std::size_t>(&mark - row->text.boxes.data())];
    if (is_tick(m_lines[row->line][mark]) && find_mark(*row, column) == &mark) {
      columns.push_back(column);
    }
  }
  return columns;
}

bool Document::set_box(std::string_view file, std::string_view column, BoxState state) {
  const RowLine* const row = find_row(file);
  const std::size_t* const mark = row == nullptr ? nullptr : find_mark(*row, column);
  if (mark == nullptr) {
    return false;
  }
  if (is_tick(m_lines[row->line][*mark]) != (state == BoxState::ticked)) {
    set_mark(m_rows[static_cast<std::size_t>(row - m_rows.data())], *mark,
             state == BoxState::ticked ? 'x' : ' ');
  }
  return true;
}

void Document::set_mark(RowLine& row, std::size_t place, char mark) {
  std::string& line = m_lines[row.line];
  const std::size_t length = utf8_length(std::string_view(line).substr(place));
  line.replace(place, length, 1, mark);
  for (std::size_t& other : row.text.boxes) {
    other -= other > place ? length - 1 : 0;
  }
}

bool Document::is_like_a_row(const RowLine& row) const {
  return row.text.has_bar && row.text.boxes.size() == m_columns.size();
}

void Document::open_all_boxes(const std::set<std::string>& files) {
  for (const RowLine& row : m_rows) {
    if (!is_like_a_row(row) && !files.contains(row.text.file)) {
      continue;
    }
    for (const std::size_t mark : row.text.boxes) {
      char& c = m_lines[row.line][mark];
      c = is_tick(c) ? ' ' : c;
    }
  }
}

std::optional<Document::Section> Document::find_section(std::string_view title) const {
  for (std::size_t i = 0; i < m_headings.size(); ++i) {
    if (m_headings[i].text.level != k_section_level || !same_title(m_headings[i].text.title, title)) {
      continue;
    }
    const auto next =
        std::find_if(m_headings.begin() + static_cast<std::ptrdiff_t>(i) + 1, m_headings.end(),
                     [](const Heading& heading) { return heading.text.level <= k_section_level; });
    return Section{m_headings[i].line, next == m_headings.end() ? m_lines.size() : next->line};
  }
  return std::nullopt;
}

/// Inserts a line in the file's style and returns the place behind it.
std::size_t Document::insert_line(std::size_t at, std::string_view text) {
  std::string_view ending = m_lines.empty() ? "\n" : line_ending(m_lines[at > 0 ? at - 1 : 0]);
  if (ending.empty()) {
    ending = line_ending(m_lines.front()).empty() ? "\n" : line_ending(m_lines.front());
  }
  std::string line(text);
  if (at > 0 && line_ending(m_lines[at - 1]).empty()) {
    m_lines[at - 1] += ending;
  } else {
    line += ending;
  }
  m_lines.insert(m_lines.begin() + static_cast<std::ptrdiff_t>(at), std::move(line));
  m_opaque.insert(m_opaque.begin() + static_cast<std::ptrdiff_t>(at), false);
  const auto shift = [at](std::size_t& place) { place += place >= at ? 1 : 0; };
  std::ranges::for_each(m_headings, [&](Heading& heading) { shift(heading.line); });
  std::ranges::for_each(m_rows, [&](RowLine& row) { shift(row.line); });
  for (std::optional<std::size_t>* place : {&m_started, &m_config, &m_legend}) {
    if (*place) {
      shift(**place);
    }
  }
  return at + 1;
}

/// Behind the last line of the section that is not blank, and apart from the heading.
std::size_t Document::append_to_section(const Section& section, std::string_view text) {
  std::size_t last = section.end - 1;
  while (last > section.begin && is_blank(m_lines[last])) {
    --last;
  }
  if (last > section.begin) {
    insert_line(last + 1, text);
    return last + 1;
  }
  std::size_t at = last + 1;
  if (at < section.end) {
    ++at;
  } else {
    at = insert_line(at, "");
  }
  const std::size_t behind = insert_line(at, text);
  if (behind < m_lines.size() && !is_blank(m_lines[behind])) {
    insert_line(behind, "");
  }
  return at;
}

/// Puts a heading and a blank line at `at`, apart from what is there, and returns the place behind them.
std::size_t Document::insert_heading(std::size_t at, std::string_view title) {
  if (at > 0 && !is_blank(m_lines[at - 1])) {
    at = insert_line(at, "");
  }
  const Heading heading{at, {k_section_level, std::string(title)}};
  at = insert_line(at, fmt::format("## {}", title));
  const auto next = std::ranges::find_if(m_headings, [&](const Heading& h) { return h.line >= at; });
  m_headings.insert(next, heading);
  return insert_line(at, "");
}

void Document::append_log(std::string_view line) {
  const auto section = find_section(k_log);
  const bool at_end = !section || section->end == m_lines.size();
  if (section && at_end && section->end > section->begin + 1) {
    insert_line(section->end, line); // what stands before stays where it is
  } else if (section) {
    append_to_section(*section, line);
  } else {
    insert_line(insert_heading(m_lines.size(), k_log), line);
  }
  if (at_end && line_ending(m_lines.back()).empty()) {
    m_lines.back() +=
        m_lines.size() > 1 ? line_ending(m_lines[m_lines.size() - 2]) : "\n"; // others append, too
  }
}

std::vector<std::string> Document::log() const {
  std::vector<std::string> lines;
  if (const auto section = find_section(k_log)) {
    for (std::size_t i = section->begin + 1; i < section->end; ++i) {
      if (!m_opaque[i]) {
        lines.emplace_back(m_lines[i].substr(0, m_lines[i].size() - line_ending(m_lines[i]).size()));
      }
    }
  }
  return lines;
}

/// Behind a row and the indented lines that people put below it.
std::size_t Document::behind_row(std::size_t line) const {
  std::size_t at = line + 1;
  while (at < m_lines.size() && !is_blank(m_lines[at]) && (m_lines[at][0] == ' ' || m_lines[at][0] == '\t') &&
         (m_opaque[at] || !parse_row(m_lines[at]))) {
    ++at;
  }
  return at;
}

/// Puts a row into a section that is there and returns its line.
std::size_t Document::insert_into(const Section& section, const std::vector<const Row*>& rows, const Row& row,
                                  std::string_view text) {
  const auto inside = [&](const RowLine* other) {
    return other != nullptr && other->line > section.begin && other->line < section.end;
  };
  const RowLine* before = nullptr;
  for (auto other = std::ranges::find(rows, &row); other != rows.begin() && !inside(before); --other) {
    before = find_row((*std::prev(other))->name);
  }
  const auto first = std::ranges::find_if(m_rows, [&](const RowLine& other) { return inside(&other); });
  if (!inside(before) && first == m_rows.end()) {
    return append_to_section(section, text);
  }
  const std::size_t line = inside(before) ? behind_row(before->line) : first->line;
  insert_line(line, text);
  return line;
}

/// Makes a section before the nearest one behind it that is there, puts a row into it and returns its line.
std::size_t Document::insert_section(const std::vector<DocumentSection>& sections,
                                     const DocumentSection& wanted, std::string_view text) {
  std::optional<Section> next = find_section(k_log);
  for (auto later = sections.rbegin(); &*later != &wanted; ++later) {
    const auto place = find_section(later->heading);
    next = place ? place : next;
  }
  const std::size_t line = insert_heading(next ? next->begin : m_lines.size(), wanted.heading);
  const std::size_t behind = insert_line(line, text);
  if (behind < m_lines.size()) {
    insert_line(behind, "");
  }
  return line;
}

void Document::insert_row(const Plan& plan, const Row& row) {
  const std::vector<DocumentSection> sections = sections_of(plan);
  const auto wanted = std::ranges::find_if(sections, [&](const DocumentSection& section) {
    return std::ranges::find(section.rows, &row) != section.rows.end();
  });
  const std::string text = render_row(plan, row, m_columns.empty() ? column_names(plan) : m_columns);
  const std::optional<RowText> parsed = parse_row(text);
  if (!parsed || wanted == sections.end()) {
    return;
  }
  const auto place = find_section(wanted->heading);
  const std::size_t line =
      place ? insert_into(*place, wanted->rows, row, text) : insert_section(sections, *wanted, text);
  m_row_of_file.emplace(row.name, m_rows.size());
  m_rows.push_back({line, *parsed});
}

std::string problem_text(const std::filesystem::path& file, const DocumentProblem& problem) {
  const std::string place = problem.line == 0 ? "" : fmt::format("{}:", problem.line);
  return fmt::format("{}:{} {}", file.string(), place, problem.message);
}

std::vector<DocumentProblem> Document::problems(const Plan& plan) const {
  std::vector<DocumentProblem> problems;
  if (!m_legend) {
    problems.push_back({0, fmt::format("there is no legend (expected `{} [{}] <file> | <suite description>`)",
                                       k_legend, join(column_names(plan), "] ["))});
  }
  const bool repeats = m_row_of_file.size() != m_rows.size();
  std::vector<const RowLine*> odd;
  for (const RowLine& row : m_rows) {
    if (row.text.boxes.size() != m_columns.size() || (repeats && find_row(row.text.file) != &row)) {
      odd.push_back(&row);
    }
  }
  const auto known = odd.empty() ? std::unordered_set<std::string_view>() : row_names(plan);
  for (const RowLine* const each : odd) {
    const RowLine& row = *each;
    if (!known.contains(row.text.file)) {
      continue;
    }
    const RowLine& first = *find_row(row.text.file);
    const int line = static_cast<int>(row.line) + 1;
    if (&first != &row) {
      problems.push_back({line, fmt::format("row '{}' is here a second time; the one in line {} counts",
                                            row.text.file, first.line + 1)});
    } else {
      problems.push_back(
          {line, fmt::format("row '{}': expected {} ({}), got {}", row.text.file,
                             plural(m_columns.size(), "box"), join(m_columns, ", "), row.text.boxes.size())});
    }
  }
  if (m_conflict) {
    problems.push_back({*m_conflict, "a conflict of a merge begins here that nobody has resolved"});
  }
  if (m_unclosed) {
    problems.push_back({*m_unclosed, "the code block or comment that begins here has no end"});
  }
  return problems;
}

std::vector<std::string> Document::unknown_rows(const Plan& plan) const {
  // Mostly the file has the rows of the matrix, in its order: only what is otherwise is looked up.
  std::vector<const RowLine*> others;
  auto next = plan.rows.begin();
  for (const RowLine& row : m_rows) {
    if (next != plan.rows.end() && next->name == row.text.file) {
      ++next;
    } else if (is_like_a_row(row)) {
      others.push_back(&row);
    }
  }
  auto seen = others.empty() ? std::unordered_set<std::string_view>() : row_names(plan);
  std::vector<std::string> files;
  for (const RowLine* const row : others) {
    if (seen.insert(row->text.file).second) {
      files.push_back(row->text.file);
    }
  }
  return files;
}

} // namespace ctest_matrix
