#include "run/run.hpp"

#include "artifact/artifact.hpp"
#include "base/files.hpp"
#include "base/input_text.hpp"
#include "base/text.hpp"
#include "cell/tell.hpp"
#include "ctest/call.hpp"
#include "ctest/entry_file.hpp"
#include "ctest/junit_file.hpp"
#include "ctest/output_lines.hpp"
#include "plan/index.hpp"
#include "plan/names.hpp"
#include "process/child.hpp"
#include "progress/basis.hpp"
#include "progress/intake.hpp"
#include "progress/last_run.hpp"
#include "progress/log_line.hpp"
#include "progress/store.hpp"
#include "progress/summary.hpp"
#include "run/blocked_by.hpp"
#include "run/failure_probe.hpp"
#include "run/generate.hpp"
#include "run/selection.hpp"
#include "run/timeout_advice.hpp"
#include "service/service.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <thread>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds k_interrupt_patience{3}; // beyond the grace: for the record of a cell

void say(std::string_view text) {
  fmt::print("{}", text);
  std::fflush(stdout);
}

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

class Run {
public:
  Run(const RunRequest& request, const RunPlace& place, Chosen chosen)
      : m_request(request), m_place(place), m_plan(std::move(chosen.plan)),
        m_project(std::move(chosen.project)), m_selected(std::move(chosen.selected)),
        m_paths(store_paths(m_plan.common)), m_lines(),
        m_view(place.screen, 0, Forecast({}, {}), Milliseconds(0)) {}

  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  ~Run() {
    for (const Service* service : m_held) {
      static_cast<void>(service_down(m_plan.common, *service, ProcessIdentity::of(getpid()), Ending::linger));
    }
  }

  Result<ExitCode> run() {
    for (const auto step : {&Run::prepare, &Run::bring_up_to_date, &Run::select}) {
      TRY((this->*step)());
    }
    announce();
    ExitCode code = ExitCode::ok;
    if (!m_cells.empty()) {
      TRY_ASSIGN(auto end, drive());
      if (auto taken = take_in_results(); !taken) {
        say(fmt::format("error: {}\n", taken.error().message));
        code = ExitCode::setup;
      }
      const ExitCode verdict = judge(end);
      code = verdict == ExitCode::ok ? code : verdict;
    }
    TRY(sum_up());
    return code;
  }

private:
  /// The build directory has this matrix's tests.
  Result<void> prepare() {
    std::error_code error;
    const fs::path build_dir = fs::absolute(m_place.project.build_dir, error).lexically_normal();
    const bool of_a_project = fs::exists(m_plan.common.places.state / "load.cmake", error);
    if (const auto ours = check_entry_file(build_dir); !ours) {
      return of_a_project ? Result<void>() : ours;
    }
    return generate_build_dir(m_plan, m_place.program, build_dir, m_plan.common.places.matrix);
  }

  Result<void> bring_up_to_date() {
    if (m_request.start == RunStart::reset) {
      Record reset;
      reset.kind = RecordKind::reset;
      reset.id = new_record_id(system_clock());
      reset.profile = m_plan.common.profile;
      reset.finished = system_clock().now();
      const auto applied = record_and_apply(m_paths, reset, m_plan, system_clock());
      return applied ? Result<void>() : Result<void>(applied.error());
    }
    return take_in_results();
  }

  /// What CTest alone knows of its last run, and everything that the journal has.
  Result<void> take_in_results() const {
    auto taken = take_in_last_run(m_plan, m_project, std::chrono::seconds(30), UnknownLoad::take_as_current);
    if (taken) {
      taken = take_in(m_plan, {});
    }
    return taken ? Result<void>() : Result<void>(taken.error());
  }

