#include "report/cell_history.hpp"

#include <algorithm>

namespace ctest_matrix {

namespace {

CellHistory history_of(std::vector<const Record*> records) {
  std::ranges::stable_sort(records, {}, &Record::finished);
  CellHistory history;
  const Record* before = nullptr;
  bool changed = false; ///< since commit and dependencies are what they are
  for (const Record* record : records) {
    history.runs.push_back({.finished = record->finished,
                            .duration = record->duration,
                            .verdict = record->verdict,
                            .retried = record->flaky,
                            .commit = record->commit});
    if (record->verdict == Verdict::setup) {
      continue;
    }
    const bool passed = earns_tick(record->verdict);
    const bool same = before != nullptr && !record->commit.empty() && before->commit == record->commit &&
                      before->basis == record->basis;
    const bool changes = same && earns_tick(before->verdict) != passed;
    ++history.told;
    history.passed += passed ? 1 : 0;
    history.flaky += record->flaky || (changes && changed) ? 1 : 0;
    changed = same && (changed || changes);
    before = record;
  }
  return history;
}

} // namespace

std::map<std::string, CellHistory> find_histories(std::span<const Record> records, const Plan& plan) {
  const Boxes boxes(plan);
  std::map<std::string, std::vector<const Record*>> by_cell;
  for (const Record& record : records) {
    if (boxes.find(record) && record.verdict != Verdict::interrupted) {
      by_cell[record.cell].push_back(&record);
    }
  }
  std::map<std::string, CellHistory> histories;
  for (auto& [cell, its] : by_cell) {
    histories.emplace(cell, history_of(std::move(its)));
  }
  return histories;
}

} // namespace ctest_matrix
