#include "run/run.hpp"

#include "artifact/artifact.hpp"
#include "base/files.hpp"
#include "base/input_text.hpp"
#include "base/text.hpp"
#include "cell/tell.hpp"
#include "ctest/call.hpp"
#include "ctest/entry_file.hpp"
#include "ctest/junit_file.hpp"
#include "plan/identity.hpp"
#include "plan/index.hpp"
#include "plan/names.hpp"
#include "process/child.hpp"
#include "progress/adopt.hpp"
#include "progress/basis.hpp"
#include "progress/last_run.hpp"
#include "progress/log_line.hpp"
#include "progress/never_said.hpp"
#include "progress/store.hpp"
#include "progress/summary.hpp"
#include "run/blocked_by.hpp"
#include "run/drive.hpp"
#include "run/failure_probe.hpp"
#include "run/generate.hpp"
#include "run/new_records.hpp"
#include "run/outcome.hpp"
#include "run/selection.hpp"
#include "run/timeout_advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <span>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// The plan with the request's axes applied, and what remains to select by.
struct Chosen {
  Plan plan;
  ProjectOptions project;
  Assignment selected;
};

Result<Chosen> choose(const RunRequest& request, const ProjectOptions& project) {
  TRY_ASSIGN(Plan plan, load_plan(project));
  TRY_ASSIGN(auto choice, choose_axes(plan, request));
  ProjectOptions changed = project;
  changed.overrides.insert(changed.overrides.end(), choice.overrides.begin(), choice.overrides.end());
  if (!choice.overrides.empty()) {
    TRY_ASSIGN(plan, load_plan(changed));
  }
  return Chosen{std::move(plan), std::move(changed), std::move(choice.selected)};
}

/// A run: what was asked, and the plan with that applied.
struct Run {
  const RunRequest& request;
  const RunPlace& place;
  Plan plan;
  ProjectOptions project; ///< with the request's axes as overrides
  Assignment selected;    ///< of the request's axes, those that tell cells apart
  StorePaths paths;
};

/// The build directory has this matrix's tests.
Result<void> prepare(const Run& run) {
  std::error_code error;
  const fs::path build_dir = fs::absolute(run.place.project.build_dir, error).lexically_normal();
  const bool of_a_project = fs::exists(run.plan.common.places.state / "load.cmake", error);
  if (const auto ours = check_entry_file(build_dir); !ours) {
    return of_a_project ? Result<void>() : ours;
  }
  TRY(check_build_dir(run.plan.common, run.place.program, build_dir));
  return generate_build_dir(run.plan, run.place.program, build_dir, run.project.prefix);
}

/// What CTest alone knows of its last run, and everything that the journal has.
Result<void> take_in_results(const Run& run) {
  TRY(take_in_last_run(run.plan, run.project, std::chrono::seconds(30), UnknownLoad::take_as_current));
  TRY(apply_journal(run.paths, run.plan, system_clock()));
  return {};
}

/// A record of what is no cell's end.
Record remark(const Run& run, RecordKind kind) {
  Record record;
  record.kind = kind;
  record.id = new_record_id(system_clock());
  record.profile = run.plan.common.profile;
  record.finished = system_clock().now();
  record.identity = matrix_identity(run.plan.common);
  return record;
}

Result<void> write_down(const Run& run, const Record& record) {
  TRY(record_and_apply(run.paths, record, run.plan, system_clock()));
  return {};
}

Result<void> write_note(const Run& run, const std::string& row, const std::string& column,
                        const std::string& text) {
  Record note = remark(run, RecordKind::note);
  note.row = row;
  note.column = column;
  note.brief = text;
  return write_down(run, note);
}

Result<void> bring_up_to_date(const Run& run) {
  return run.request.start == RunStart::reset ? write_down(run, remark(run, RecordKind::reset))
                                              : take_in_results(run);
}

Result<Selection> select(const Run& run, std::span<const Record> journal) {
  std::set<std::string> stale;
  if (run.request.stale) {
    const TickAges ages = tick_ages(run.plan, journal);
    for (const StaleTick& tick : ages.stale) {
      stale.insert(tick.cell);
    }
    stale.insert(ages.unrecorded.begin(), ages.unrecorded.end());
    stale.insert(ages.untold.begin(), ages.untold.end());
  }
  return select_cells(run.plan, run.request, run.selected, ticked_boxes(run.plan), stale, journal);
}

