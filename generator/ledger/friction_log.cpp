#include "ledger/friction_log.hpp"

#include "base/byte_order_mark.hpp"
#include "base/merge_conflict.hpp"
#include "base/text.hpp"
#include "ledger/fenced_code.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace ctest_matrix {

namespace {

/// The headings that are known where they stand on one line with their text; the longer one first.
constexpr std::array<std::string_view, 9> k_headings{
    k_working_on,          k_friction, k_attempted,     "Attempted Workaround and Outcome",
    "Decision / Guidance", k_outcome,  "Final Pattern", "Example Structure",
    "Correction"};
constexpr std::string_view k_uncommitted = "uncommitted";
constexpr std::string_view k_cell = "- Cell: `";

bool is_date(std::string_view text) {
  for (std::size_t i = 0; i < 10; ++i) {
    const bool dash = i == 4 || i == 7;
    if (i >= text.size() || (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9')) {
      return false;
    }
  }
  return true;
}

/// Whether an entry begins here: `## 2026-02-12 - `.
bool begins_entry(std::string_view text) {
  return text.starts_with("## ") && is_date(text.substr(3)) && text.substr(13).starts_with(" - ");
}

/// Whether a line holds more than a heading.
bool is_flat(std::string_view line) {
  return (line.starts_with("# ") || begins_entry(line)) && line.find(" ### ") != std::string_view::npos;
}

/// The places where entries begin in a line.
std::vector<std::size_t> entries_within(std::string_view line) {
  std::vector<std::size_t> places;
  if (!is_flat(line)) {
    return begins_entry(line) ? std::vector<std::size_t>{0} : places;
  }
  for (std::size_t at = 0; at < line.size(); at = line.find("## ", at + 1)) {
    if ((at == 0 || line[at - 1] == ' ') && begins_entry(line.substr(at))) {
      places.push_back(at);
    }
  }
  return places;
}

struct Piece {
  std::size_t begin = 0;
  int line = 0;
};

std::optional<int> find_conflict(std::string_view text, const FencedCode& code) {
  MergeConflict conflict;
  int number = 1;
  for (std::size_t begin = 0; begin < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (!code.contains(begin)) {
      conflict.read(text.substr(begin, end - begin), number);
    }
    begin = end + 1;
  }
  return conflict.line();
}

/// Where the entries begin; what looks like it in code is none.
std::vector<Piece> find_entries(std::string_view text, const FencedCode& code) {
  std::vector<Piece> pieces;
  int number = 1;
  for (std::size_t begin = 0; begin < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    for (const std::size_t at : entries_within(text.substr(begin, end - begin))) {
      if (!code.contains(begin + at)) {
        pieces.push_back({begin + at, number});
      }
    }
    begin = end + 1;
  }
  return pieces;
}

/// The text without blank lines at its begin and at its end.
std::string_view without_blank_lines(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return {};
  }
  const std::size_t line = text.rfind('\n', first);
  const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

class EntryReader {
public:
  /// The entry begins at a byte of the text whose code is told.
  EntryReader(const std::string& file, std::string_view raw, const Piece& piece, const FencedCode& code,
              Diagnostics& diagnostics)
      : m_file(file), m_raw(raw), m_begin(piece.begin), m_line(piece.line), m_code(code),
        m_diagnostics(diagnostics) {
    m_entry.raw = raw;
    m_entry.line = m_line;
  }

  FrictionEntry read() {
    const std::size_t line_end = std::min(m_raw.find('\n'), m_raw.size());
    const std::size_t inline_section = m_raw.substr(0, line_end).find(" ### ");
    m_flat = inline_section != std::string_view::npos;
    const std::size_t heading = m_flat ? inline_section : line_end;
    head(trim(m_raw.substr(3, heading - 3)));
    body(std::min(heading + 1, m_raw.size()));
    const std::size_t cell = m_raw.find(k_cell);
    if (cell != std::string_view::npos) {
      const std::string_view name = m_raw.substr(cell + k_cell.size());
      m_entry.cell = name.substr(0, name.find('`'));
    }
    return std::move(m_entry);
  }

private:
  void head(std::string_view text) {
    m_entry.date = text.substr(0, 10);
    const std::string_view rest = trim(text.substr(std::min<std::size_t>(13, text.size())));
    const std::size_t space = rest.find(' ');
    m_entry.commit = rest.substr(0, space);
    const std::string_view note = space == std::string_view::npos ? "" : trim(rest.substr(space));
    const bool whole = note.size() >= 2 && note.front() == '(' && note.back() == ')';
    m_entry.note = whole ? note.substr(1, note.size() - 2) : note;
    if (m_entry.commit.empty() || (!note.empty() && !whole)) {
      m_diagnostics.error(
          "F001", {m_file, m_line, 1, 3},
          fmt::format("expected '## <date> - <commit> [(note)]', got '## {}'", printable(text)));
    }
  }

  void no_entry(std::string_view text, int line) {
    m_diagnostics.error(
        "F001", {m_file, line, 1, 2},
        fmt::format("expected '## <date> - <commit> [(note)]', got '{}'", printable(trim(text))));
  }

  /// Where a section begins at this place of a line: the length of `### ` and its name.
  std::optional<std::size_t> heading_at(std::string_view text) const {
    if (!text.starts_with("### ")) {
      return std::nullopt;
    }
    if (!m_flat) {
      return std::min(text.find('\n'), text.size());
    }
    const std::string_view name = text.substr(4);
    for (const std::string_view known : k_headings) {
      const bool ends =
          name.size() <= known.size() || name[known.size()] == ' ' || name[known.size()] == '\n';
      if (name.starts_with(known) && ends) {
        return 4 + known.size();
      }
    }
    return std::nullopt;
  }

  void body(std::size_t from) {
    int line = m_line + (m_flat ? 0 : 1);
    std::size_t begin = from; // of the section's text
    FrictionSection* section = nullptr;
    std::size_t at = from;
    const auto finish = [&](std::size_t end) {
      const std::string text(without_blank_lines(m_raw.substr(begin, end - begin)));
      (section == nullptr ? m_entry.lead : section->body) = m_flat ? std::string(trim(text)) : text;
      if (section != nullptr) {
        section->end = end;
      }
    };
    while (at < m_raw.size()) {
      const std::string_view rest = m_raw.substr(at);
      const bool in_code = m_code.contains(m_begin + at);
      if (const auto length = in_code ? std::nullopt : heading_at(rest)) {
        finish(at);
        const std::string_view name = rest.substr(4, *length - 4);
        section = &m_entry.sections.emplace_back(FrictionSection{std::string(trim(name)), "", line});
        at += *length;
        begin = at;
        continue;
      } else if (!in_code && !m_flat && rest.starts_with("## ")) {
        no_entry(rest.substr(0, rest.find('\n')), line);
      } else if (!in_code && m_flat && rest.starts_with("### ")) {
        m_diagnostics.warning(
            "F002", {m_file, line, 1, 3},
            fmt::format("this heading is none that is known on one line with its text: '{}'",
                        ellipsis(printable(rest.substr(0, rest.find('\n'))), 40)));
        at += 4;
      }
      at = next_place(at, line);
    }
    finish(m_raw.size());
    tell_unclosed_code();
  }

  void tell_unclosed_code() {
    const auto first = std::ranges::lower_bound(m_code.unclosed(), m_begin);
    for (auto fence = first; fence != m_code.unclosed().end() && *fence < m_begin + m_raw.size(); ++fence) {
      const auto lines = std::ranges::count(m_raw.substr(0, *fence - m_begin), '\n');
      m_diagnostics.warning("F003", {m_file, m_line + static_cast<int>(lines), 1, 3},
                            "the code that begins here has no end in its entry");
    }
  }

  /// Where a heading or code may begin next: the next line, in flat text the next word.
  std::size_t next_place(std::size_t at, int& line) const {
    const std::size_t next = m_raw.find_first_of(m_flat ? " \n" : "\n", at);
    if (next == std::string_view::npos) {
      return m_raw.size();
    }
    line += m_raw[next] == '\n' ? 1 : 0;
    return next + 1;
  }

  const std::string& m_file;
  std::string_view m_raw;
  std::size_t m_begin;
  int m_line;
  const FencedCode& m_code;
  Diagnostics& m_diagnostics;
  FrictionEntry m_entry;
  bool m_flat = false;
};

/// What the lines of the log end with.
std::string line_end(const FrictionLog& log) {
  const std::string& text =
      log.head.find('\n') != std::string::npos || log.entries.empty() ? log.head : log.entries.front().raw;
  const std::size_t newline = text.find('\n');
  return newline != std::string::npos && newline > 0 && text[newline - 1] == '\r' ? "\r\n" : "\n";
}

bool blank_line_ends(std::string_view text) {
  return text.ends_with("\n\n") || text.ends_with("\n\r\n");
}

std::string heading_of(const FrictionEntry& entry) {
  return fmt::format("## {} - {}{}", entry.date, entry.commit,
                     entry.note.empty() ? "" : fmt::format(" ({})", entry.note));
}

bool is_commit(std::string_view text) {
  return text == k_uncommitted ||
         (text.size() >= 7 && text.size() <= 40 &&
          std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }));
}

} // namespace