  Result<void> select() {
    TRY_ASSIGN(const auto journal, read_journal(m_paths.journal));
    std::set<std::string> stale;
    if (m_request.stale) {
      for (const StaleTick& tick : tick_ages(m_plan, journal.records).stale) {
        stale.insert(tick.cell);
      }
    }
    TRY_ASSIGN(auto selection,
               select_cells(m_plan, m_request, m_selected, ticked_boxes(m_plan), stale, journal.records));
    m_cells = std::move(selection.cells);
    m_left_out = {selection.ticked, selection.skipped};
    m_journal_end = journal.end;
    std::map<std::string, Milliseconds> known;
    for (const Record& record : journal.records) {
      if (record.kind == RecordKind::cell && record.verdict == Verdict::pass) {
        known[record.cell] = record.duration;
      }
    }
    std::vector<std::string> names;
    for (const Cell* cell : m_cells) {
      names.push_back(cell->name);
      m_tests[cell_test(m_plan.common.places, cell->name)] = cell;
    }
    m_begin = system_clock().monotonic();
    m_view = LiveView(m_place.screen, names.size(), Forecast(names, known), m_begin);
    return log_skips();
  }

  /// What the user leaves out on purpose is in the log, once for each run.
  Result<void> log_skips() {
    std::vector<Record> notes;
    for (const std::string& row : m_request.skip) {
      notes.push_back(note(row, "", "skipped by request"));
    }
    return write_notes(notes);
  }

  Record note(const std::string& row, const std::string& column, const std::string& text) const {
    Record note;
    note.kind = RecordKind::note;
    note.id = new_record_id(system_clock());
    note.profile = m_plan.common.profile;
    note.finished = system_clock().now();
    note.row = row;
    note.column = column;
    note.brief = text;
    return note;
  }

  Result<void> write_notes(const std::vector<Record>& notes) {
    for (const Record& note : notes) {
      TRY(record_and_apply(m_paths, note, m_plan, system_clock()));
    }
    return {};
  }

  void announce() const {
    std::vector<std::string> left_out;
    if (m_left_out.ticked > 0) {
      left_out.push_back(fmt::format("{} ticked already", m_left_out.ticked));
    }
    if (m_left_out.skipped > 0) {
      left_out.push_back(fmt::format("{} skipped by request", m_left_out.skipped));
    }
    say(fmt::format("{}: {} to run{}\n", m_plan.common.name, plural(m_cells.size(), "cell"),
                    left_out.empty() ? "" : fmt::format(" ({})", join(left_out, ", "))));
  }

  fs::path run_file(std::string_view name) const { return m_plan.common.places.state / name; }

  Result<ChildEnd> drive() {
    std::string names;
    for (const auto& [test, cell] : m_tests) {
      names += test + "\n";
    }
    const fs::path selection = run_file("run.selection");
    TRY(write_file_atomic(selection, names));
    std::error_code ignored;
    fs::remove(run_file("run.junit.xml"), ignored);
    CtestCall call;
    call.build_dir = m_place.project.build_dir;
    call.profile = m_plan.common.profile;
    call.overrides = m_project.overrides;
    call.include = m_request.include_excluded ? "all" : m_request.only;
    call.selection = selection;
    call.junit = run_file("run.junit.xml");
    call.jobs = m_request.jobs;
    call.stop_on_failure = m_request.on_failure == OnFailure::stop;
    ChildSpec spec = child_of(call);
    spec.on_line = [this](std::string_view line) { on_line(line); };
    spec.on_tick = [this] { say(m_view.tick(now())); };
    auto end = run_child(spec);
    say(m_view.finish());
    if (end && end->interrupted_by != 0) {
      await_interrupted_cells();
    }
    return end;
  }

  static Milliseconds now() { return system_clock().monotonic(); }

  void on_line(std::string_view line) {
    m_ctest_output += fmt::format("{}\n", line);
    const auto event = m_lines.read(line);
    if (!event) {
      return;
    }
    const auto test = m_tests.find(event->test);
    if (event->kind == CtestEvent::Kind::started) {
      if (test != m_tests.end()) {
        m_running.insert(test->second->name);
        say(m_view.started(test->second->name, now()));
      }
      return;
    }
    if (test == m_tests.end()) {
      hold_service(event->test);
      say(m_view.remark(fmt::format("{}: {}", event->test, event->outcome), now()));
      return;
    }
    const std::string& cell = test->second->name;
    m_running.erase(cell);
    const Record* record = record_of(cell);
    say(m_view.ended(cell, record != nullptr ? outcome_text(*record) : "not run: " + event->outcome, now()));
  }

