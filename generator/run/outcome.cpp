#include "run/outcome.hpp"

#include "plan/verdict.hpp"

#include <algorithm>

namespace ctest_matrix {

RunOutcome outcome_of(std::span<const Cell* const> cells, const RecordOf& record_of, const ChildEnd& end) {
  RunOutcome outcome;
  outcome.interrupted = end.interrupted_by != 0;
  outcome.ctest_failed = end.exit_code != 0;
  for (const Cell* cell : cells) {
    const Record* record = record_of(cell->name);
    if (record == nullptr) {
      ++outcome.not_run;
    } else if (!earns_tick(record->verdict)) {
      outcome.failed.push_back(*record);
    }
  }
  return outcome;
}

ExitCode exit_code_of(const RunOutcome& outcome) {
  if (outcome.interrupted) {
    return ExitCode::interrupted;
  }
  if (outcome.blocked()) {
    return ExitCode::setup;
  }
  const auto is_setup = [](const Record& record) { return record.verdict == Verdict::setup; };
  return outcome.failed.empty()                          ? ExitCode::ok
         : std::ranges::all_of(outcome.failed, is_setup) ? ExitCode::setup
                                                         : ExitCode::failed;
}

} // namespace ctest_matrix
