#include "progress/summary.hpp"

#include "base/text.hpp"
#include "progress/basis.hpp"
#include "progress/fold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr Milliseconds k_clock_slack = std::chrono::minutes(1); ///< by which machines may differ

/// The newest records since the newest reset, by cell name.
struct Latest {
  std::map<std::string, const Record*> cells;
  std::map<std::string, const Record*> ahead; ///< those of the clock that is furthest ahead of ours
  Milliseconds duration{0};
};

RecordStamp stamp_of(const Record& record) {
  return {record.finished, record.id};
}

RecordStamp newest_reset(std::span<const Record> records, const Plan& plan) {
  RecordStamp reset;
  for (const Record& record : records) {
    if (record.kind == RecordKind::reset && record.profile == plan.common.profile) {
      reset = std::max(reset, stamp_of(record));
    }
  }
  return reset;
}

Latest find_latest(std::span<const Record> records, const Plan& plan, TimePoint now) {
  const RecordStamp reset = newest_reset(records, plan);
  const Boxes boxes(plan);
  Latest latest;
  for (const Record& record : records) {
    if (boxes.find(record) && stamp_of(record) > reset) {
      latest.duration += record.duration;
    }
  }
  for (const auto& [cell, results] : results_by_cell(records, plan, now)) {
    latest.cells[cell] = results.back();
    const Record* const last = *std::ranges::max_element(results, {}, &Record::finished);
    if (last->finished - k_clock_slack > now) {
      latest.ahead[cell] = last;
    }
  }
  return latest;
}

enum class Standing { open, passing, failing };

Standing standing_of(const Box& box, const Document& document, const Latest& latest) {
  for (const BoxCell& cell : cells_of(box)) {
    const auto found = latest.cells.find(cell.name());
    if (found != latest.cells.end() && !earns_tick(found->second->verdict)) {
      return Standing::failing;
    }
  }
  return document.box(box.row->name, box.column->name) == BoxState::ticked ? Standing::passing
                                                                           : Standing::open;
}

bool has_result(const Box& box, const Latest& latest) {
  return std::ranges::any_of(cells_of(box),
                             [&](const BoxCell& cell) { return latest.cells.contains(cell.name()); });
}

/// How a file stands on a column, and the result that says so; null where none does.
struct ColumnResult {
  std::string column;
  Standing standing = Standing::open;
  const Record* record = nullptr;
};

/// The result that decides how a box stands: a failure before a pass.
const Record* result_of(const Box& box, const Latest& latest) {
  const Record* result = nullptr;
  for (const BoxCell& cell : cells_of(box)) {
    const auto found = latest.cells.find(cell.name());
    if (found != latest.cells.end() && (result == nullptr || !earns_tick(found->second->verdict))) {
      result = found->second;
    }
  }
  return result;
}

/// Only results tell columns apart, and only those of the same sources.
ParityGap gap_of(const std::string& file, const std::vector<ColumnResult>& results) {
  ParityGap gap{file, {}, {}};
  for (const ColumnResult& failing : results) {
    if (failing.standing != Standing::failing) {
      continue;
    }
    gap.failing.push_back(failing.column);
    for (const ColumnResult& passing : results) {
      const bool tells = passing.standing == Standing::passing && passing.record != nullptr &&
                         of_same_sources(*failing.record, *passing.record);
      if (tells && std::ranges::find(gap.passing, passing.column) == gap.passing.end()) {
        gap.passing.push_back(passing.column);
      }
    }
  }
  return gap;
}

/// Of how many of a list the names are said, at most: `report --json` has all.
constexpr std::size_t k_named_files = 10;
constexpr std::size_t k_named_cells = 4;

/// The number, as it is said, and the names, not all of many.
std::string listing(const std::string& number, std::vector<std::string> names,
                    std::size_t most = k_named_files) {
  const std::size_t count = names.size();
  if (count > most + 1) { // to leave out one would save nothing
    names.resize(most);
    names.push_back(fmt::format("and {} more", count - most));
  }
  return fmt::format("{} ({})", number, join(names, ", "));
}

/// One line for all files that pass and fail on the same columns.
std::string gaps_text(const std::vector<ParityGap>& gaps) {
  std::vector<std::pair<std::string, std::vector<std::string>>> kinds;
  for (const ParityGap& gap : gaps) {
    const std::string kind =
        fmt::format("passes on {}, fails on {}", join(gap.passing, " and "), join(gap.failing, " and "));
    auto known = std::ranges::find(kinds, kind, [](const auto& each) { return each.first; });
    if (known == kinds.end()) {
      kinds.emplace_back(kind, std::vector<std::string>());
      known = kinds.end() - 1;
    }
    known->second.push_back(gap.file);
  }
  std::string text = gaps.empty() ? "" : fmt::format("Parity gaps: {}\n", gaps.size());
  for (const auto& [kind, files] : kinds) {
    text += files.size() == 1 ? fmt::format("  {}: {}\n", files.front(), kind)
                              : fmt::format("  {}: {}\n", kind, listing(std::to_string(files.size()), files));
  }
  return text;
}

} // namespace

