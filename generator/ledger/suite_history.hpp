// A suite's journal, its ledger and its friction log, together: what `known` and `friction` work on.
#pragma once

#include "base/diagnostics.hpp"
#include "base/file_lock.hpp"
#include "ledger/entry_history.hpp"
#include "ledger/ledger_files.hpp"
#include "plan/project.hpp"
#include "progress/journal.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// What a verb says, and its exit code.
struct VerbOutcome {
  ExitCode code = ExitCode::ok;
  std::string text;
};

/// What a verb says line by line, `<action>: <of what> - <why>`, as one JSON object with its newline.
std::string outcome_json(const std::string& file, const VerbOutcome& outcome);

/// The messages about a file as one JSON object with its newline.
std::string diagnostics_json(const std::string& file, const Diagnostics& diagnostics);

struct SuiteHistory {
  const Plan& plan;
  std::filesystem::path file; ///< of the ledger
  JournalSlice journal;
  ResultsOfCells results; ///< point into the journal
  KnownFailures known;
  FrictionLog friction;
  std::optional<FileLock> lock; ///< so that nobody else of ours writes either file meanwhile
};

/// `file` is the ledger; empty: that of the matrix. What CTest left behind is taken in first. Error (input):
/// a bad ledger; (usage) no ledger at all where one is needed.
enum class LedgerNeed { needed, welcome };
Result<SuiteHistory> load_history(const Plan& plan, const ProjectOptions& project, std::filesystem::path file,
                                  LedgerNeed need);

/// So that nobody else of ours writes the ledger or the friction log meanwhile. Error (setup): somebody does.
Result<FileLock> lock_ledger(const CommonPlan& common);

/// The commit of the checkout as people write it, nine digits; `uncommitted` where something that git knows
/// is changed besides the two files, the progress file and what the matrix writes; empty where there is no
/// git.
std::string commit_now(const CommonPlan& common);

/// `63df393ab`
std::string short_commit(std::string_view commit);

/// `2026-02-12 at 4f1c2d3e5`
std::string day_and_commit(const Sighting& sighting);

/// The newest result of a cell; null: it has none.
const Record* newest_of(const SuiteHistory& history, const std::string& cell);

/// The cell. Error (usage): the suite has none of this name; says which may be meant.
Result<const Cell*> named_cell(const Plan& plan, const std::string& name);

} // namespace ctest_matrix
