#include "report/markdown.hpp"

#include "base/text.hpp"
#include "report/cell_mark.hpp"
#include "report/failure_list.hpp"
#include "report/markup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_message = 3000;       // bytes of a failure
constexpr std::size_t k_command = 2000;       // bytes; a longer one is left out
constexpr std::size_t k_note = 200;           // bytes that are kept for what is left out
constexpr std::size_t k_part_of_failures = 2; // of the limit: the grid needs the rest

/// Markdown of a bounded size.
class Page {
public:
  explicit Page(std::size_t limit) : m_limit(limit) {}

  /// Adds a piece, if it fits into so many bytes of the page.
  bool add(const std::string& piece, std::size_t limit) {
    if (m_text.size() + piece.size() + k_note > limit) {
      return false;
    }
    m_text += piece;
    return true;
  }

  bool add(const std::string& piece) { return add(piece, m_limit); }

  /// For what has room in any case.
  void note(const std::string& piece) { m_text += piece; }

  std::size_t limit() const { return m_limit; }

  std::string text() && { return std::move(m_text); }

private:
  std::string m_text;
  std::size_t m_limit;
};

std::string issue_text(const ToldFailure& failure) {
  const std::string issue = markdown_text(failure.issue);
  return failure.issue.empty()  ? ""
         : failure.link.empty() ? ", " + issue
                                : fmt::format(", [{}](<{}>)", issue, failure.link);
}

std::string failure_text(const ToldFailure& failure) {
  std::string text =
      fmt::format("\n**{}**{}{}\n", markdown_text(failure.title), issue_text(failure),
                  failure.file.empty() ? ""
                  : failure.line > 0   ? fmt::format(" ({}:{})", markdown_text(failure.file), failure.line)
                                       : fmt::format(" ({})", markdown_text(failure.file)));
  text += markdown_block(failure.message, k_message);
  if (!failure.narrowed.empty() && failure.narrowed.size() <= k_command) {
    text += markdown_block(failure.narrowed, k_command);
  }
  return text;
}

void add_failures(Page& page, std::span<const ToldFailure> failures, std::size_t limit) {
  for (std::size_t i = 0; i < failures.size(); ++i) {
    if (!page.add(failure_text(failures[i]), limit)) {
      page.note(fmt::format("\n… and {} more\n", failures.size() - i));
      return;
    }
  }
}

std::string cell_text(const CellStanding& cell, bool with_label) {
  const MarkLook& look = look_of(mark_of(cell));
  std::string text = fmt::format("{} {}", look.sign, look.name);
  if (cell.newest && earns_tick(cell.newest->verdict)) {
    text += " " + format_duration(cell.newest->duration);
  } else if (cell.newest) {
    text += fmt::format(" {}", verdict_name(cell.newest->verdict));
  }
  return with_label ? markdown_text(cell.label) + ": " + text : text;
}

/// A line of the grid: all cells of a row, by column.
std::string grid_line(const std::string& row, const std::vector<const CellStanding*>& cells,
                      const std::vector<std::string>& columns) {
  std::string line = fmt::format("| {} |", markdown_text(row));
  for (const std::string& column : columns) {
    std::vector<std::string> texts;
    const auto count =
        std::ranges::count(cells, column, [](const CellStanding* cell) { return cell->column; });
    for (const CellStanding* cell : cells) {
      if (cell->column == column) {
        texts.push_back(cell_text(*cell, count > 1));
      }
    }
    line += fmt::format(" {} |", join(texts, "<br>"));
  }
  return line + "\n";
}

void add_grid(Page& page, const ProgressReport& report) {
  std::string head = "\n| file |";
  std::string rule = "| --- |";
  for (const std::string& column : report.columns) {
    head += fmt::format(" {} |", markdown_text(column));
    rule += " --- |";
  }
  if (!page.add(head + "\n" + rule + "\n")) {
    return;
  }
  std::vector<std::string> rows;
  std::map<std::string, std::vector<const CellStanding*>> cells;
  for (const CellStanding& standing : report.standings) {
    if (!cells.contains(standing.row)) {
      rows.push_back(standing.row);
    }
    cells[standing.row].push_back(&standing);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!page.add(grid_line(rows[i], cells[rows[i]], report.columns))) {
      page.note(fmt::format("\n… and {}\n", plural(rows.size() - i, "more file")));
      return;
    }
  }
}

void add_head(Page& page, const ProgressReport& report, const std::string& gate) {
  page.add(
      fmt::format("## {}{}\n\n", markdown_text(report.title),
                  report.profile == "default" ? "" : fmt::format(" ({})", markdown_text(report.profile))));
  std::vector<std::string> columns;
  for (const ColumnSummary& column : report.summary.columns) {
    columns.push_back(
        fmt::format("{} of {} files pass on {}", column.passing, column.files, markdown_text(column.column)));
  }
  page.add(fmt::format("{}. {}\n", join(columns, ", "), markdown_text(report.config)));
  if (!gate.empty()) {
    page.add(fmt::format("\n**{}**\n", markdown_text(gate)));
  }
  std::vector<std::string> findings = report.shares;
  for (const RuleStanding& rule : report.rules) {
    if (rule.state != RuleState::kept) {
      findings.push_back("rule " + rule_words(rule));
    }
  }
  for (std::size_t i = 0; i < findings.size(); ++i) {
    page.add(fmt::format("{}- ⚠ {}\n", i == 0 ? "\n" : "", markdown_text(findings[i])));
  }
}

} // namespace

std::string render_report_markdown(const Plan& plan, const ProgressReport& report, const std::string& gate,
                                   std::size_t limit) {
  Page page(limit);
  add_head(page, report, gate);
  const std::vector<ToldFailure> failures = list_failures(plan, report);
  const auto first_known = std::ranges::find(failures, true, &ToldFailure::known);
  const std::span<const ToldFailure> news(failures.begin(), first_known);
  const std::span<const ToldFailure> known(first_known, failures.end());
  if (!news.empty()) {
    page.add(fmt::format("\n### {}\n", plural(news.size(), report.baseline ? "new failure" : "failure")));
    add_failures(page, news, limit / k_part_of_failures);
  }
  if (!report.summary.never_run.empty()) {
    page.add(fmt::format("\n### {} never run\n\n", plural(report.summary.never_run.size(), "cell")));
    page.add(markdown_text(ellipsis(join(report.summary.never_run, ", "), k_message)) + "\n");
  }
  add_grid(page, report);
  if (!known.empty()) {
    page.add(fmt::format("\n<details><summary>{}</summary>\n", plural(known.size(), "known failure")));
    add_failures(page, known, limit);
    page.note("\n</details>\n");
  }
  return std::move(page).text();
}

} // namespace ctest_matrix
