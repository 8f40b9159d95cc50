#include "cell/run_runner.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "cell/command.hpp"
#include "cell/file_proof.hpp"
#include "cell/output.hpp"
#include "cell/own_reports.hpp"
#include "cell/reported_file.hpp"
#include "cell/rspec_options.hpp"
#include "progress/begun.hpp"
#include "runners/dialects.hpp"
#include "runners/flag_reach.hpp"
#include "runners/focus.hpp"
#include "runners/pytest_source.hpp"
#include "runners/rspec_source.hpp"
#include "runners/runner_flags.hpp"
#include "runners/runner_output.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_dry_run =
    "RSpec ran no example, but told of each as passed (--dry-run, in its command or in .rspec)";
constexpr std::string_view k_rerun_failures =
    "node told again what passed in an earlier run, and ran only the rest (--test-rerun-failures)";

/// How long before CTest's own time-out the launcher stops a cell: time to end the tree and to write the
/// verdict.
Milliseconds deadline_of(const Cell& cell, Milliseconds grace) {
  const Milliseconds timeout(cell.timeout * 1000LL);
  const Milliseconds margin = std::min(grace + Milliseconds(2000), timeout / 2);
  return timeout - margin;
}

/// How long a runner is let end by itself at the deadline: all of the grace where the time-out is long enough
/// for that, else what leaves time to say the verdict.
Milliseconds grace_within(const Cell& cell, Milliseconds grace) {
  const Milliseconds left = Milliseconds(cell.timeout * 1000LL) - deadline_of(cell, grace);
  return std::min(grace, std::max(left - Milliseconds(2000), left / 2));
}

/// Why the link could not be made; empty: it was, or is not asked for.
std::string replace_link(const fs::path& link, const fs::path& target) {
  if (link.empty()) {
    return "";
  }
  std::error_code error;
  std::error_code ignored;
  const fs::file_status there = fs::symlink_status(link, ignored);
  if (fs::exists(there) && !fs::is_symlink(there)) {
    return "something that is no link is there";
  }
  fs::create_directories(link.parent_path(), error);
  // Cells in parallel replace it at once.
  const fs::path fresh = fmt::format("{}.{}", link.string(), getpid());
  fs::remove(fresh, ignored);
  if (!error) {
    fs::create_symlink(target, fresh, error);
  }
  if (!error) {
    fs::rename(fresh, link, error);
  }
  if (error) {
    fs::remove(fresh, ignored);
  }
  return error ? error.message() : "";
}

fs::path report_of(const CellTask& task) {
  return run_report(task.common.places.state, task.id);
}

fs::path directory_of(const CellTask& task) {
  return run_directory(task.common.places.state, task.id);
}

Values values_of_run(const CellTask& task, const Values& of_services) {
  Values values = of_services;
  values.merge(values_of(task.common, task.cell));
  values["report"] = report_of(task).string();
  values["tmp"] = directory_of(task).string();
  values["filter"] = task.filter;
  return values;
}

/// Whether a directory lies in a module of Go's.
bool is_gos(const fs::path& root, fs::path directory) {
  std::error_code ignored;
  for (; directory.string().starts_with(root.string()); directory = directory.parent_path()) {
    if (fs::exists(directory / "go.mod", ignored)) {
      return true;
    }
    if (directory == root) {
      break;
    }
  }
  return false;
}

/// The cell's command. A filter for every test of the file, which some runners take once only, gives way to
/// the one that stands behind `--`.
std::vector<TextTemplate> command_to_hand_to(const CellTask& task) {
  std::vector<TextTemplate> command = full_command(task.common, task.cell);
  const std::vector<std::string>& handed = task.handed.arguments;
  for (std::size_t i = 0; i + 1 < command.size(); ++i) {
    const bool is_said_again = std::ranges::find(handed, command[i].source()) != handed.end();
    if (is_said_again && command[i + 1].source() == "{filter}" && task.filter == ".*") {
      const auto flag = command.begin() + static_cast<std::ptrdiff_t>(i);
      command.erase(flag, flag + 2);
      break;
    }
  }
  return command;
}

