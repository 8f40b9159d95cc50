#include "run/run.hpp"

#include "base/file_lock.hpp"
#include "base/files.hpp"
#include "base/input_text.hpp"
#include "base/text.hpp"
#include "cell/ready.hpp"
#include "ctest/call.hpp"
#include "ctest/entry_file.hpp"
#include "ctest/junit_file.hpp"
#include "ctest/script.hpp"
#include "ledger/ledger_files.hpp"
#include "plan/names.hpp"
#include "progress/adopt.hpp"
#include "progress/basis.hpp"
#include "progress/never_said.hpp"
#include "progress/store.hpp"
#include "run/blocked_by.hpp"
#include "run/ctest_load.hpp"
#include "run/drive.hpp"
#include "run/failed_of.hpp"
#include "run/generate.hpp"
#include "run/outcome.hpp"
#include "run/results.hpp"
#include "run/selection.hpp"
#include "run/suite_run.hpp"
#include "run/tell_run.hpp"
#include "run/voice.hpp"
#include "shard/shares.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <memory>
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

/// The request with what the environment asks for, too; the row that it names alone is not left out.
Result<RunRequest> with_included(RunRequest request, const Plan& plan) {
  TRY_ASSIGN(const auto asked, included_by([](const char* name) { return std::getenv(name); }, plan));
  request.included.insert(asked.begin(), asked.end());
  if (!request.only.empty()) {
    request.included = {request.only};
  }
  return request;
}

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

/// A second run would open the boxes that this one ticks, and write over what this one selected.
Result<FileLock> be_the_only_run(const Run& run) {
  const fs::path path = run.plan.common.places.state / "run.lock";
  TRY_ASSIGN(std::optional<FileLock> lock, FileLock::try_acquire(path));
  if (!lock) {
    return Error{ExitCode::setup,
                 fmt::format("another run of the matrix {} goes on in {}{}; expected it to end, or another "
                             "--build-dir",
                             run.plan.common.name, run.place.project.build_dir.string(),
                             FileLock::holder(path))};
  }
  return *std::move(lock);
}

Result<void> bring_up_to_date(const Run& run) {
  return run.request.start == RunStart::reset ? write_down(run, remark(run, RecordKind::reset))
                                              : take_in_results(run);
}

/// Leaves the cells of this machine's share, where the environment asks for one, as a load of the tests does.
Result<void> keep_share(const Run& run, Selection& selection) {
  const Variable variable = [](const char* name) { return std::getenv(name); };
  TRY_ASSIGN(const auto position, asked_share(variable));
  if (!position) {
    return {};
  }
  ReadLog unused;
  Plan plan = run.plan;
  TRY_ASSIGN(const Shares shares,
             make_shares(plan, share_request(position->count, variable), run.request.included, unused));
  TRY_ASSIGN(const Share share, take_share(plan, shares, *position));
  std::set<std::string> names;
  for (const Cell* cell : share.cells) {
    names.insert(cell->name);
  }
  std::erase_if(selection.cells, [&](const Cell* cell) { return !names.contains(cell->name); });
  return {};
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
  Elsewhere elsewhere;
  if (!run.request.failed_of.empty()) {
    TRY_ASSIGN(elsewhere, results_elsewhere(run.plan, run.request.failed_of));
    journal = elsewhere.records;
  }
  TRY_ASSIGN(Selection selection,
             select_cells(run.plan, run.request, run.selected, ticked_boxes(run.plan), stale, journal));
  TRY(keep_share(run, selection));
  selection.missing = std::move(elsewhere.failing);
  selection.remarks = std::move(elsewhere.remarks);
  return selection;
}

/// What the user leaves out on purpose is in the log, once for each run.
Result<void> log_skips(const Run& run) {
  for (const std::string& row : run.request.skip) {
    TRY(write_note(run, row, "", "skipped by request"));
  }
  return {};
}

std::unique_ptr<Voice> voice_of(const Run& run) {
  switch (run.place.audience) {
  case Audience::agent:
    return voice_for_agents(run);
  case Audience::machine:
    return voice_for_machines(run);
  case Audience::people:
    break;
  }
  return voice_for_people(run);
}

CtestCall call_of(const Run& run) {
  return {.build_dir = run.place.project.build_dir,
          .profile = run.plan.common.profile,
          .overrides = run.project.overrides,
          .include = join({run.request.included.begin(), run.request.included.end()}, ","),
          .selection = run.plan.common.places.state / "run.selection",
          .junit = run.plan.common.places.state / "run.junit.xml",
          .handed = run.request.handed,
          .jobs = run.request.jobs,
          .stop_on_failure = run.request.on_failure == OnFailure::stop};
}

CellsByTest by_test(const Run& run, std::span<const Cell* const> of) {
  CellsByTest cells;
  for (const Cell* cell : of) {
    cells.emplace(cell_test(run.plan.common.places, cell->name), cell);
  }
  return cells;
}

/// What kept cells from running, as lines.
std::string setup_problem(const CtestCall& call, const CellsByTest& cells, const std::string& output) {
  const auto text = read_regular_file(call.junit, k_max_result_bytes);
  const auto results = text ? parse_ctest_junit(*text) : Result<CtestRun>(text.error());
  return blocked_by(results ? results->results : std::vector<CtestResult>(), output,
                    [&](const std::string& test) { return cells.contains(test); });
}

/// The cells of these that nothing is known of yet.
std::vector<const Cell*> not_run_yet(std::span<const Cell* const> cells, Results& results) {
  std::vector<const Cell*> left;
  std::ranges::copy_if(cells, std::back_inserter(left),
                       [&](const Cell* cell) { return results.of(cell->name) == nullptr; });
  return left;
}