FrictionLog parse_friction_log(const std::string& file, std::string_view text, Diagnostics& diagnostics) {
  constexpr std::size_t k_quoted = 100; // bytes of a line: of one that is all of the log its begin
  std::string quoted;
  for (const std::string& line : split_lines(text)) {
    quoted += ellipsis(line, k_quoted) + "\n";
  }
  diagnostics.add_source(file, quoted);
  FrictionLog log;
  const FencedCode code(text, is_flat);
  const std::vector<Piece> pieces = find_entries(text, code);
  log.head = text.substr(0, pieces.empty() ? text.size() : pieces.front().begin);
  const bool marked = log.head.starts_with(k_byte_order_mark);
  const std::string_view head =
      without_blank_lines(std::string_view(log.head).substr(marked ? k_byte_order_mark.size() : 0));
  const std::string_view first = head.substr(0, head.find('\n'));
  if (first.starts_with("# ")) {
    log.title = trim(first.substr(2));
  } else {
    diagnostics.error("F001", {file, 1, 1, 1}, "expected '# <Title>' before the first entry");
  }
  log.conflict = find_conflict(text, code);
  if (log.conflict) {
    diagnostics.error("F009", {file, *log.conflict, 1, 7},
                      "a conflict of a merge begins here that nobody has resolved");
  }
  int number = 1;
  for (std::size_t begin = 0; begin < log.head.size(); ++number) {
    const std::size_t end = std::min(log.head.find('\n', begin), log.head.size());
    const std::string_view line = std::string_view(log.head).substr(begin, end - begin);
    if (line.starts_with("## ") && !code.contains(begin)) {
      diagnostics.error("F001", {file, number, 1, static_cast<int>(line.size())},
                        fmt::format("expected '## <date> - <commit> [(note)]', got '{}'", printable(line)));
    }
    begin = end + 1;
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const std::size_t end = i + 1 < pieces.size() ? pieces[i + 1].begin : text.size();
    const std::string_view raw = text.substr(pieces[i].begin, end - pieces[i].begin);
    log.entries.push_back(EntryReader(file, raw, pieces[i], code, diagnostics).read());
  }
  return log;
}

