// How far the suite has come: files passing and failing per column, and where the columns differ.
#pragma once

#include "progress/boxes.hpp"
#include "progress/document.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

struct ColumnSummary {
  std::string column;
  int passing = 0;                  ///< files whose box is ticked and whose latest results are no failures
  int files = 0;                    ///< files that count: not excluded, or run all the same
  std::vector<std::string> failing; ///< files with a cell whose latest result is a failure

  bool operator==(const ColumnSummary&) const = default;
};

/// A file that passes on some columns and fails on others.
struct ParityGap {
  std::string file;
  std::vector<std::string> passing; ///< columns
  std::vector<std::string> failing; ///< columns

  bool operator==(const ParityGap&) const = default;
};

struct ProgressSummary {
  std::vector<ColumnSummary> columns;
  std::vector<ParityGap> gaps;
  std::vector<std::string> never_run;       ///< cells without a tick and without a result
  std::vector<std::string> unknown_rows;    ///< rows of the file that the matrix does not have
  std::vector<std::string> unknown_columns; ///< columns of the file that the matrix does not have
  std::vector<std::string> ahead;           ///< cells with a result that is dated in the future, and its date
  Milliseconds duration{0};                 ///< of all runs of cells since the newest reset, in sum
  bool complete = false;                    ///< every box that must be is ticked

  bool operator==(const ProgressSummary&) const = default;
};

/// The results of each cell of the plan, by its name, since the newest reset and without those that were
/// interrupted, the newest last. A pass from a clock that is ahead of `now` counts as the oldest, a failure
/// as the newest.
std::map<std::string, std::vector<const Record*>>
results_by_cell(std::span<const Record> records, const Plan& plan, TimePoint now = TimePoint::max());

/// The newest record of each cell of the plan's profile and configuration since the newest reset, those of
/// interrupted cells apart.
std::vector<Record> latest_records(const Plan& plan, std::span<const Record> journal);

/// Sums up the document and the journal's records of the plan's profile and configuration; the document has
/// the last word on a box, except that a failed cell never counts as passing.
ProgressSummary summarise(const Document& document, std::span<const Record> records, const Plan& plan,
                          TimePoint now = TimePoint::max());

/// The summary for a terminal, each line with its newline.
std::string render_summary(const ProgressSummary& summary);

} // namespace ctest_matrix
