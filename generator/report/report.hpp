// What `report` shows: the summary, the grid, parity test by test, and the comparison with a baseline.
// Returns text, prints nothing.
#pragma once

#include "base/terminal.hpp"
#include "progress/basis.hpp"
#include "progress/summary.hpp"
#include "report/baseline_comparison.hpp"
#include "report/parity.hpp"
#include "report/rule_standing.hpp"
#include "report/standing.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

struct ProgressReport {
  std::string matrix; ///< name
  std::string profile;
  std::string title;
  std::string config;
  std::vector<std::string> columns;
  ProgressSummary summary;
  std::vector<CellStanding> standings;
  TestParity parity;
  TickAges ages;
  std::vector<std::string> shares; ///< what did not come back of several machines, a line each
  std::vector<RuleStanding> rules; ///< none where nobody asked
  JournalSlice journal;            ///< what it was made of
  std::string baseline_file;       ///< empty: none
  bool baseline_is_own = false;    ///< the one that the matrix names
  std::optional<BaselineComparison> baseline;
  std::vector<std::pair<CellFailure, std::string>>
      seen_before; ///< in the friction log, where there is no ledger
};

/// Everything but the ages of ticks, the rules, the journal and the baseline.
ProgressReport make_report(const Plan& plan, const Document& document, std::span<const Record> records,
                           TimePoint now);

std::string render_report_text(const ProgressReport& report, const Terminal& terminal);

/// One JSON object with its newline; its fields are in the README.
std::string render_report_json(const ProgressReport& report);

/// What to type to go on with the same matrix, build directory and profile: `ctest-matrix run --profile
/// full`.
struct GateCommands {
  std::string run;
  std::string report;
};

/// What the gate says, in a sentence or two with their newlines: the regressions, or why nothing can be said
/// and what to do about it, and whether the baseline can be tightened.
std::string render_gate(const ProgressReport& report, const GateCommands& commands);

} // namespace ctest_matrix