std::map<std::string, std::vector<const Record*>> results_by_cell(std::span<const Record> records,
                                                                  const Plan& plan, TimePoint now) {
  const RecordStamp reset = newest_reset(records, plan);
  const Boxes boxes(plan);
  std::map<std::string, std::vector<const Record*>> cells;
  for (const Record& record : records) {
    if (boxes.find(record) && stamp_of(record) > reset && record.verdict != Verdict::interrupted) {
      cells[record.cell].push_back(&record);
    }
  }
  const auto is_trusted = [&](const Record* record) {
    return record->finished <= now || !earns_tick(record->verdict);
  };
  for (auto& [cell, results] : cells) {
    std::ranges::stable_sort(results, [&](const Record* a, const Record* b) {
      return std::pair(is_trusted(a), stamp_of(*a)) < std::pair(is_trusted(b), stamp_of(*b));
    });
  }
  return cells;
}

std::vector<Record> latest_records(const Plan& plan, std::span<const Record> journal) {
  std::vector<Record> records;
  for (const auto& [cell, results] : results_by_cell(journal, plan)) {
    records.push_back(*results.back());
  }
  return records;
}

ProgressSummary summarise(const Document& document, std::span<const Record> records, const Plan& plan,
                          TimePoint now) {
  const Latest latest = find_latest(records, plan, now);
  ProgressSummary summary;
  for (const Column& column : plan.common.columns) {
    summary.columns.push_back({.column = column.name, .failing = {}});
  }
  std::vector<std::string> order;
  std::map<std::string, std::vector<ColumnResult>> by_file;
  for (const Box& box : Boxes(plan)) {
    const std::string& row = box.row->name;
    const auto column = std::ranges::find(summary.columns, box.column->name, &ColumnSummary::column);
    const Standing standing = standing_of(box, document, latest);
    const bool ran = standing != Standing::open || has_result(box, latest);
    if (box.row->is_excluded() && !ran) {
      continue;
    }
    if (by_file.try_emplace(row).second) {
      order.push_back(row);
    }
    for (const BoxCell& cell : cells_of(box)) {
      if (standing == Standing::open && !latest.cells.contains(cell.name())) {
        summary.never_run.push_back(cell.name());
      }
    }
    ++column->files;
    if (standing == Standing::passing) {
      ++column->passing;
    } else if (standing == Standing::failing) {
      column->failing.push_back(row);
    }
    by_file[row].push_back({box.column->name, standing, result_of(box, latest)});
  }
  for (const std::string& file : order) {
    if (ParityGap gap = gap_of(file, by_file[file]); !gap.passing.empty() && !gap.failing.empty()) {
      summary.gaps.push_back(std::move(gap));
    }
  }
  for (const auto& [cell, record] : latest.ahead) {
    summary.ahead.push_back(fmt::format("{} at {}", cell, format_timestamp(record->finished)));
  }
  summary.unknown_rows = document.unknown_rows(plan);
  summary.unknown_columns = document.unknown_columns(plan);
  summary.duration = latest.duration;
  summary.complete = is_complete(document, plan);
  return summary;
}

std::string render_summary(const ProgressSummary& summary) {
  std::string text;
  for (const ColumnSummary& column : summary.columns) {
    text += fmt::format("Files passing on {}: {} of {}\n", column.column, column.passing, column.files);
  }
  const auto add = [&](const std::string& what, const std::vector<std::string>& names) {
    text += names.empty() ? "" : fmt::format("{}: {}\n", what, listing(std::to_string(names.size()), names));
  };
  for (const ColumnSummary& column : summary.columns) {
    add("Files failing on " + column.column, column.failing);
  }
  text += gaps_text(summary.gaps);
  if (!summary.never_run.empty()) {
    text += fmt::format("Never run: {}\n",
                        listing(plural(summary.never_run.size(), "cell"), summary.never_run, k_named_cells));
  }
  if (!summary.ahead.empty()) {
    text += fmt::format(
        "Dated in the future, by a clock that is ahead: {}; until then what runs here may not replace {}\n",
        listing(plural(summary.ahead.size(), "cell"), summary.ahead, k_named_cells),
        summary.ahead.size() == 1 ? "it" : "them");
  }
  add("Rows that the matrix does not have", summary.unknown_rows);
  add("Columns that the matrix does not have", summary.unknown_columns);
  text += fmt::format("Total duration: {}\n", format_duration(summary.duration));
  text += summary.complete ? "Complete: yes\n" : "";
  return text;
}

} // namespace ctest_matrix
