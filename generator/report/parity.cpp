#include "report/parity.hpp"

#include "ledger/failures.hpp"

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

RowTests tabulate_row(const std::vector<const CellStanding*>& cells) {
  RowTests table{cells.front()->row, {}, {}};
  std::map<std::string, std::size_t> lines;
  for (const CellStanding* cell : cells) {
    table.labels.push_back(cell->label);
    for (const TestOutcome& test : cell->newest->tests) {
      if (lines.try_emplace(test.test, table.tests.size()).second) {
        table.tests.push_back({test.test, {}});
      }
    }
  }
  for (const CellStanding* cell : cells) {
    const std::map<std::string, Kind> outcomes = outcomes_of(*cell->newest);
    for (TestLine& line : table.tests) {
      const auto found = outcomes.find(line.test);
      line.outcomes.push_back(found == outcomes.end() ? std::nullopt : std::optional(found->second));
    }
  }
  return table;
}

RowParity compare_row(const std::vector<const CellStanding*>& cells) {
  const RowTests table = tabulate_row(cells);
  RowParity parity{table.row, table.labels, {}};
  for (const TestLine& line : table.tests) {
    if (!line.differs()) {
      continue;
    }
    TestGap& gap = parity.gaps.emplace_back();
    gap.test = line.test;
    for (std::size_t i = 0; i < line.outcomes.size(); ++i) {
      const std::optional<Kind>& outcome = line.outcomes[i];
      auto& labels = !outcome                  ? gap.absent
                     : outcome == Kind::passed ? gap.passed
                     : outcome == Kind::failed ? gap.failed
                                               : gap.skipped;
      labels.push_back(table.labels[i]);
    }
  }
  return parity;
}

} // namespace

bool TestLine::differs() const {
  return std::ranges::any_of(outcomes, [&](const auto& outcome) { return outcome != outcomes.front(); });
}

std::vector<RowTests> tabulate_tests(std::span<const CellStanding> standings) {
  std::vector<RowTests> tables;
  for (auto cell = standings.begin(); cell != standings.end();) {
    std::vector<const CellStanding*> known;
    const std::string& row = cell->row;
    for (; cell != standings.end() && cell->row == row; ++cell) {
      if (cell->newest && has_all_tests(*cell->newest)) {
        known.push_back(&*cell);
      }
    }
    if (!known.empty()) {
      tables.push_back(tabulate_row(known));
    }
  }
  return tables;
}

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
