#include "report/grid.hpp"

#include "base/text.hpp"
#include "report/cell_mark.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace ctest_matrix {

namespace {

/// How much is said of a cell besides its mark.
enum class Detail { full, verdict, none };

std::string detail_of(const CellStanding& standing, Detail detail) {
  if (!standing.newest || detail == Detail::none) {
    return "";
  }
  const Record& record = *standing.newest;
  const int ran = record.counts.ran();
  if (detail == Detail::full && record.verdict == Verdict::pass) {
    const std::string duration = format_duration(record.duration);
    return ran > 0 ? fmt::format("{}, {}", plural(static_cast<std::size_t>(ran), "test"), duration)
                   : duration;
  }
  if (detail == Detail::full && record.verdict == Verdict::fail && record.counts.failed > 0) {
    return fmt::format("{} of {} failed", record.counts.failed, ran);
  }
  return record.verdict == Verdict::pass ? "" : std::string(verdict_name(record.verdict));
}

constexpr std::size_t k_gap = 2;

/// One cell of the grid. Every mark is one column wide, and details are ASCII.
struct Entry {
  CellMark mark = CellMark::never_run;
  std::string detail;

  std::size_t width() const { return 1 + (detail.empty() ? 0 : 1 + detail.size()); }
};

class Grid {
public:
  Grid(std::span<const CellStanding> standings, const std::vector<std::string>& columns,
       const Terminal& terminal)
      : m_standings(standings), m_terminal(terminal) {
    for (const std::string& column : columns) {
      for (const CellStanding& cell : standings) {
        if (cell.column == column && std::ranges::find(m_labels, cell.label) == m_labels.end()) {
          m_labels.push_back(cell.label);
        }
      }
    }
    for (const CellStanding& cell : standings) {
      if (m_rows.empty() || m_rows.back() != cell.row) {
        m_rows.push_back(cell.row);
      }
      m_name_width = std::max(m_name_width, cell.row.size());
    }
  }

  std::string render() {
    if (m_rows.empty()) {
      return "";
    }
    for (const Detail detail : {Detail::full, Detail::verdict, Detail::none}) {
      fill(detail);
      if (m_terminal.width == 0 || width_of(0, m_labels.size()) <= m_terminal.width) {
        break;
      }
    }
    std::string text;
    for (std::size_t begin = 0; begin < m_labels.size();) {
      std::size_t end = begin + 1;
      while (end < m_labels.size() &&
             (m_terminal.width == 0 || width_of(begin, end + 1) <= m_terminal.width)) {
        ++end;
      }
      text += part(begin, end) + "\n";
      begin = end;
    }
    return text + legend();
  }

private:
  void fill(Detail detail) {
    m_entries.clear();
    m_widths.assign(m_labels.size(), 0);
    for (const CellStanding& cell : m_standings) {
      const auto label = static_cast<std::size_t>(std::ranges::find(m_labels, cell.label) - m_labels.begin());
      const Entry entry{mark_of(cell), detail_of(cell, detail)};
      m_widths[label] = std::max({m_widths[label], m_labels[label].size(), entry.width()});
      m_entries[{cell.row, label}] = entry;
    }
  }

  std::size_t width_of(std::size_t begin, std::size_t end) const {
    std::size_t width = m_name_width;
    for (std::size_t label = begin; label < end; ++label) {
      width += k_gap + m_widths[label];
    }
    return width;
  }

  std::string painted(CellMark mark, std::string_view text) const {
    return m_terminal.color ? fmt::format("\x1b[{}m{}\x1b[0m", look_of(mark).color, text) : std::string(text);
  }

  std::string_view sign_of(CellMark mark) const {
    return m_terminal.utf8 ? look_of(mark).sign : look_of(mark).ascii;
  }

  std::string part(std::size_t begin, std::size_t end) const {
    std::string heading(m_name_width, ' ');
    for (std::size_t label = begin; label < end; ++label) {
      heading +=
          fmt::format("{:{}}{:<{}}", "", k_gap, m_labels[label], label + 1 < end ? m_widths[label] : 0);
    }
    std::string text = heading + "\n";
    for (const std::string& row : m_rows) {
      text += row;
      std::size_t written = row.size();
      std::size_t wanted = m_name_width;
      for (std::size_t label = begin; label < end; ++label) {
        wanted += k_gap;
        if (const auto found = m_entries.find({row, label}); found != m_entries.end()) {
          const Entry& entry = found->second;
          const std::string detail = entry.detail.empty() ? "" : " " + entry.detail;
          text += std::string(wanted - written, ' ') +
                  painted(entry.mark, fmt::format("{}{}", sign_of(entry.mark), detail));
          written = wanted + entry.width();
        }
        wanted += m_widths[label];
      }
      text += '\n';
    }
    return text;
  }

  std::string legend() const {
    std::set<CellMark> used;
    for (const auto& [place, entry] : m_entries) {
      used.insert(entry.mark);
    }
    std::string text;
    for (const CellMark mark : used) {
      text += fmt::format("{}{} {}", text.empty() ? "" : "   ", painted(mark, sign_of(mark)),
                          look_of(mark).meaning);
    }
    return text + "\n";
  }

  std::span<const CellStanding> m_standings;
  const Terminal& m_terminal;
  std::vector<std::string> m_labels;
  std::vector<std::string> m_rows;
  std::size_t m_name_width = 0;
  std::vector<std::size_t> m_widths;
  std::map<std::pair<std::string, std::size_t>, Entry> m_entries; ///< by row and label
};

} // namespace

std::string render_grid(std::span<const CellStanding> standings, const std::vector<std::string>& columns,
                        const Terminal& terminal) {
  return Grid(standings, columns, terminal).render();
}

} // namespace ctest_matrix
