// How often what an entry of the ledger is about failed and passed, and what failed once and is in no entry.
// Pure.
#pragma once

#include "base/clock.hpp"
#include "ledger/known.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

struct Sighting {
  TimePoint time{};
  std::string commit; ///< full hash; empty: not known
  std::string record; ///< id
};

/// Of all results of the cells that it is about, whatever was reset since.
struct EntryHistory {
  int failures = 0;
  int runs = 0;  ///< from the first failure to the last one of each cell
  int green = 0; ///< passes without a retry since it last failed in any way; of several cells the fewest
  std::optional<Sighting> first;
  std::optional<Sighting> last; ///< failure
  std::optional<Sighting> last_pass;
};

/// The results of each cell of the plan, in its configuration, the oldest first: those of set-ups and of
/// interrupted runs say nothing and are left out. They point into `records`.
using ResultsOfCells = std::map<std::string, std::vector<const Record*>, std::less<>>;
ResultsOfCells all_results(const Plan& plan, std::span<const Record> records);

/// Those of one cell; none where it has none.
std::span<const Record* const> results_of(const ResultsOfCells& results, const std::string& cell);

/// The history of each entry, in the order of the ledger.
std::vector<EntryHistory> measure_entries(const KnownFailures& known, const ResultsOfCells& results,
                                          const LogOf& log_of);

/// How many green runs in a row happen by chance in no more than one of twenty cases where so many of so many
/// runs fail: 29 for one in ten.
int green_runs_needed(const MeasuredRate& rate);

/// The rate of an entry: the rarer one of what it says and what is recorded. Nothing: neither says anything.
std::optional<MeasuredRate> rate_of(const LedgerEntry& entry, const EntryHistory& history);

enum class EntryState { known, changed, overdue, reopened, recovered, closed, gone, untold, excuses_nothing };

std::string_view entry_state_name(EntryState state);

/// How each entry stands by the newest result of each of its cells, in the order of the ledger.
std::vector<EntryState> states_of_entries(const KnownFailures& known, const ResultsOfCells& results,
                                          const LogOf& log_of);

/// Whether the entry can be dropped: what it is about is gone, or passed as often as its rate demands.
bool is_droppable(const LedgerEntry& entry, EntryState state, const EntryHistory& history);

/// A failure that no entry is about, and that passes now.
struct PastFailure {
  CellFailure failure;
  std::string detail;
  int times = 0;
  Sighting last;
  bool unchanged = false; ///< it passed with nothing changed that the cell rests on
};

std::vector<PastFailure> past_failures(const KnownFailures& known, const ResultsOfCells& results);

} // namespace ctest_matrix