  /// Keeps a service that ctest has started until this run is over, so that a test can be narrowed on it.
  void hold_service(const std::string& test) {
    for (const Service& service : m_plan.common.services) {
      if (test == service_up_test(m_plan.common.name, service.name)) {
        if (service_hold(m_plan.common, service, ProcessIdentity::of(getpid()))) {
          m_held.push_back(&service);
        }
      }
    }
  }

  /// The newest record that this run has of a cell, or null.
  const Record* record_of(const std::string& cell) {
    if (const auto journal = read_journal(m_paths.journal, m_journal_end)) {
      m_journal_end = journal->end;
      for (const Record& record : journal->records) {
        if (record.kind == RecordKind::cell && record.profile == m_plan.common.profile) {
          m_records.insert_or_assign(record.cell, record);
        }
      }
    }
    const auto found = m_records.find(cell);
    return found == m_records.end() ? nullptr : &found->second;
  }

  /// The launchers notice the end of ctest and still write their records.
  void await_interrupted_cells() {
    const Milliseconds deadline = now() + m_plan.common.grace + k_interrupt_patience;
    const auto missing = [this](const std::string& cell) { return record_of(cell) == nullptr; };
    while (now() < deadline && std::ranges::any_of(m_running, missing)) {
      std::this_thread::sleep_for(Milliseconds(50));
    }
  }

  ExitCode judge(const ChildEnd& end) {
    std::vector<const Cell*> not_run;
    std::vector<const Record*> failed;
    bool setup = false;
    for (const Cell* cell : m_cells) {
      const Record* record = record_of(cell->name);
      if (record == nullptr) {
        not_run.push_back(cell);
      } else if (!earns_tick(record->verdict)) {
        failed.push_back(record);
        setup = setup || record->verdict == Verdict::setup;
      }
    }
    if (end.interrupted_by != 0) {
      say("interrupted; `ctest-matrix run` goes on here\n");
      return ExitCode::interrupted;
    }
    for (const Record* record : failed) {
      report(*record);
    }
    if (failed.empty() && (end.exit_code != 0 || !not_run.empty())) {
      say(fmt::format("\n{} did not run\n{}", plural(not_run.size(), "cell"), setup_problem()));
      return ExitCode::setup;
    }
    if (!failed.empty() && m_request.on_failure == OnFailure::stop) {
      probe_first(*failed.front());
      say(fmt::format("stopped at {}; mend it and say `ctest-matrix run` to go on there\n"
                      "(or --skip {} to leave it out, --keep-going to go past failures)\n",
                      failed.front()->cell, failed.front()->row));
    }
    const auto is_setup = [](const Record* record) { return record->verdict == Verdict::setup; };
    return failed.empty()                          ? ExitCode::ok
           : std::ranges::all_of(failed, is_setup) ? ExitCode::setup
                                                   : ExitCode::failed;
  }

  void report(const Record& record) const {
    const auto text = read_file(failure_file(m_plan.common, record.cell));
    say(fmt::format("\n--- {} [{}] ---\n{}\n", record.row, record.column,
                    text ? std::string(trim(*text)) : outcome_text(record)));
  }

  std::string setup_problem() const {
    const auto text = read_regular_file(run_file("run.junit.xml"), k_max_result_bytes);
    const auto results = text ? parse_ctest_junit(*text) : Result<CtestRun>(text.error());
    return blocked_by(results ? results->results : std::vector<CtestResult>(), m_ctest_output,
                      [this](auto& test) { return m_tests.contains(test); });
  }

