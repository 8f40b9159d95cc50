// The verb `known`: the ledger's entries and how they stand, a new one, the end of one, what is wrong with
// it.
#pragma once

#include "ledger/suite_history.hpp"

#include <filesystem>
#include <string>

namespace ctest_matrix {

struct KnownRequest {
  std::filesystem::path file; ///< empty: that of the matrix
  std::string cell;
  std::string test; ///< empty: every one
  std::string where;
  std::string issue;
  std::string review;
  std::string note;
  bool all = false; ///< of `list`: closed entries, and failures that passed after a change, too
  bool json = false;
  bool anyway = false; ///< of `close`: with fewer green runs than the rate demands
};

Result<VerbOutcome> list_known(const Plan& plan, const ProjectOptions& project, const KnownRequest& request);

/// Takes in what fails in the newest result of the cell: each test with its message, in this cell (`where`
/// says what else). What is closed is reopened, what has changed gets its new message, what is overdue a new
/// day. Error (usage): nothing fails there; a set-up or lost tests, which no entry excuses.
Result<VerbOutcome> add_known(const Plan& plan, const ProjectOptions& project, const KnownRequest& request);

/// Closes the entries of the cell, or of its test. Exit code `setup` where it did not pass often enough in a
/// row.
Result<VerbOutcome> close_known(const Plan& plan, const ProjectOptions& project, const KnownRequest& request);

/// What is wrong with the file, and what of it excuses nothing, is overdue or can be dropped. Exit code
/// `input` for an error.
Result<VerbOutcome> lint_known(const Plan& plan, const ProjectOptions& project, const KnownRequest& request);

} // namespace ctest_matrix