/// The process of the runner, but for what becomes of its output. Errors: a placeholder without a value.
Result<ProcessSpec> spec_of(const CellTask& task, const Values& values, RunnerRun& run) {
  const TextTemplate::Lookup lookup = lookup_in(values);
  ProcessSpec spec;
  TRY_ASSIGN(run.argv, render_command(command_to_hand_to(task), lookup));
  run.argv.insert(run.argv.end(), task.handed.arguments.begin(), task.handed.arguments.end());
  TRY_ASSIGN(const auto wrap, render_command(wrap_of(task.common, task.cell), lookup));
  spec.argv = task.handed.wrap;
  spec.argv.insert(spec.argv.end(), wrap.begin(), wrap.end());
  run.wrap = spec.argv;
  spec.argv.insert(spec.argv.end(), run.argv.begin(), run.argv.end());
  TRY_ASSIGN(spec.environment,
             runner_environment(variables_of(task.common, task.cell), lookup, run.argv, run.left_out));
  spec.directory = runner_directory(task.common, task.cell);
  if (is_gos(task.common.places.root, spec.directory) ||
      may_run_go(run.argv, script_text(spec.directory, run.argv))) {
    forbid_gos_cache(spec.environment);
  }
  spec.marker = run_marker(task.id);
  spec.grace = grace_within(task.cell, task.common.grace);
  return spec;
}

/// Another program in the runner's place.
ProcessSpec beside(const ProcessSpec& spec, std::vector<std::string> argv) {
  ProcessSpec other;
  other.argv = std::move(argv);
  other.environment = spec.environment;
  other.directory = spec.directory;
  other.marker = spec.marker;
  other.grace = spec.grace;
  other.deadline = spec.deadline;
  return other;
}

/// Error: what runs the runner would hide how that ended. It is found out with another program in its place.
Result<void> try_wrap(const ProcessSpec& spec, const std::vector<std::string>& wrap) {
  constexpr int k_status = 43;
  ProcessSpec trial = beside(spec, wrap);
  trial.argv.insert(trial.argv.end(), {"/bin/sh", "-c", fmt::format("exit {}", k_status)});
  std::string output;
  trial.on_output = [&](std::string_view chunk) { output += output.size() < 4096 ? chunk : ""; };
  const Outcome outcome = supervise(trial);
  if (outcome.end == Outcome::End::exited && outcome.exit_code == k_status) {
    return {};
  }
  const std::vector<std::string> said = last_lines(output, 1);
  return Error{
      ExitCode::setup,
      fmt::format("the wrapper `{}` does not pass on how its program ends, so that a failure could be "
                  "taken for a pass: of `exit {}` it made {}{}",
                  shell_line(wrap), k_status,
                  outcome.end == Outcome::End::exited ? fmt::format("exit status {}", outcome.exit_code)
                  : outcome.error.empty()             ? "no exit status"
                                                      : outcome.error,
                  said.empty() ? "" : fmt::format(" ({})", ellipsis(said.front(), 120)))};
}

Result<CellOutput> open_log(const CellTask& task, RunnerRun& run) {
  const bool narrow = task.purpose == Purpose::narrow;
  TRY_ASSIGN(CellOutput output, CellOutput::open(task.common.places.state / "logs" /
                                                     (task.cell.name + (narrow ? ".narrow.log" : ".log")),
                                                 stdout, OutputLimits()));
  const fs::path& link = narrow ? task.common.log_narrow : task.common.log_current;
  if (const std::string why = replace_link(link, output.path()); !why.empty()) {
    run.link_problem = fmt::format("`logs: {}` could not be made, {} does not show this cell's log: {}",
                                   narrow ? "narrow" : "current", link.string(), why);
  }
  return output;
}

/// An empty place for what the runner writes.
void make_run_files(const CellTask& task) {
  std::error_code ignored;
  fs::create_directories(directory_of(task), ignored);
  fs::create_directories(report_of(task).parent_path(), ignored);
  fs::remove_all(report_of(task), ignored);
}

void read_output(const CellTask& task, const CellOutput& output, RunnerRun& run) {
  const std::vector<std::string> end = output.last_lines(200);
  run.last_output = end.empty() ? "" : ellipsis(end.back(), 200);
  run.last_lines = lines_to_show(end, 20);
  run.runner_version = stated_version(output.beginning());
  run.last_test = last_test_named(end, task.cell.scope);
  run.running = running_test(output.last_lines(2000)); // it may have said much before it ended the runner
  run.telling_line = telling_line(end);
  run.errors = errors_stated(end);
  run.deselected = deselected_stated(output.last_lines(20));
  run.pytest_warnings = pytest_warnings(end);
  if (const std::string_view cache = told_from_cache(end); !cache.empty()) {
    run.told_again = cache;
  }
  run.log_error = output.log_error();
}

/// Why a command will report what it does not run; empty: nothing says so.
std::string_view why_told_again(const ProcessSpec& spec, const std::vector<std::string>& argv) {
  std::error_code ignored;
  const std::string earlier = file_of_earlier_results(argv);
  if (!earlier.empty() && fs::exists(fs::path(spec.directory) / earlier, ignored)) {
    return k_rerun_failures;
  }
  const bool dry =
      is_rspec(argv, "") && is_rspec_dry_run(join(argv, " ") + "\n" + rspec_options(spec.directory));
  return dry ? k_dry_run : "";
}

