#include "ledger/baseline.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_separator = ": ";

const std::vector<std::string>& cell_verdicts() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Verdict verdict :
         {Verdict::fail, Verdict::timeout, Verdict::crash, Verdict::no_tests, Verdict::foreign,
          Verdict::bad_report, Verdict::exit, Verdict::shrunk, Verdict::setup}) {
      all.emplace_back(verdict_name(verdict));
    }
    return all;
  }();
  return names;
}

/// A title on one line, so that reading it gives the title again.
std::string escaped(std::string_view title) {
  std::string text;
  for (std::size_t i = 0; i < title.size(); ++i) {
    const char c = title[i];
    const bool at_end = i == 0 || i + 1 == title.size();
    const bool special = (c >= 0 && c < ' ') || c == '\x7f' || (at_end && c == ' ') || (i == 0 && c == '(');
    if (c == '\n') {
      text += "\\n";
    } else if (c == '\\') {
      text += "\\\\";
    } else {
      text += special ? fmt::format("\\x{:02x}", static_cast<unsigned char>(c)) : std::string(1, c);
    }
  }
  return text;
}

std::optional<char> parse_hex(std::string_view digits) {
  int value = 0;
  for (const char c : digits) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && !(c >= 'a' && c <= 'f')) {
      return std::nullopt;
    }
    value = value * 16 + (digit ? c - '0' : c - 'a' + 10);
  }
  return digits.size() == 2 ? std::optional(static_cast<char>(value)) : std::nullopt;
}

/// Reads what `escaped` writes; otherwise nothing, and `bad` is where.
std::optional<std::string> unescaped(std::string_view text, std::size_t& bad) {
  std::string title;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      title += text[i];
      continue;
    }
    bad = i;
    const char kind = i + 1 < text.size() ? text[i + 1] : '\0';
    const auto code = kind == 'x' ? parse_hex(text.substr(i + 2, 2)) : std::nullopt;
    if (kind != 'n' && kind != '\\' && !code) {
      return std::nullopt;
    }
    title += code ? *code : kind == 'n' ? '\n' : '\\';
    i += code ? 3 : 1;
  }
  return title;
}

class Parser {
public:
  Parser(std::string file, Diagnostics& diagnostics) : m_file(std::move(file)), m_diagnostics(diagnostics) {}

  Baseline parse(std::string_view text) {
    for (const std::string& line : split_lines(text)) {
      ++m_line;
      const std::string_view content = trim(line);
      if (content.empty() || content.front() == '#') {
        m_remarks.push_back(line);
        const bool header_ends = content.empty() && m_baseline.entries.empty() && m_baseline.header.empty();
        if (header_ends && m_line > 1) {
          m_baseline.header = std::exchange(m_remarks, {});
        }
      } else {
        entry(line, content);
      }
    }
    m_baseline.footer = std::move(m_remarks);
    return std::move(m_baseline);
  }

private:
  SourceLocation place(const std::string& line, std::string_view part) const {
    return {m_file, m_line, static_cast<int>(part.data() - line.data()) + 1,
            std::max(1, static_cast<int>(part.size()))};
  }

  void entry(const std::string& line, std::string_view content) {
    const std::size_t colon = content.find(k_separator);
    if (colon == std::string_view::npos || colon == 0) {
      m_diagnostics.error("B001", place(line, content),
                          "expected '<cell>: <test>', '<cell>: (<verdict>)' or a comment ('# ...')");
      return;
    }
    CellFailure failure;
    failure.cell = content.substr(0, colon);
    const std::string_view what = trim(content.substr(colon + k_separator.size()));
    if (what.front() == '(') {
      const std::string name(what.substr(1, what.ends_with(')') ? what.size() - 2 : what.size()));
      const auto& known = cell_verdicts();
      if (!what.ends_with(')') || std::find(known.begin(), known.end(), name) == known.end()) {
        m_diagnostics.error("B002", place(line, what),
                            fmt::format("'{}' is no verdict of a cell that fails{}; the title of a test that "
                                        "begins with '(' is written as '\\x28...'",
                                        what, suggestion(name, known)));
        return;
      }
      failure.verdict = parse_verdict(name);
    } else {
      std::size_t bad = 0;
      const auto title = unescaped(what, bad);
      if (!title) {
        m_diagnostics.error("B003", place(line, what.substr(bad, 2)),
                            R"(unknown escape; expected one of: \\, \n, \xHH (two lowercase digits))");
        return;
      }
      failure.test = *title;
    }
    const auto [first, is_new] = m_lines.try_emplace(failure, m_line);
    if (!is_new) {
      m_diagnostics.error("B004", place(line, content),
                          fmt::format("this failure is in line {} already", first->second));
      return;
    }
    m_baseline.entries.push_back({std::move(failure), std::exchange(m_remarks, {}), m_line});
  }

  std::string m_file;
  Diagnostics& m_diagnostics;
  Baseline m_baseline;
  std::vector<std::string> m_remarks;
  std::map<CellFailure, int> m_lines;
  int m_line = 0;
};

} // namespace

bool CellFailure::operator<(const CellFailure& other) const {
  return std::tie(cell, test, verdict) < std::tie(other.cell, other.test, other.verdict);
}

std::string failure_text(const CellFailure& failure) {
  return failure.verdict ? fmt::format("({})", verdict_name(*failure.verdict)) : escaped(failure.test);
}

std::optional<Baseline> parse_baseline(const std::string& file, std::string_view text,
                                       Diagnostics& diagnostics) {
  diagnostics.add_source(file, text);
  const int errors = diagnostics.errors();
  Baseline baseline = Parser(file, diagnostics).parse(text);
  return diagnostics.errors() == errors ? std::optional(std::move(baseline)) : std::nullopt;
}

std::string render_baseline(Baseline baseline) {
  std::stable_sort(baseline.entries.begin(), baseline.entries.end(),
                   [](const BaselineEntry& a, const BaselineEntry& b) { return a.failure < b.failure; });
  std::string text;
  const auto add = [&](const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
      text += line + "\n";
    }
  };
  add(baseline.header);
  for (const BaselineEntry& entry : baseline.entries) {
    add(entry.remarks);
    text += fmt::format("{}: {}\n", entry.failure.cell, failure_text(entry.failure));
  }
  add(baseline.footer);
  return text;
}

} // namespace ctest_matrix
