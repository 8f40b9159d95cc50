// A run that goes on: what was asked, the plan with that applied, and what is written down of it.
#pragma once

#include "base/result.hpp"
#include "ledger/entry_history.hpp"
#include "ledger/known.hpp"
#include "plan/plan.hpp"
#include "progress/journal.hpp"
#include "progress/store.hpp"
#include "run/request.hpp"
#include "run/run.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace ctest_matrix {

struct Run {
  const RunRequest& request;
  const RunPlace& place;
  Plan plan;
  ProjectOptions project; ///< with the request's axes as overrides
  Assignment selected;    ///< of the request's axes, those that tell cells apart
  StorePaths paths;
  std::filesystem::path ledger;          ///< empty: none
  std::optional<KnownFailures> known{};  ///< what the ledger says
  bool goes_past_known = false;          ///< these do not stop it
  const JournalSlice* journal = nullptr; ///< what has been read of it; null: nothing yet
};

/// What CTest alone knows of its last run, and everything that the journal has.
Result<void> take_in_results(const Run& run);

/// A record of what is no cell's end.
Record remark(const Run& run, RecordKind kind);

Result<void> write_down(const Run& run, const Record& record);

Result<void> write_note(const Run& run, const std::string& row, const std::string& column,
                        const std::string& text);

/// What to say to go on, with what was said of the matrix.
std::string run_again(const Run& run);

/// The ledger, as people call it.
std::string ledger_name(const Run& run);

/// Whether the ledger excuses a result, and the run is to go past those.
bool is_known_failure(const Run& run, const Record& record);

} // namespace ctest_matrix