/// Whether the test file has a `.only` that the command's Node passes over: it is asked for its version.
bool passes_over_only(const CellTask& task, const ProcessSpec& spec, const std::vector<std::string>& argv) {
  const auto source = read_file(task.cell.file);
  if (!source || !node_hears_only(argv, script_text(spec.directory, argv), *source) ||
      node_focused_line(*source) == 0) {
    return false;
  }
  ProcessSpec question = beside(spec, {node_program(argv), "--version"});
  std::string version;
  question.on_output = [&](std::string_view chunk) { version += version.size() < 100 ? chunk : ""; };
  const Outcome outcome = supervise(question);
  return outcome.end == Outcome::End::exited && outcome.exit_code == 0 && node_passes_over_only(version);
}

/// Error: why the runner was not started.
Result<void> start(const CellTask& task, Preparation& prepared, RunnerRun& run) {
  TRY_ASSIGN(ProcessSpec spec, spec_of(task, values_of_run(task, prepared.services->values()), run));
  TRY_ASSIGN(RunMark mark, RunMark::set(task.common.places.state, task.id));
  run.mark.emplace(std::move(mark));
  make_run_files(task);
  run.told_again = why_told_again(spec, run.argv);
  TRY_ASSIGN(CellOutput output, open_log(task, run));
  run.log = output.path();
  run.command = line_to_paste(spec.directory, spec.argv);
  spec.deadline = std::max(Milliseconds(1000), deadline_of(task.cell, task.common.grace) -
                                                   (system_clock().monotonic() - prepared.begin));
  if (!run.wrap.empty()) {
    TRY(try_wrap(spec, run.wrap));
  }
  run.passes_over_only = passes_over_only(task, spec, run.argv);
  spec.on_output = [&](std::string_view chunk) { output.write(chunk); };
  bool let_go = false;
  // What ends with the cell ends at the same time as it, not one after the other.
  spec.on_interrupt = [&] {
    let_go = !task.cell.variant->services.empty();
    prepared.services->end();
  };
  run.basis =
      BasisReader(task.common).of(task.cell); // before the run: what is edited meanwhile was not tested
  std::error_code ignored;
  const RunBegin begin{.by_files = fs::last_write_time(run.log, ignored), .by_clock = system_clock().now()};
  const Abandonment abandonment(task.common, task.cell, task.id, spec.deadline);
  if (task.purpose == Purpose::record && task.handed.arguments.empty()) {
    spec.on_abandoned = [&](Milliseconds lived) { return abandonment.noter(lived, system_clock()); };
    note_begin(task.common, task.cell, task.id, system_clock());
  }
  const OwnReports own(spec.directory, task.cell.report_files);
  run.process = supervise(spec);
  output.finish();
  read_output(task, output, run);
  const ReportFormat format = report_format(task.common, task.cell);
  run.report = task.cell.report_files.empty()
                   ? read_runner_report(format, report_of(task), run.log, begin, task.common.counts)
                   : own.read(format, begin, task.common.counts);
  if (let_go) {
    // Whether the services lasted as long as the runner can no longer be told.
    run.process.end = Outcome::End::interrupted;
  } else {
    run.service_problem = prepared.services->problem();
  }
  return {};
}

/// What a pass does not prove, for the matrix does not ask for it.
std::vector<std::string> unproven_of(const CellTask& task) {
  std::vector<std::string> remarks;
  if (task.cell.file.empty() && task.cell.scope.empty() &&
      report_format(task.common, task.cell) != ReportFormat::exit_code) {
    remarks.emplace_back("proves no file and no scope: what ran is what the command selects");
  }
  if (task.common.counts == CountCheck::none) {
    remarks.emplace_back("proves what the report lists: its own counts are not looked at (counts: listed)");
  }
  return remarks;
}

