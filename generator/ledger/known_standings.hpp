// How the entries of a ledger stand, by the results of the suite.
#pragma once

#include "ledger/entry_history.hpp"
#include "ledger/suite_history.hpp"

#include <string>
#include <vector>

namespace ctest_matrix {

/// In the order of the ledger's entries.
struct Standings {
  std::vector<EntryState> states;
  std::vector<EntryHistory> histories;
  std::vector<PastFailure> past; ///< what failed, passes now, and is in no entry
};

Standings standings_of(const SuiteHistory& history);

/// A failure with its cell, for people.
std::string failure_name(const CellFailure& failure);

} // namespace ctest_matrix
