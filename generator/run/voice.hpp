// Who a run speaks to, and what it says: each kind of reader has a voice of its own.
//
// The functions are called in the order in which things happen; what a voice says of them, if anything, it
// prints at once.
#pragma once

#include "progress/basis.hpp"
#include "progress/document.hpp"
#include "progress/summary.hpp"
#include "report/rule_standing.hpp"
#include "run/failure_groups.hpp"
#include "run/failure_probe.hpp"
#include "run/outcome.hpp"
#include "run/results.hpp"
#include "run/selection.hpp"
#include "run/suite_run.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The failures of a run, in the order of the cells.
struct FailureNews {
  const RunOutcome& outcome;
  const Results& results;
  std::span<const Record> journal;
  std::vector<FailureGroup> groups{}; ///< of those that no baseline knows
  std::vector<std::string> known{};   ///< cells that fail as the baseline says
  std::size_t new_cells = 0;
  std::string ledger_words{}; ///< what the ledger and the friction log say, as lines; may be empty
};

/// The failure that stops a run.
struct StopNews {
  const Record& record;
  std::vector<ProbeResult> probe{}; ///< of its first failing test; none where it was not probed
  std::string probe_problem{};
  std::string again{}; ///< what to say to go on there
};

/// How the suite stands after a run.
struct SuiteNews {
  const Selection& selection;
  const ProgressSummary& summary;
  std::vector<std::string> problems{}; ///< of the progress file, a line each
  const TickAges& ages;
  std::vector<RuleStanding> rules{};
  std::vector<std::string> advice{};   ///< on time-outs, a line each
  bool says_nothing = false;           ///< nothing ran, and ticks come from elsewhere
  std::vector<std::string> disowned{}; ///< cells ticked although their newest results here are failures
  bool complete = false;               ///< all that ran passed, and every box is ticked
  ExitCode code = ExitCode::ok;
};

class Voice {
public:
  Voice() = default;
  Voice(const Voice&) = delete;
  Voice& operator=(const Voice&) = delete;
  virtual ~Voice() = default;

  virtual void begin(const Selection& selection, std::span<const Record> journal) = 0;

  /// A test of CTest that is no cell: a set-up, a clean-up.
  virtual void set_up_began(const std::string& test) = 0;
  virtual void set_up_ended(const std::string& test, const std::string& outcome) = 0;
  virtual void cell_began(const Cell& cell) = 0;
  /// `outcome` is what ctest says of it.
  virtual void cell_ended(const Cell& cell, const std::string& outcome, Results& results) = 0;

  /// About once a second. `set_up` is the test that sets something up just now, and `said` its last words;
  /// both may be empty.
  virtual void tick(const std::string& set_up, const std::string& said) = 0;

  virtual void ctest_ended() = 0;
  virtual void interrupted() = 0;
  virtual void failed(const FailureNews& news) = 0;
  /// No cell failed, but some did not run; `problem` says what kept them, as lines.
  virtual void blocked(std::size_t cells, const std::string& problem) = 0;
  /// A test runs alone in this cell; an empty name: no longer.
  virtual void probing(const std::string& cell) = 0;
  virtual void stopped(const StopNews& news) = 0;
  virtual void trouble(const std::string& message) = 0;
  virtual void sum_up(const SuiteNews& news) = 0;
};

std::unique_ptr<Voice> voice_for_people(const Run& run);
std::unique_ptr<Voice> voice_for_agents(const Run& run);
std::unique_ptr<Voice> voice_for_machines(const Run& run);

/// How many ticks of a complete file say little, in brackets; empty where none does.
std::string tick_doubts(const TickAges& ages);

/// Prints at once.
void say(std::string_view text);

} // namespace ctest_matrix