  void probe_first(const Record& record) {
    const auto journal = read_journal(m_paths.journal);
    const auto index = store_plan(m_plan);
    if (!journal || !index || !m_plan.common.narrow) {
      return;
    }
    const Narrow narrow = [&](const Cell& cell, const std::string& test) {
      return narrow_alone(cell, test, *index);
    };
    BasisReader reader(m_plan.common);
    std::vector<Record> current; // what ran before an edit says nothing about the test as it is now
    for (const Record& known : journal->records) {
      const Cell* cell = find_cell(m_plan, known.cell);
      if (cell != nullptr && cell->row.name == record.row && is_current(known, *cell, reader)) {
        current.push_back(known);
      }
    }
    const auto results = probe(m_plan, record, current, narrow);
    if (results.empty()) {
      return;
    }
    const std::string& test = record.failures.front().test;
    say("\n" + render_probe(test, results));
    std::vector<Record> notes;
    for (const ProbeResult& result : results) {
      if (result.evidence == ProbeResult::Evidence::probe) {
        notes.push_back(note(record.row, result.column, fmt::format("'{}' {}", test, result.outcome)));
      }
    }
    if (auto written = write_notes(notes); !written) {
      say(fmt::format("error: {}\n", written.error().message));
    }
  }

  /// A column that the user left out is not probed: its artifacts may not even be there.
  Result<ExitCode> narrow_alone(const Cell& cell, const std::string& test, const fs::path& index) {
    if (!matches(m_selected, cell.axes)) {
      return Error{ExitCode::setup, "it was left out of this run"};
    }
    for (const std::string& name : cell.artifacts) {
      if (const auto built = build_artifact(m_plan.common, name); !built) {
        return Error{ExitCode::setup, split_lines(built.error().message).front()};
      }
    }
    say(m_place.screen.moving ? fmt::format("\r\x1b[Kprobing {}", cell.name) : "");
    ChildSpec spec;
    spec.argv = {m_place.program.string(), "narrow", cell.name, test, "--index", index.string()};
    spec.environment = environment_for_ctest();
    spec.on_line = [](std::string_view) {};
    spec.on_tick = [] {};
    const auto end = run_child(spec);
    say(m_view.finish());
    if (!end) {
      return end.error();
    }
    const bool known = end->exit_code >= 0 && end->interrupted_by == 0;
    return known ? Result<ExitCode>(static_cast<ExitCode>(end->exit_code))
                 : Result<ExitCode>(Error{ExitCode::interrupted, "it was interrupted"});
  }

  Result<void> sum_up() {
    const auto journal = read_journal(m_paths.journal);
    const auto text = read_file(m_plan.common.progress);
    if (!journal || !text) {
      return journal ? text.error() : journal.error();
    }
    const ProgressSummary summary = summarise(Document::parse(*text), journal->records, m_plan);
    say("\n" + render_summary(summary));
    const TickAges ages = tick_ages(m_plan, journal->records);
    say(render_ages(ages));
    if (!ages.stale.empty()) {
      say("  `ctest-matrix run --stale` runs these again\n");
    }
    for (const std::string& advice : timeout_advice(m_plan, journal->records)) {
      say(advice + "\n");
    }
    if (summary.complete) {
      say("ALL TESTS COMPLETE\n");
    }
    return {};
  }

  struct LeftOut {
    int ticked = 0;
    int skipped = 0;
  };

  const RunRequest& m_request;
  const RunPlace& m_place;
  Plan m_plan;
  ProjectOptions m_project; ///< with the request's axes as overrides
  Assignment m_selected;
  StorePaths m_paths;
  std::vector<const Cell*> m_cells;
  LeftOut m_left_out;
  std::map<std::string, const Cell*> m_tests; ///< by CTest's name
  std::map<std::string, Record> m_records;    ///< of this run, by cell
  std::set<std::string> m_running;
  std::vector<const Service*> m_held;
  std::uint64_t m_journal_end = 0;
  CtestLines m_lines;
  std::string m_ctest_output;
  Milliseconds m_begin{0};
  LiveView m_view;
};

} // namespace

Result<ExitCode> run_suite(const RunRequest& request, const RunPlace& place) {
  TRY_ASSIGN(auto chosen, choose(request, place.project));
  return Run(request, place, std::move(chosen)).run();
}

} // namespace ctest_matrix
