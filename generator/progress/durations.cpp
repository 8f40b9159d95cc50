#include "progress/durations.hpp"

#include "progress/log_line.hpp"

namespace ctest_matrix {

namespace {

/// Whether the duration of such a run tells how long the next one may take.
bool is_typical(Verdict verdict) {
  return verdict == Verdict::pass || verdict == Verdict::fail || verdict == Verdict::timeout;
}

} // namespace

std::map<std::string, Milliseconds, std::less<>>
cell_durations(const ColumnPlan& plan, std::span<const Record> records, std::span<const std::string> log) {
  std::map<std::string, Milliseconds, std::less<>> by_label;
  for (const std::string& line : log) {
    const auto entry = parse_log_line(line);
    if (entry && entry->duration) {
      by_label[entry->label] = *entry->duration;
    }
  }
  std::map<std::string, Milliseconds, std::less<>> durations;
  for (const PlannedBox& box : plan.boxes()) {
    for (const PlannedCell& cell : box.cells) {
      const auto logged = by_label.find(log_label(box, cell));
      if (logged != by_label.end()) {
        durations[cell.name] = logged->second;
      }
    }
  }
  for (const Record& record : records) {
    if (is_typical(record.verdict) && plan.find(record).cell != nullptr) {
      durations[record.cell] = record.duration;
    }
  }
  return durations;
}

} // namespace ctest_matrix
