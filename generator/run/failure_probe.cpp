#include "run/failure_probe.hpp"

#include "base/text.hpp"
#include "cell/failure_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace ctest_matrix {

namespace {

using Kind = ProbeResult::Kind;

/// Whether the test ran in the cell before: runners call a test skipped, too, that a filter does not reach.
enum class Before { ran, not_known };

/// How many tests of a record ran that are not this one. Several may have one title.
int ran_beside(const Record& record, const std::string& test) {
  const auto own = std::ranges::count_if(record.tests, [&](const TestOutcome& outcome) {
    return outcome.test == test && outcome.kind != TestOutcome::Kind::skipped;
  });
  return std::max(0, record.counts.ran() - static_cast<int>(own));
}

/// What the one test did, and not what its cell did: a filter that reaches something else tells nothing of
/// it.
ProbeResult by_running(const Cell& cell, const std::string& test, const Narrow& narrow, Before before) {
  const auto record = narrow(cell, test);
  if (!record) {
    return {cell.variant->column, fmt::format("could not be run: {}", record.error().message), Kind::unclear,
            ProbeResult::Evidence::probe};
  }
  const auto outcome = std::ranges::find(record->tests, test, &TestOutcome::test);
  const bool is_skipped = outcome != record->tests.end() && outcome->kind == TestOutcome::Kind::skipped;
  if (is_skipped && before == Before::not_known) {
    return {cell.variant->column, "is skipped, or the filter does not reach it", Kind::unclear,
            ProbeResult::Evidence::probe};
  }
  const int beside = ran_beside(*record, test);
  const std::string company =
      beside == 0 ? "alone"
                  : fmt::format("with {} beside it", plural(static_cast<std::size_t>(beside), "other test"));
  if (outcome != record->tests.end() && record->verdict == Verdict::pass) {
    return {cell.variant->column, "passes " + company, Kind::passed, ProbeResult::Evidence::probe, beside};
  }
  if (outcome != record->tests.end() && outcome->kind == TestOutcome::Kind::failed &&
      record->verdict == Verdict::fail) {
    return {cell.variant->column, "fails " + company, Kind::failed, ProbeResult::Evidence::probe, beside};
  }
  return {cell.variant->column,
          fmt::format("could not be narrowed: {}",
                      (is_skipped || outcome == record->tests.end()) && record->counts.ran() > 0
                          ? "other tests ran"
                          : verdict_name(record->verdict)),
          Kind::unclear, ProbeResult::Evidence::probe};
}

std::optional<ProbeResult> by_journal(const Cell& cell, const std::string& test,
                                      std::span<const Record> others) {
  for (const Record& other : others) {
    if (other.cell != cell.name) {
      continue;
    }
    for (const TestOutcome& outcome : other.tests) {
      if (outcome.test != test) {
        continue;
      }
      switch (outcome.kind) {
      case TestOutcome::Kind::passed:
        return ProbeResult{cell.variant->column, "passes", Kind::passed, ProbeResult::Evidence::journal};
      case TestOutcome::Kind::failed:
        return ProbeResult{cell.variant->column, "fails", Kind::failed, ProbeResult::Evidence::journal};
      case TestOutcome::Kind::skipped:
        return ProbeResult{cell.variant->column, "is skipped", Kind::unclear, ProbeResult::Evidence::journal};
      }
    }
  }
  return std::nullopt;
}

int shared_axes(const Cell& a, const Cell& b) {
  return static_cast<int>(std::ranges::count_if(a.variant->axes, [&](const auto& axis) {
    const std::string* value = value_of(b.variant->axes, axis.first);
    return value != nullptr && *value == axis.second;
  }));
}

std::string meaning(const std::vector<ProbeResult>& results) {
  const ProbeResult& own = results.front();
  if (own.kind == Kind::passed) {
    return own.beside == 0
               ? "it passes alone: look for what it shares with the tests before it, or for a flake"
               : "it passes with these: look for what it shares with the tests that did not run now, or for "
                 "a flake";
  }
  if (own.kind == Kind::unclear) {
    return "what the test does alone is not known";
  }
  std::vector<std::string> passing;
  std::vector<std::string> failing;
  for (auto other = results.begin() + 1; other != results.end(); ++other) {
    if (other->kind != Kind::unclear) {
      (other->kind == Kind::passed ? passing : failing).push_back(other->column);
    }
  }
  if (!failing.empty()) {
    return fmt::format("shared: it fails on {} too", join(failing, " and "));
  }
  if (!passing.empty()) {
    return fmt::format("specific to {}: it passes on {}", own.column, join(passing, " and "));
  }
  return results.size() == 1 ? "there is no other column to compare with"
                             : "whether it is specific to this column is not known";
}

} // namespace

std::vector<const Cell*> sibling_cells(const Plan& plan, const Cell& cell) {
  std::vector<const Cell*> siblings;
  for (const Cell& other : plan.cells) {
    if (other.row->name != cell.row->name || other.variant->column == cell.variant->column) {
      continue;
    }
    const auto known = std::ranges::find_if(
        siblings, [&](const Cell* sibling) { return sibling->variant->column == other.variant->column; });
    if (known == siblings.end()) {
      siblings.push_back(&other);
    } else if (shared_axes(cell, other) > shared_axes(cell, **known)) {
      *known = &other;
    }
  }
  return siblings;
}

std::string render_probe(const std::string& test, const std::vector<ProbeResult>& results) {
  std::string text = fmt::format("narrowed to its first failing test: {}\n", test);
  for (const ProbeResult& result : results) {
    text += fmt::format("  {}: {}{}\n", result.column, result.outcome,
                        result.evidence == ProbeResult::Evidence::journal ? " (when its cell ran last)" : "");
  }
  return text + fmt::format("  {}\n", meaning(results));
}

std::vector<ProbeResult> probe(const Plan& plan, const Record& record, std::span<const Record> journal,
                               const Narrow& narrow) {
  const Cell* cell = find_cell(plan, record.cell);
  if (cell == nullptr || record.failures.empty() || record.counts.failed == 0) {
    return {};
  }
  const std::string& test = record.failures.front().test;
  std::vector<ProbeResult> results{by_running(*cell, test, narrow, Before::ran)};
  const std::vector<Record> others = other_columns(plan.common.columns, journal, record);
  for (const Cell* sibling : sibling_cells(plan, *cell)) {
    const auto known = by_journal(*sibling, test, others);
    results.push_back(known ? *known : by_running(*sibling, test, narrow, Before::not_known));
  }
  return results;
}

} // namespace ctest_matrix