/// What the user leaves out on purpose is in the log, once for each run.
Result<void> log_skips(const Run& run) {
  for (const std::string& row : run.request.skip) {
    TRY(write_note(run, row, "", "skipped by request"));
  }
  return {};
}

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
}

LiveView view_of(const Run& run, const Selection& selection, std::span<const Record> journal) {
  std::map<std::string, Milliseconds> known;
  for (const Record& record : journal) {
    if (record.kind == RecordKind::cell && record.verdict == Verdict::pass) {
      known[record.cell] = record.duration;
    }
  }
  std::vector<std::string> names;
  std::ranges::transform(selection.cells, std::back_inserter(names), &Cell::name);
  return LiveView(run.place.screen, names.size(), Forecast(names, known), system_clock().monotonic());
}

CtestCall call_of(const Run& run) {
  return {.build_dir = run.place.project.build_dir,
          .profile = run.plan.common.profile,
          .overrides = run.project.overrides,
          .include = run.request.include_excluded ? std::string(k_all_rows) : run.request.only,
          .selection = run.plan.common.places.state / "run.selection",
          .junit = run.plan.common.places.state / "run.junit.xml",
          .jobs = run.request.jobs,
          .stop_on_failure = run.request.on_failure == OnFailure::stop};
}

CellsByTest by_test(const Run& run, const Selection& selection) {
  CellsByTest cells;
  for (const Cell* cell : selection.cells) {
    cells.emplace(cell_test(run.plan.common.places, cell->name), cell);
  }
  return cells;
}

/// With what the other columns have done since the cell ended.
void tell_failure(const Run& run, const Record& record, std::span<const Record> journal) {
  const std::string text = failure_text(run.plan.common, record.cell, journal);
  say(fmt::format("\n--- {} [{}] ---\n{}\n", record.row, record.column,
                  text.empty() ? outcome_text(record) : std::string(trim(text))));
}

/// What kept cells from running, as lines.
std::string setup_problem(const CtestCall& call, const CellsByTest& cells, const std::string& output) {
  const auto text = read_regular_file(call.junit, k_max_result_bytes);
  const auto results = text ? parse_ctest_junit(*text) : Result<CtestRun>(text.error());
  return blocked_by(results ? results->results : std::vector<CtestResult>(), output,
                    [&](const std::string& test) { return cells.contains(test); });
}

/// A column that the user left out is not probed: its artifacts may not even be there.
Result<Record> narrow_alone(const Run& run, const Cell& cell, const std::string& test,
                            const fs::path& index) {
  if (!matches(run.selected, cell.axes)) {
    return Error{ExitCode::setup, "it was left out of this run"};
  }
  for (const std::string& name : cell.artifacts) {
    if (const auto built = build_artifact(run.plan.common, name); !built) {
      return Error{ExitCode::setup, split_lines(built.error().message).front()};
    }
  }
  say(run.place.screen.moving ? fmt::format("\r\x1b[Kprobing {}", cell.name) : "");
  const fs::path result = run.plan.common.places.state / "run.narrow.json";
  std::error_code ignored;
  fs::remove(result, ignored);
  ChildSpec spec;
  spec.argv = {run.place.program.string(),
               "narrow",
               "--index=" + index.string(),
               "--result=" + result.string(),
               "--",
               cell.name,
               test};
  spec.environment = environment_for_ctest();
  spec.on_line = [](std::string_view) {};
  spec.on_tick = [] {};
  const auto end = run_child(spec);
  say(run.place.screen.moving ? "\r\x1b[K" : "");
  if (!end) {
    return end.error();
  }
  if (end->exit_code < 0 || end->interrupted_by != 0) {
    return Error{ExitCode::interrupted, "it was interrupted"};
  }
  const auto text = read_file(result);
  auto record = text ? parse_record(*text) : std::nullopt;
  return record ? Result<Record>(*std::move(record))
                : Result<Record>(Error{ExitCode::setup, fmt::format("exit status {}", end->exit_code)});
}

/// The records of a row that say something about its tests as they are now: what ran before an edit does not.
std::vector<Record> current_records(const Run& run, const std::string& row, std::span<const Record> journal) {
  BasisReader reader(run.plan.common);
  std::vector<Record> current;
  for (const Record& known : journal) {
    const Cell* cell = find_cell(run.plan, known.cell);
    if (cell != nullptr && cell->row.name == row && is_current(known, *cell, reader)) {
      current.push_back(known);
    }
  }
  return current;
}

