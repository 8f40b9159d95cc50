// Standings of cells, for the tests of the views.
#pragma once

#include "report/standing.hpp"

#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// The outcomes of a cell's tests: `+title` passed, `-title` failed, `=title` was skipped.
inline std::vector<TestOutcome> outcomes(const std::vector<std::string>& tests) {
  std::vector<TestOutcome> result;
  for (const std::string& test : tests) {
    result.push_back({test.substr(1), test[0] == '+'   ? TestOutcome::Kind::passed
                                      : test[0] == '-' ? TestOutcome::Kind::failed
                                                       : TestOutcome::Kind::skipped});
  }
  return result;
}

inline Record record_of(const std::string& row, const std::string& column, Verdict verdict,
                        const std::vector<std::string>& tests, std::string brief = "") {
  Record record;
  record.cell = row + '.' + column;
  record.row = row;
  record.column = column;
  record.verdict = verdict;
  record.tests = outcomes(tests);
  record.brief = std::move(brief);
  record.duration = Milliseconds(31'200);
  for (const TestOutcome& test : record.tests) {
    record.counts.passed += test.kind == TestOutcome::Kind::passed ? 1 : 0;
    record.counts.failed += test.kind == TestOutcome::Kind::failed ? 1 : 0;
    record.counts.skipped += test.kind == TestOutcome::Kind::skipped ? 1 : 0;
  }
  return record;
}

/// A cell that was not run.
inline CellStanding standing_of(const std::string& row, const std::string& column) {
  CellStanding standing;
  standing.cell = row + '.' + column;
  standing.row = row;
  standing.column = column;
  standing.label = column;
  return standing;
}

/// A cell with this newest result; its box is ticked when it earned that.
inline CellStanding standing_of(const std::string& row, const std::string& column, Verdict verdict,
                                const std::vector<std::string>& tests, std::string brief = "") {
  CellStanding standing = standing_of(row, column);
  standing.ticked = earns_tick(verdict);
  standing.newest = record_of(row, column, verdict, tests, std::move(brief));
  return standing;
}

} // namespace ctest_matrix
