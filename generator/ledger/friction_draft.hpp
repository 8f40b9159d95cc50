// What the journal knows of a cell that fails, as an entry of the friction log.
#pragma once

#include "ledger/suite_history.hpp"

#include <string>

namespace ctest_matrix {

/// The entry of today. `record` is the newest result of the cell, a failure.
FrictionEntry friction_draft(const SuiteHistory& history, const Cell& cell, const Record& record,
                             const std::string& working_on);

/// Since when the cell passes, after its newest failure: `- `alpha.wasm` passes since … at …: 3 runs in a
/// row.` Empty: its newest result is no pass.
std::string outcome_line(const SuiteHistory& history, const std::string& cell);

/// How an entry of the log names one of the ledger, which lies at `file`.
std::string ledger_line(const std::string& entry, const std::string& file);

/// The open entries of the ledger that are about failures of the cell.
std::vector<const LedgerEntry*> open_entries_of(const SuiteHistory& history, const std::string& cell);

} // namespace ctest_matrix