/// Whether a ctest that stopped is to go on with the cells that are left: all that failed is known to.
bool goes_on(const Run& run, std::span<const Cell* const> cells, std::span<const Cell* const> left,
             Results& results) {
  if (run.request.on_failure == OnFailure::go_on || left.empty() || left.size() == cells.size()) {
    return false;
  }
  return std::ranges::all_of(cells, [&](const Cell* cell) {
    const Record* const record = results.of(cell->name);
    return record == nullptr || earns_tick(record->verdict) || is_known_failure(run, *record);
  });
}

/// Drives ctest through the cells: again where it stopped at a failure that is known.
Result<Driven> drive_all(const Run& run, const CtestCall& call, const Selection& selection, Voice& voice,
                         Results& results, HeldServices& services) {
  std::vector<const Cell*> cells = selection.cells;
  while (true) {
    TRY_ASSIGN(Driven driven, drive(call, by_test(run, cells), voice, results, services, run.plan.common));
    if (!run.goes_past_known || driven.end.interrupted_by != 0) {
      return driven;
    }
    static_cast<void>(take_in_results(run)); // what only CTest knows is a failure, too
    std::vector<const Cell*> left = not_run_yet(cells, results);
    if (!goes_on(run, cells, left, results)) {
      return driven;
    }
    cells = std::move(left);
  }
}

/// Runs the cells and tells what became of them.
Result<ExitCode> run_cells(const Run& run, Voice& voice, const Selection& selection, JournalSlice& journal,
                           HeldServices& services) {
  const CtestCall call = call_of(run);
  Results results(run, selection, journal.end);
  const TimePoint begin = system_clock().now();
  TRY_ASSIGN(const Driven driven, drive_all(run, call, selection, voice, results, services));
  const auto taken = take_in_results(run);
  if (!taken) {
    voice.trouble(taken.error().message);
  }
  TRY(read_on(run.paths.journal, journal));
  const RunOutcome outcome = outcome_of(
      selection.cells, [&](const std::string& cell) { return results.of(cell); }, driven.end);
  const CellsByTest cells = by_test(run, selection.cells);
  tell_outcome(run, voice, outcome, results, journal.records,
               [&] { return setup_problem(call, cells, driven.output); });
  if (!outcome.interrupted) {
    for (const Record& record :
         kept_back(run.plan, selection.cells, journal.records, begin, system_clock().now())) {
      TRY(write_down(run, record));
    }
  }
  const ExitCode code = exit_code_of(outcome);
  return code == ExitCode::ok && !taken ? ExitCode::setup : code;
}

fs::path ledger_file(const RunRequest& request, const CommonPlan& common) {
  return request.baseline.empty() ? common.known : request.baseline;
}

/// What is known to fail. Nothing: there is no ledger.
Result<std::optional<KnownFailures>> known_failures(const RunRequest& request, const Plan& plan) {
  const fs::path file = ledger_file(request, plan.common);
  if (file.empty()) {
    return request.past_known ? Result<std::optional<KnownFailures>>(
                                    Error{ExitCode::usage, "--known: expected `known: FILE` in the matrix"})
                              : std::optional<KnownFailures>();
  }
  TRY_ASSIGN(Ledger ledger, request.baseline.empty() ? read_ledger_if_there(file, plan.common)
                                                     : read_ledger(file, plan.common));
  return std::optional(KnownFailures(std::move(ledger), plan, day_of(system_clock().now())));
}

} // namespace

Result<ExitCode> run_suite(const RunRequest& asked, const RunPlace& place) {
  TRY_ASSIGN(Chosen chosen, choose(asked, place.project));
  TRY_ASSIGN(const RunRequest request, with_included(asked, chosen.plan));
  TRY(check_rows(chosen.plan, request)); // before anything is written: a slip resets no box
  const StorePaths paths = store_paths(chosen.plan.common);
  TRY_ASSIGN(std::optional<KnownFailures> known, known_failures(request, chosen.plan));
  const fs::path ledger = ledger_file(request, chosen.plan.common);
  Run run{.request = request,
          .place = place,
          .plan = std::move(chosen.plan),
          .project = std::move(chosen.project),
          .selected = std::move(chosen.selected),
          .paths = paths,
          .ledger = ledger,
          .known = std::move(known),
          .goes_past_known = !request.baseline.empty() || request.past_known};
  TRY(prepare(run));
  TRY_ASSIGN(const FileLock only_run, be_the_only_run(run));
  TRY(adopt_journal(run.plan));
  TRY(bring_up_to_date(run));
  TRY_ASSIGN(JournalSlice journal, read_journal(run.paths.journal));
  run.journal = &journal;
  TRY_ASSIGN(const Selection selection, select(run, journal.records));
  TRY(log_skips(run));
  const std::unique_ptr<Voice> voice = voice_of(run);
  voice->begin(selection, journal.records);
  std::ranges::for_each(selection.remarks, [&](const std::string& remark) { voice->trouble(remark); });
  HeldServices services(run.plan.common);
  ExitCode code = ExitCode::ok;
  if (!selection.cells.empty()) {
    TRY_ASSIGN(code, run_cells(run, *voice, selection, journal, services));
  } else {
    sweep_up(run.plan.common); // ctest, whose first test does it otherwise, is not called
  }
  if (code == ExitCode::ok && !selection.missing.empty()) {
    code = ExitCode::setup; // not all that was asked for ran
  }
  return sum_up(run, *voice, selection, code, journal);
}

} // namespace ctest_matrix