std::string render_friction_log(const FrictionLog& log) {
  std::string text = log.head;
  for (const FrictionEntry& entry : log.entries) {
    text += entry.raw;
  }
  return text;
}

std::string friction_entry_text(const FrictionEntry& entry) {
  std::string text = heading_of(entry) + "\n";
  if (!entry.lead.empty()) {
    text += fmt::format("\n{}\n", entry.lead);
  }
  for (const FrictionSection& section : entry.sections) {
    text += fmt::format("\n### {}\n", section.name);
    text += section.body.empty() ? "" : fmt::format("\n{}\n", section.body);
  }
  return text;
}

std::string unflattened(const FrictionLog& log) {
  std::string text = fmt::format("# {}\n", log.title);
  for (const FrictionEntry& entry : log.entries) {
    text += "\n" + friction_entry_text(entry);
  }
  return text;
}

const FrictionSection* find_section(const FrictionEntry& entry, std::string_view name) {
  const auto found = std::ranges::find(entry.sections, name, &FrictionSection::name);
  return found == entry.sections.end() ? nullptr : &*found;
}

bool is_open(const FrictionEntry& entry) {
  return std::ranges::none_of(entry.sections, [](const FrictionSection& section) {
    return section.name.ends_with(k_outcome) && !section.body.empty();
  });
}