/// What of the test file may not have run, although nothing in the report says so.
std::vector<std::string> left_out_of(std::string_view source, const CellTask& task, const RunnerRun& run,
                                     const Evidence& evidence) {
  const RunnerReport* const report = evidence.report && *evidence.report ? &**evidence.report : nullptr;
  std::vector<std::string> remarks = unproven_of(task);
  if (report != nullptr && !report->unread_time.empty()) {
    remarks.push_back(
        fmt::format("the report's time stamp '{}' cannot be read: that it is of this run, the time "
                    "of its file alone says",
                    ellipsis(printable(report->unread_time), 40)));
  }
  if (report != nullptr && report->writer == k_pytest) {
    constexpr std::size_t k_most = 5;
    for (std::size_t i = 0; i < std::min(k_most, run.pytest_warnings.size()); ++i) {
      remarks.push_back("pytest only warns: " + ellipsis(printable(run.pytest_warnings[i]), 300));
    }
  }
  if (report != nullptr && report->writer == k_pytest && !selects_for_pytest(run.argv)) {
    if (run.deselected > 0) {
      remarks.push_back(fmt::format(
          "{} of the file left out by pytest's configuration or its hooks, not by the command (deselected)",
          plural(static_cast<std::size_t>(run.deselected), "test")));
    }
    for (std::string& remark : left_out_by_pytest(source, *report)) {
      remarks.push_back(std::move(remark));
    }
  }
  if (is_rspec(run.argv, report == nullptr ? "" : report->writer)) {
    const auto selected = rspec_selection(rspec_options(runner_directory(task.common, task.cell)));
    if (!selected.empty()) {
      remarks.push_back(fmt::format("`.rspec` selects examples, and what it leaves out is not reported: {}",
                                    join(selected, " ")));
    }
  }
  if (const int line = hidden_exit_line(run.argv, source); line > 0) {
    remarks.push_back(
        fmt::format("{}:{} calls process.exit: what would run after it is not missed by `node --test` (leave "
                    "--test out of the command, and it is)",
                    task.cell.file.filename().string(), line));
  }
  return remarks;
}

/// What there is to know of the test file beside what the report says.
void look_at_file(const CellTask& task, const RunnerRun& run, Evidence& evidence) {
  const std::vector<std::string>& argv = run.argv;
  const std::string_view writer =
      evidence.report && *evidence.report ? (*evidence.report)->writer : std::string_view();
  evidence.file_proof = file_proof_of(argv, runner_directory(task.common, task.cell), task.cell.file, writer);
  if (task.common.proves == Proves::scope && evidence.file_proof == FileProof::none) {
    evidence.file_proof = FileProof::not_asked;
  }
  const auto source = read_file(task.cell.file);
  evidence.left_out = left_out_of(source ? *source : "", task, run, evidence);
  const std::string script = script_text(runner_directory(task.common, task.cell), argv);
  const bool hears = source && !run.passes_over_only && node_hears_only(argv, script, *source);
  const bool by_node = source && (node_runs_only(argv, script) || hears);
  const bool by_rspec = source && is_rspec(argv, writer);
  const auto unfocused = by_node || by_rspec ? std::optional(Unfocused::left_out)
                         : source            ? what_only_leaves(writer, *source)
                                             : std::nullopt;
  if (unfocused && !forbids_only(argv, script)) {
    const int line = by_node    ? node_focused_line(*source)
                     : by_rspec ? rspec_focused_line(*source)
                                : focused_line(*source);
    evidence.focused = line == 0 ? "" : fmt::format("{}:{}", task.cell.file.filename().string(), line);
    evidence.unfocused = *unfocused;
  }
}

} // namespace

RunnerRun run_runner(const CellTask& task, Preparation& prepared) {
  RunnerRun run;
  if (prepared.may_start()) {
    if (auto started = start(task, prepared, run); !started) {
      run.problem = started.error().message;
    }
    prepared.services->end();
  }
  return run;
}

void remove_run_files(const CellTask& task, RunnerRun& run) {
  std::error_code ignored;
  fs::remove_all(directory_of(task), ignored);
  fs::remove(report_of(task), ignored);
  run.mark.reset();
}

Evidence evidence_of(const CellTask& task, const Preparation& prepared, RunnerRun& run) {
  Evidence evidence{.process = run.process,
                    .report = std::exchange(run.report.content, std::nullopt),
                    .stale_report = run.told_again.empty() ? run.report.stale : run.told_again,
                    .setup_problem = prepared.problem.empty() ? run.problem : prepared.problem,
                    .service_problem = run.service_problem,
                    .listed = {},
                    .last_output = run.last_output,
                    .telling_line = run.telling_line,
                    .file_proof = FileProof::none,
                    .focused = {},
                    .unfocused = {},
                    .left_out = {},
                    .errors = run.errors,
                    .is_own_file = own_file_of(task.common, task.cell)};
  expect(prepared.expected, evidence);
  look_at_file(task, run, evidence);
  return evidence;
}

void expect(const ExpectedTests& expected, Evidence& evidence) {
  evidence.listed = expected.names;
  if (expected.interrupted) {
    evidence.process.end = Outcome::End::interrupted;
  }
}

} // namespace ctest_matrix
