#include "report/test_parity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace ctest_matrix {

namespace {

using Kind = TestOutcome::Kind;

/// Why a cell's tests cannot be compared; empty when they can.
std::string why_not(const Record& record) {
  if (record.verdict == Verdict::skip) {
    return fmt::format("skipped as declared: {}", record.brief);
  }
  if (has_all_tests(record)) {
    return "";
  }
  const bool lacks_list = earns_tick(record.verdict) || record.verdict == Verdict::fail;
  return lacks_list ? "its result does not list its tests"
                    : fmt::format("it ended as {}", verdict_name(record.verdict));
}

/// The worst of what a test did in one cell, where its title is there more than once.
std::map<std::string, Kind> outcomes_of(const Record& record) {
  std::map<std::string, Kind> outcomes;
  for (const TestOutcome& test : record.tests) {
    const auto [known, is_first] = outcomes.try_emplace(test.test, test.kind);
    if (!is_first && (test.kind == Kind::failed || known->second == Kind::skipped)) {
      known->second = test.kind;
    }
  }
  return outcomes;
}

RowParity compare_row(const std::vector<const CellStanding*>& cells) {
  RowParity parity{cells.front()->row, {}, {}};
  std::vector<std::map<std::string, Kind>> outcomes;
  std::vector<std::string> order;
  std::map<std::string, TestGap> gaps;
  for (const CellStanding* cell : cells) {
    parity.compared.push_back(cell->label);
    outcomes.push_back(outcomes_of(*cell->newest));
    for (const TestOutcome& test : cell->newest->tests) {
      if (gaps.try_emplace(test.test, TestGap{test.test, {}, {}, {}, {}}).second) {
        order.push_back(test.test);
      }
    }
  }
  for (const std::string& test : order) {
    TestGap& gap = gaps[test];
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto found = outcomes[i].find(test);
      auto& labels = found == outcomes[i].end()      ? gap.absent
                     : found->second == Kind::passed ? gap.passed
                     : found->second == Kind::failed ? gap.failed
                                                     : gap.skipped;
      labels.push_back(cells[i]->label);
    }
    const auto is_all = [&](const std::vector<std::string>& labels) { return labels.size() == cells.size(); };
    if (!is_all(gap.passed) && !is_all(gap.failed) && !is_all(gap.skipped)) {
      parity.gaps.push_back(gap);
    }
  }
  return parity;
}

} // namespace

TestParity compare_tests(std::span<const CellStanding> standings) {
  TestParity parity;
  for (auto cell = standings.begin(); cell != standings.end();) {
    const auto end = std::find_if(cell, standings.end(),
                                  [&](const CellStanding& other) { return other.row != cell->row; });
    std::vector<const CellStanding*> comparable;
    std::vector<Uncompared> uncompared;
    int cells = 0;
    for (; cell != end; ++cell, ++cells) {
      const std::string reason = cell->newest ? why_not(*cell->newest) : "";
      if (!reason.empty()) {
        uncompared.push_back({cell->cell, reason});
      } else if (cell->newest) {
        comparable.push_back(&*cell);
      }
    }
    if (cells > 1) {
      parity.uncompared.insert(parity.uncompared.end(), uncompared.begin(), uncompared.end());
    }
    if (comparable.size() > 1) {
      ++parity.compared;
      if (RowParity row = compare_row(comparable); !row.gaps.empty()) {
        parity.rows.push_back(std::move(row));
      }
    }
  }
  return parity;
}

} // namespace ctest_matrix
