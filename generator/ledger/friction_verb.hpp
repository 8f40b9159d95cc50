// The verb `friction`: a new entry from what the journal knows of a cell, its outcome, the list, what is
// wrong with it.
#pragma once

#include "ledger/suite_history.hpp"

#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace ctest_matrix {

/// Lets somebody edit a file. Error: it could not be, or the editor failed.
using Editor = std::function<Result<void>(const std::filesystem::path&)>;

struct FrictionRequest {
  std::string cell;
  std::string working_on; ///< empty: what the journal knows
  std::string note;       ///< of `close`
  bool open_only = false;
  bool json = false;
  Editor edit; ///< none: the entry is written as it is
};

/// An entry before all others, from the newest failure of the cell. Error (usage): no `friction:` in the
/// matrix, the cell does not fail, or the log has an open entry of it; (input) what was edited is no entry.
Result<VerbOutcome> new_friction(const Plan& plan, const ProjectOptions& project,
                                 const FrictionRequest& request);

/// Writes into the outcome of the open entry of the cell since when it passes. Exit code `failed` where it
/// does not.
Result<VerbOutcome> close_friction(const Plan& plan, const ProjectOptions& project,
                                   const FrictionRequest& request);

Result<VerbOutcome> list_friction(const Plan& plan, const ProjectOptions& project,
                                  const FrictionRequest& request);

/// Notes in the open entry of the cell, if there is one, that the ledger has these.
Result<void> name_in_log(const SuiteHistory& history, const std::string& cell,
                         std::span<const std::string> entries);

/// Exit code `input` for an error.
Result<VerbOutcome> lint_friction(const Plan& plan, const ProjectOptions& project,
                                  const FrictionRequest& request);

} // namespace ctest_matrix
