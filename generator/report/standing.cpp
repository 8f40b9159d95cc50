#include "report/standing.hpp"

#include "progress/summary.hpp"

#include <algorithm>
#include <map>

namespace ctest_matrix {

namespace {

constexpr int k_wavering = 2; ///< changes of outcome; a single one is a regression or a fix

/// Counts how often an outcome changes from one run to the next.
class Changes {
public:
  void add(bool passed) {
    m_changes += m_last && *m_last != passed ? 1 : 0;
    m_last = passed;
  }

  bool wavers() const { return m_changes >= k_wavering; }

private:
  std::optional<bool> m_last;
  int m_changes = 0;
};

/// `history` are the records of one cell with the commit and the basis of the newest, the oldest first.
void find_flakiness(const std::vector<const Record*>& history, CellStanding& standing) {
  Changes cell;
  std::map<std::string, Changes> tests;
  for (const Record* record : history) {
    if (record->verdict == Verdict::setup) {
      continue;
    }
    cell.add(earns_tick(record->verdict));
    for (const TestOutcome& test : record->tests) {
      if (test.kind != TestOutcome::Kind::skipped) {
        tests[test.test].add(test.kind == TestOutcome::Kind::passed);
      }
    }
  }
  standing.retried = standing.newest->flaky || cell.wavers();
  for (const auto& [test, changes] : tests) {
    if (changes.wavers()) {
      standing.wavered.push_back(test);
    }
  }
}

} // namespace

std::vector<CellStanding> find_standings(const Document& document, std::span<const Record> records,
                                         const Plan& plan, TimePoint now) {
  const std::map<std::string, std::vector<const Record*>> results = results_by_cell(records, plan, now);
  std::vector<CellStanding> standings;
  for (const Box& box : Boxes(plan)) {
    const Row& row = *box.row;
    const Column& column = *box.column;
    for (const BoxCell& own : cells_of(box)) {
      CellStanding standing;
      standing.cell = own.name();
      standing.row = row.name;
      standing.column = column.name;
      standing.label = column.variants.size() > 1 ? own.variant->suffix : column.name;
      standing.excluded = row.is_excluded();
      standing.ticked = document.box(row.name, column.name) == BoxState::ticked;
      if (const auto found = results.find(standing.cell); found != results.end()) {
        const Record& newest = *found->second.back();
        standing.newest = newest;
        std::vector<const Record*> history;
        std::copy_if(found->second.begin(), found->second.end(), std::back_inserter(history),
                     [&](const Record* record) {
                       return record == &newest ||
                              (!newest.commit.empty() && record->commit == newest.commit &&
                               record->basis == newest.basis);
                     });
        find_flakiness(history, standing);
      }
      if (!standing.excluded || standing.newest) {
        standings.push_back(std::move(standing));
      }
    }
  }
  return standings;
}

} // namespace ctest_matrix