/// Tells on which columns the first failing test of a record fails.
Result<void> probe_failure(const Run& run, const Record& record, std::span<const Record> journal) {
  if (!run.plan.common.narrow) {
    return {};
  }
  TRY_ASSIGN(const fs::path index, store_plan(run.plan));
  const auto results =
      probe(run.plan, record, current_records(run, record.row, journal),
            [&](const Cell& cell, const std::string& test) { return narrow_alone(run, cell, test, index); });
  if (results.empty()) {
    return {};
  }
  const std::string& test = record.failures.front().test;
  say("\n" + render_probe(test, results));
  for (const ProbeResult& result : results) {
    if (result.evidence == ProbeResult::Evidence::probe) {
      TRY(write_note(run, record.row, result.column, fmt::format("'{}' {}", test, result.outcome)));
    }
  }
  return {};
}

/// What to say to go on, with what was said of the matrix.
std::string run_again(const Run& run) {
  ProjectOptions options = run.place.project;
  options.overrides.insert(options.overrides.end(), run.request.axes.begin(), run.request.axes.end());
  return "ctest-matrix run" + options_text(options);
}

void tell_outcome(const Run& run, const RunOutcome& outcome, std::span<const Record> journal,
                  const std::function<std::string()>& problem) {
  if (outcome.interrupted) {
    say(fmt::format("interrupted; `{}` goes on here\n", run_again(run)));
    return;
  }
  for (const Record& record : outcome.failed) {
    tell_failure(run, record, journal);
  }
  if (outcome.blocked()) {
    say(fmt::format("\n{} did not run\n{}", plural(outcome.not_run, "cell"), problem()));
  } else if (!outcome.failed.empty() && run.request.on_failure == OnFailure::stop) {
    const Record& first = outcome.failed.front();
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

/// Runs the cells and tells what became of them.
Result<ExitCode> run_cells(const Run& run, const Selection& selection, JournalSlice& journal,
                           HeldServices& services) {
  const CtestCall call = call_of(run);
  const CellsByTest cells = by_test(run, selection);
  LiveView view = view_of(run, selection, journal.records);
  NewRecords records(run.paths.journal, journal.end, run.plan.common.profile);
  const TimePoint begin = system_clock().now();
  TRY_ASSIGN(const Driven driven, drive(call, cells, view, records, services, run.plan.common.grace));
  const auto taken = take_in_results(run);
  if (!taken) {
    say(fmt::format("error: {}\n", taken.error().message));
  }
  TRY(read_on(run.paths.journal, journal));
  const RunOutcome outcome = outcome_of(
      selection.cells, [&](const std::string& cell) { return records.of(cell); }, driven.end);
  tell_outcome(run, outcome, journal.records, [&] { return setup_problem(call, cells, driven.output); });
  for (const Record& record :
       kept_back(run.plan, selection.cells, journal.records, begin, system_clock().now())) {
    TRY(write_down(run, record));
  }
  const ExitCode code = exit_code_of(outcome);
  return code == ExitCode::ok && !taken ? ExitCode::setup : code;
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

} // namespace

Result<ExitCode> run_suite(const RunRequest& request, const RunPlace& place) {
  TRY_ASSIGN(Chosen chosen, choose(request, place.project));
  const StorePaths paths = store_paths(chosen.plan.common);
  const Run run{.request = request,
                .place = place,
                .plan = std::move(chosen.plan),
                .project = std::move(chosen.project),
                .selected = std::move(chosen.selected),
                .paths = paths};
  TRY(prepare(run));
  TRY(adopt_journal(run.plan));
  TRY(bring_up_to_date(run));
  TRY_ASSIGN(JournalSlice journal, read_journal(run.paths.journal));
  TRY_ASSIGN(const Selection selection, select(run, journal.records));
  TRY(log_skips(run));
  announce(run, selection);
  HeldServices services(run.plan.common);
  ExitCode code = ExitCode::ok;
  if (!selection.cells.empty()) {
    TRY_ASSIGN(code, run_cells(run, selection, journal, services));
  }
  return sum_up(run, selection, code, journal);
}

} // namespace ctest_matrix
