// Applies a journal to a progress file on disk: under a lock, each record once, whatever kills the process.
#pragma once

#include "plan/plan.hpp"
#include "progress/document.hpp"
#include "progress/fold.hpp"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

struct StorePaths {
  std::filesystem::path progress;
  std::filesystem::path journal;
  std::filesystem::path state; ///< one for each progress file: progress-<profile>.state
};

StorePaths store_paths(const CommonPlan& common);

/// Row and column of every ticked box of the progress file; none where there is no (readable) file.
std::set<std::pair<std::string, std::string>> ticked_boxes(const Plan& plan);
std::set<std::pair<std::string, std::string>> ticked_boxes(const Plan& plan, const Document& document);

/// Row and column of the boxes that somebody has changed since their last result, as far as it was seen here.
std::set<std::pair<std::string, std::string>> boxes_changed_by_hand(const Plan& plan);

/// What `apply_journal` did, and how the progress file stands.
struct ApplySummary {
  FoldResult fold;
  int unreadable = 0; ///< lines of the journal that are no records
  enum class File { untouched, changed, created } file = File::untouched;
  bool complete = false;                 ///< every box that must be is ticked
  std::vector<std::string> inserted;     ///< rows of the matrix that the file lacked
  std::vector<std::string> new_columns;  ///< columns of the matrix that the file lacked
  std::vector<std::string> problems;     ///< oddities of the file: `progress.md:12: row 'x': expected ...`
  std::vector<std::string> unknown_rows; ///< rows of the file that the matrix does not have
  std::optional<Document> document;      ///< the file, where it was left untouched
};

/// Applies what the journal holds and the progress file does not have yet. A missing progress file is made,
/// and rows and columns that it lacks are inserted; with neither these nor records to apply, it is not
/// touched. Waits for another process up to 30 s. Errors (input): the file is not a progress file, was made
/// for another configuration (a reset in the journal takes it over) or has none of the plan's columns;
/// nothing is changed then, and the records stay in the journal. Error (setup): somebody else holds the lock.
Result<ApplySummary> apply_journal(const StorePaths& paths, const Plan& plan, const Clock& clock);

/// Appends a record to the journal and applies the journal.
Result<ApplySummary> record_and_apply(const StorePaths& paths, const Record& record, const Plan& plan,
                                      const Clock& clock);

} // namespace ctest_matrix
