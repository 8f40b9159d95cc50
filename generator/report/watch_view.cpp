#include "report/watch_view.hpp"

#include "base/text.hpp"
#include "progress/log_line.hpp"
#include "report/cell_mark.hpp"
#include "report/grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_shown_changes = 5;

std::vector<WatchedChange> as_changes(std::vector<std::pair<const Record*, WatchedChange>> results) {
  std::ranges::stable_sort(results, {}, [](const auto& result) { return result.first->finished; });
  std::vector<WatchedChange> changes;
  for (auto& [record, change] : results) {
    changes.push_back(std::move(change));
  }
  return changes;
}

/// A part of the lines that fits, around the line that begins with `row`.
std::vector<std::string> window(std::vector<std::string> lines, const std::string& row, std::size_t room) {
  if (lines.size() <= room) {
    return lines;
  }
  if (room < 3) {
    lines.resize(room);
    return lines;
  }
  const auto wanted = std::ranges::find_if(
      lines, [&](const std::string& line) { return !row.empty() && line.starts_with(row + ' '); });
  const std::size_t center = wanted == lines.end() ? 0 : static_cast<std::size_t>(wanted - lines.begin());
  const std::size_t inner = room - 2;
  const std::size_t begin = std::min(center > inner / 2 ? center - inner / 2 : 0, lines.size() - inner);
  const auto at = [&](std::size_t index) { return lines.begin() + static_cast<std::ptrdiff_t>(index); };
  std::vector<std::string> shown;
  shown.push_back(begin == 0 ? "" : fmt::format("... {} lines above", begin));
  shown.insert(shown.end(), at(begin), at(begin + inner));
  const std::size_t below = lines.size() - begin - inner;
  shown.push_back(below == 0 ? "" : fmt::format("... {} lines below", below));
  return shown;
}

/// Whether the box is as the newest result, which a line has told already, makes it.
bool follows_result(const CellStanding& cell) {
  return cell.newest && earns_tick(cell.newest->verdict) == cell.ticked;
}

} // namespace

std::vector<WatchedChange> changes_between(const ProgressReport& before, const ProgressReport& after) {
  std::map<std::string, const CellStanding*> known;
  for (const CellStanding& cell : before.standings) {
    known.emplace(cell.cell, &cell);
  }
  std::vector<std::pair<const Record*, WatchedChange>> results;
  std::vector<WatchedChange> boxes;
  int gone = 0;
  for (const CellStanding& cell : after.standings) {
    const auto found = known.find(cell.cell);
    const CellStanding* old = found == known.end() ? nullptr : found->second;
    const bool had_result = old != nullptr && old->newest;
    if (cell.newest && (!had_result || old->newest->id != cell.newest->id)) {
      results.emplace_back(
          &*cell.newest,
          WatchedChange{cell.row, fmt::format("{}: {}", cell.cell, printable(outcome_text(*cell.newest)))});
    } else if (had_result && !cell.newest) {
      ++gone;
    } else if ((old != nullptr && old->ticked) != cell.ticked && !follows_result(cell)) {
      boxes.push_back(
          {cell.row, fmt::format("{}: its box is {}", cell.cell, cell.ticked ? "ticked" : "open")});
    }
  }
  std::vector<WatchedChange> changes = as_changes(std::move(results));
  if (gone > 0) {
    changes.insert(changes.begin(), {"", fmt::format("begun anew: {} no longer {}", plural(gone, "result"),
                                                     gone == 1 ? "counts" : "count")});
  }
  changes.insert(changes.end(), boxes.begin(), boxes.end());
  return changes;
}

std::string standing_line(const ProgressReport& report) {
  std::map<CellMark, int> counts;
  for (const CellStanding& cell : report.standings) {
    ++counts[mark_of(cell)];
  }
  const int flaky = counts[CellMark::flaky];
  std::string text = fmt::format("{}: {} of {} cells passed", report.title, counts[CellMark::passed] + flaky,
                                 report.standings.size());
  text += flaky > 0 ? fmt::format(" ({} flaky)", flaky) : "";
  for (const MarkLook& look : mark_looks()) {
    const bool passed = look.mark == CellMark::passed || look.mark == CellMark::flaky;
    if (const int count = counts[look.mark]; count > 0 && !passed) {
      text += fmt::format(", {} {}", count, look.meaning);
    }
  }
  return text;
}

std::string render_watch_screen(const ProgressReport& report, std::span<const WatchedChange> changes,
                                const Terminal& terminal, std::size_t height) {
  const std::size_t shown = std::min({changes.size(), k_shown_changes, height > 12 ? height - 12 : 1});
  const auto newest = changes.last(shown);
  std::vector<std::string> lines{standing_line(report), ""};
  const std::size_t room = height > lines.size() + shown + 1 ? height - lines.size() - shown - 1 : 0;
  for (std::string& line : window(split_lines(render_grid(report.standings, report.columns, terminal)),
                                  changes.empty() ? "" : changes.back().row, room)) {
    lines.push_back(std::move(line));
  }
  lines.emplace_back();
  for (const WatchedChange& change : newest) {
    lines.push_back(terminal.width > 4 ? ellipsis(change.text, terminal.width - 4) : change.text);
  }
  lines.front() = terminal.width > 4 ? ellipsis(lines.front(), terminal.width - 4) : lines.front();
  if (lines.size() > height) {
    lines.resize(height);
  }
  return join(lines, "\n");
}

} // namespace ctest_matrix
