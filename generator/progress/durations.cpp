#include "progress/durations.hpp"

#include "base/files.hpp"
#include "plan/names.hpp"
#include "progress/boxes.hpp"
#include "progress/document.hpp"
#include "progress/log_line.hpp"
#include "progress/store.hpp"

namespace ctest_matrix {

namespace {

/// Whether the duration of such a run tells how long the next one may take.
bool is_typical(Verdict verdict) {
  return verdict == Verdict::pass || verdict == Verdict::fail || verdict == Verdict::timeout;
}

} // namespace

std::map<std::string, Milliseconds, std::less<>>
cell_durations(const Plan& plan, std::span<const Record> records, std::span<const std::string> log) {
  std::map<std::string, Milliseconds, std::less<>> by_label;
  for (const std::string& line : log) {
    const auto entry = parse_log_line(line);
    if (entry && entry->duration) {
      by_label[entry->label] = *entry->duration;
    }
  }
  std::map<std::string, Milliseconds, std::less<>> durations;
  const Boxes boxes(plan);
  for (const Box& box : boxes) {
    for (const BoxCell& cell : cells_of(box)) {
      const auto logged = by_label.find(cell.label());
      if (logged != by_label.end()) {
        durations[cell.name()] = logged->second;
      }
    }
  }
  for (const Record& record : records) {
    if (is_typical(record.verdict) && boxes.find(record)) {
      durations[record.cell] = record.duration;
    }
  }
  return durations;
}

std::map<std::string, Milliseconds, std::less<>> test_durations(const Plan& plan) {
  const auto journal = read_newest(store_paths(plan.common).journal);
  const auto text = read_file(plan.common.progress);
  const auto log = text ? Document::parse(*text).log() : std::vector<std::string>();
  std::map<std::string, Milliseconds, std::less<>> durations;
  for (const auto& [cell, duration] :
       cell_durations(plan, journal ? journal->records : std::vector<Record>(), log)) {
    durations.emplace(cell_test(plan.common.places, cell), duration);
  }
  return durations;
}

} // namespace ctest_matrix