std::string with_entry(const FrictionLog& log, const FrictionEntry& entry, std::string_view title) {
  FrictionLog changed = log;
  const std::string end = line_end(log);
  std::string& head = changed.head;
  if (log.entries.empty() && (trim(head).empty() || head == k_byte_order_mark)) {
    head += fmt::format("# {}{}", title, end);
  }
  if (!head.empty() && head != k_byte_order_mark && !blank_line_ends(head)) {
    head += head.ends_with('\n') ? end : end + end;
  }
  FrictionEntry first = entry;
  first.raw = replace_all(friction_entry_text(entry) + (log.entries.empty() ? "" : "\n"), "\n", end);
  changed.entries.insert(changed.entries.begin(), std::move(first));
  return render_friction_log(changed);
}

std::string with_lines(const FrictionLog& log, std::size_t index, std::string_view name,
                       std::string_view new_lines) {
  FrictionLog changed = log;
  std::string& raw = changed.entries[index].raw;
  const bool flat = raw.substr(0, raw.find('\n')).find(" ### ") != std::string::npos;
  const std::string end = flat ? " " : line_end(log);
  std::string lines = replace_all(std::string(new_lines), "\n", end);
  const FrictionSection* const section = find_section(log.entries[index], name);
  const std::size_t behind = section == nullptr ? raw.size() : section->end;
  const std::size_t last = raw.find_last_not_of(" \t\r\n", behind - 1) + 1;
  if (section == nullptr) {
    lines = flat ? fmt::format(" ### {} {}", name, lines)
                 : fmt::format("{0}{0}### {1}{0}{0}{2}", end, name, lines);
  } else {
    lines = (section->body.empty() && !flat ? end + end : end) + lines;
  }
  raw.insert(last, lines + (last == raw.size() && !flat ? end : ""));
  return render_friction_log(changed);
}

void lint_friction_log(const std::string& file, const FrictionLog& log, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < log.entries.size(); ++i) {
    const FrictionEntry& entry = log.entries[i];
    const SourceLocation place{file, entry.line, 1, 3};
    if (!is_commit(entry.commit)) {
      diagnostics.warning(
          "F004", place,
          fmt::format("expected a commit of 7 to 40 hexadecimal digits, or 'uncommitted', got '{}'",
                      printable(entry.commit)));
    }
    for (const std::string_view name : {k_working_on, k_friction}) {
      if (find_section(entry, name) == nullptr) {
        diagnostics.warning("F005", place, fmt::format("this entry has no section '{}'", name));
      }
    }
    for (const FrictionSection& section : entry.sections) {
      if (section.body.empty() && section.name != k_outcome && section.name != k_attempted) {
        diagnostics.warning("F006", {file, section.line, 1, 3},
                            fmt::format("nothing stands below '{}'", section.name));
      }
    }
    if (i > 0 && entry.date > log.entries[i - 1].date) {
      diagnostics.warning(
          "F007", place,
          fmt::format("expected the newest first: {} stands below {}", entry.date, log.entries[i - 1].date));
    }
  }
}

} // namespace ctest_matrix
