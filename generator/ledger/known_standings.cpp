#include "ledger/known_standings.hpp"

#include "ledger/cell_log.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

Standings standings_of(const SuiteHistory& history) {
  const LogOf log_of = logs_of(history.plan.common);
  return {states_of_entries(history.known, history.results, log_of),
          measure_entries(history.known, history.results, log_of),
          past_failures(history.known, history.results)};
}

std::string failure_name(const CellFailure& failure) {
  return fmt::format("{}: {}", failure.cell, failure_text(failure));
}

} // namespace ctest_matrix
