#include "run/tell_run.hpp"

#include "base/files.hpp"
#include "run/probe_run.hpp"
#include "run/tell_known.hpp"
#include "run/timeout_advice.hpp"

#include <algorithm>
#include <vector>

namespace ctest_matrix {

namespace {

/// The failures, those that are known by name alone. They are in the order of the cells.
void tell_failures(const Run& run, Voice& voice, const RunOutcome& outcome, const Results& results,
                   std::span<const Record> journal) {
  std::vector<Record> new_ones;
  FailureNews news{.outcome = outcome, .results = results, .journal = journal};
  for (const Record& record : outcome.failed) {
    if (is_known_failure(run, record)) {
      news.known.push_back(record.cell);
    } else {
      new_ones.push_back(record);
    }
  }
  news.groups = group_failures(new_ones);
  news.new_cells = new_ones.size();
  news.ledger_words = known_words(run, outcome.failed, journal);
  voice.failed(news);
}

/// The first failure that stops a run; null: none does.
const Record* stopper(const Run& run, const RunOutcome& outcome) {
  const auto found = std::ranges::find_if(
      outcome.failed, [&](const Record& record) { return !is_known_failure(run, record); });
  return found == outcome.failed.end() || run.request.on_failure == OnFailure::go_on ? nullptr : &*found;
}

void tell_stop(const Run& run, Voice& voice, const Record& first, std::span<const Record> journal) {
  const bool is_excluded = find_cell(run.plan, first.cell)->row->is_excluded();
  StopNews news{.record = first, .again = run_again(run) + (is_excluded ? " only " + first.row : "")};
  if (auto probed = probe_failure(run, voice, first, journal)) {
    news.probe = *std::move(probed);
  } else {
    news.probe_problem = probed.error().message;
  }
  voice.stopped(news);
}

} // namespace

void tell_outcome(const Run& run, Voice& voice, const RunOutcome& outcome, const Results& results,
                  std::span<const Record> journal, const std::function<std::string()>& problem) {
  if (outcome.interrupted) {
    voice.interrupted();
    return;
  }
  tell_failures(run, voice, outcome, results, journal);
  if (outcome.blocked()) {
    voice.blocked(outcome.not_run, problem());
  } else if (const Record* const first = stopper(run, outcome)) {
    tell_stop(run, voice, *first, journal);
  }
}

Result<ExitCode> sum_up(const Run& run, Voice& voice, const Selection& selection, ExitCode code,
                        JournalSlice& journal) {
  TRY(read_on(run.paths.journal, journal));
  TRY_ASSIGN(const std::string text, read_file(run.plan.common.progress));
  const Document document = Document::parse(text);
  const ProgressSummary summary = summarise(document, journal.records, run.plan, system_clock().now());
  const TickAges ages = tick_ages(run.plan, journal.records);
  SuiteNews news{.selection = selection,
                 .summary = summary,
                 .ages = ages,
                 .rules = rule_standings(run.plan.common),
                 .advice = timeout_advice(run.plan, journal.records)};
  for (const DocumentProblem& problem : document.problems(run.plan)) {
    news.problems.push_back(problem_text(run.plan.common.progress, problem));
  }
  news.says_nothing = selection.cells.empty() && !ages.unrecorded.empty();
  news.code = news.says_nothing ? ExitCode::setup : code;
  if (summary.complete && news.code == ExitCode::ok) {
    news.disowned = disowned_ticks(run.plan, journal.records);
    news.code = news.disowned.empty() ? ExitCode::ok : ExitCode::setup;
  }
  news.complete = summary.complete && news.code == ExitCode::ok;
  voice.sum_up(news);
  return news.code;
}

} // namespace ctest_matrix
