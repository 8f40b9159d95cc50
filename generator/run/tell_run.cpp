#include "run/tell_run.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "progress/basis.hpp"
#include "progress/log_line.hpp"
#include "progress/summary.hpp"
#include "run/drive.hpp"
#include "run/failure_groups.hpp"
#include "run/probe_run.hpp"
#include "run/timeout_advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace ctest_matrix {

namespace {

/// With what the other columns have done since the cell ended.
void tell_failure(const FailureGroup& group, const Results& results, std::span<const Record> journal) {
  const Record& record = *group.first;
  const std::string text = results.failure_text_of(record.cell, journal);
  say(fmt::format("\n--- {} [{}] ---\n{}\n{}", record.row, record.column,
                  text.empty() ? outcome_text(record) : std::string(trim(text)), others_line(group)));
}

/// The failures, those that are known by name alone. They are in the order of the cells.
void tell_failures(const Run& run, const RunOutcome& outcome, const Results& results,
                   std::span<const Record> journal) {
  std::vector<Record> new_ones;
  std::vector<std::string> known;
  for (const Record& record : outcome.failed) {
    if (is_known_failure(run, record)) {
      known.push_back(record.cell);
    } else {
      new_ones.push_back(record);
    }
  }
  for (const FailureGroup& group : group_failures(new_ones)) {
    tell_failure(group, results, journal);
  }
  if (run.baseline) {
    say(fmt::format("\nAgainst {}: {} as known{}, {}\n", run.request.baseline.string(),
                    plural(known.size(), "cell") + (known.size() == 1 ? " fails" : " fail"),
                    known.empty() ? "" : fmt::format(" ({})", join(known, ", ")),
                    new_ones.empty() ? "nothing new"
                                     : fmt::format("{} new", plural(new_ones.size(), "failing cell"))));
  }
  if (results.uncounted_cells() > 0) {
    say(fmt::format("\nwith `{}`, {} did not run all tests: boxes and results stay as they were\n",
                    shell_line(run.request.handed.arguments), plural(results.uncounted_cells(), "cell")));
  }
}

/// The first failure that stops a run; null: none does.
const Record* stopper(const Run& run, const RunOutcome& outcome) {
  const auto found = std::ranges::find_if(
      outcome.failed, [&](const Record& record) { return !is_known_failure(run, record); });
  return found == outcome.failed.end() || run.request.on_failure == OnFailure::go_on ? nullptr : &*found;
}

/// How many of a complete file's ticks say little, for the line that tells of it.
std::string doubts(const TickAges& ages) {
  std::vector<std::string> doubts;
  if (!ages.stale.empty()) {
    doubts.push_back(fmt::format("{} older than what they depend on", plural(ages.stale.size(), "tick")));
  }
  if (!ages.unrecorded.empty()) {
    doubts.push_back(fmt::format("{} without a record here", plural(ages.unrecorded.size(), "tick")));
  }
  return doubts.empty() ? "" : fmt::format(" ({})", join(doubts, ", "));
}

/// Whether there is anything to say: nothing ran, and ticks come from elsewhere.
bool says_nothing(const Selection& selection, const TickAges& ages) {
  return selection.cells.empty() && !ages.unrecorded.empty();
}

} // namespace

void announce(const Run& run, const Selection& selection) {
  std::vector<std::string> left_out;
  if (selection.ticked > 0) {
    left_out.push_back(fmt::format("{} ticked already", selection.ticked));
  }
  if (selection.skipped > 0) {
    left_out.push_back(fmt::format("{} skipped by request", selection.skipped));
  }
  say(fmt::format("{}: {} to run{}\n", run.plan.common.name, plural(selection.cells.size(), "cell"),
                  left_out.empty() ? "" : fmt::format(" ({})", join(left_out, ", "))));
  if (run.request.jobs > 1 && !run.plan.common.parallel && selection.cells.size() > 1) {
    say(fmt::format("-j{}: the cells still go one after another, as each has the checkout to itself; with "
                    "`parallel: true` in {} they go at once\n",
                    run.request.jobs, run.place.project.matrix.string()));
  }
}

void tell_outcome(const Run& run, const RunOutcome& outcome, const Results& results,
                  std::span<const Record> journal, const std::function<std::string()>& problem) {
  if (outcome.interrupted) {
    say(fmt::format("interrupted; `{}` goes on here\n", run_again(run)));
    return;
  }
  tell_failures(run, outcome, results, journal);
  if (outcome.blocked()) {
    say(fmt::format("\n{} did not run\n{}", plural(outcome.not_run, "cell"), problem()));
  } else if (const Record* const stopped_at = stopper(run, outcome)) {
    const Record& first = *stopped_at;
    if (const auto probed = probe_failure(run, first, journal); !probed) {
      say(fmt::format("error: {}\n", probed.error().message));
    }
    const bool is_excluded = find_cell(run.plan, first.cell)->row.is_excluded();
    const std::string again = run_again(run) + (is_excluded ? " only " + first.row : "");
    say(fmt::format("stopped at {}; mend it and say `{}` to go on there\n"
                    "(or --skip {} to leave it out, --keep-going to go past failures)\n",
                    first.cell, again, first.row));
  }
}

Result<ExitCode> sum_up(const Run& run, const Selection& selection, ExitCode code, JournalSlice& journal) {
  TRY(read_on(run.paths.journal, journal));
  TRY_ASSIGN(const std::string text, read_file(run.plan.common.progress));
  const Document document = Document::parse(text);
  const ProgressSummary summary = summarise(document, journal.records, run.plan);
  say("\n" + render_summary(summary));
  for (const DocumentProblem& problem : document.problems(run.plan)) {
    say(problem_text(run.plan.common.progress, problem) + "\n");
  }
  const TickAges ages = tick_ages(run.plan, journal.records);
  say(render_ages(ages));
  if (!ages.stale.empty() || !ages.unrecorded.empty()) {
    say(fmt::format("  `{} --stale` runs these again\n", run_again(run)));
  }
  for (const std::string& advice : timeout_advice(run.plan, journal.records)) {
    say(advice + "\n");
  }
  if (says_nothing(selection, ages)) {
    say(fmt::format("nothing ran, and {} ha{} no record here: {}\n", plural(ages.unrecorded.size(), "tick"),
                    ages.unrecorded.size() == 1 ? "s" : "ve", ages.unrecorded.front()));
    return ExitCode::setup;
  }
  if (summary.complete && code == ExitCode::ok) {
    say("ALL TESTS COMPLETE" + doubts(ages) + "\n");
  }
  return code;
}

} // namespace ctest_matrix
