#include "cell/cell.hpp"

#include "artifact/artifact.hpp"
#include "base/files.hpp"
#include "base/git_head.hpp"
#include "base/input_text.hpp"
#include "base/text.hpp"
#include "cell/command.hpp"
#include "cell/dashboard.hpp"
#include "cell/expected_tests.hpp"
#include "cell/failure_report.hpp"
#include "cell/judge.hpp"
#include "cell/output.hpp"
#include "cell/reported_file.hpp"
#include "cell/services.hpp"
#include "ctest/caller.hpp"
#include "ctest/output_markup.hpp"
#include "plan/environment.hpp"
#include "plan/project.hpp"
#include "plan/verdict_line.hpp"
#include "process/leftovers.hpp"
#include "process/process.hpp"
#include "progress/basis.hpp"
#include "progress/journal.hpp"
#include "progress/plan_bridge.hpp"
#include "progress/store.hpp"
#include "runners/report_formats.hpp"
#include "runners/runner_output.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds k_clock_slack{2}; // by which clocks of one machine may differ
constexpr std::size_t k_journal_message = 4000;  // bytes

/// How long before CTest's own time-out the launcher stops a cell: time to end the tree and to write the
/// verdict.
Milliseconds deadline_of(const CellPlan& cell, Milliseconds grace) {
  const Milliseconds timeout(cell.timeout * 1000LL);
  const Milliseconds margin = std::min(grace + Milliseconds(2000), timeout / 2);
  return timeout - margin;
}

std::string git_commit(const fs::path& root) {
  if (auto head = git_head(root)) {
    return *head;
  }
  ProcessSpec spec;
  std::string output;
  spec.argv = {"git", "rev-parse", "HEAD"};
  spec.directory = root;
  spec.environment = *environment_with({}, lookup_in({}));
  spec.deadline = Milliseconds(5000);
  spec.on_output = [&](std::string_view chunk) { output += chunk; };
  const Outcome outcome = supervise(spec);
  const bool good = outcome.end == Outcome::End::exited && outcome.exit_code == 0;
  return good ? std::string(trim(output)) : "";
}

void replace_link(const fs::path& link, const fs::path& target) {
  if (link.empty()) {
    return;
  }
  std::error_code ignored;
  if (fs::is_symlink(link, ignored) || !fs::exists(link, ignored)) {
    fs::create_directories(link.parent_path(), ignored);
    // Cells in parallel replace it at once.
    const fs::path fresh = fmt::format("{}.{}", link.string(), getpid());
    std::error_code error;
    fs::remove(fresh, ignored);
    fs::create_symlink(target, fresh, ignored);
    fs::rename(fresh, link, error);
    if (error) {
      fs::remove(fresh, ignored);
    }
  }
}

enum class Purpose { record, narrow };

class CellRun {
public:
  CellRun(const SuitePlan& suite, const DocumentSource& document, const CellPlan& cell, Purpose purpose,
          std::string filter)
      : m_suite(suite), m_document(document), m_cell(cell), m_purpose(purpose), m_filter(std::move(filter)),
        m_id(new_record_id(system_clock())), m_tmp(run_directory(suite.places.state, m_id)),
        m_report(run_report(suite.places.state, m_id)) {}

  ExitCode run() {
    Evidence evidence;
    m_begin = system_clock().monotonic();
    evidence.setup_problem = run_guarded(evidence);
    m_detail = evidence.setup_problem.empty() ? evidence.service_problem : evidence.setup_problem;
    if (m_listing_problem.empty() && !missing_tests(m_cell, evidence).empty()) {
      list(evidence, ListingUse::anew); // it may have changed in a way that its content does not show
    }
    Judgement judgement = judge(m_cell, m_suite.report, m_suite.leaks, evidence);
    if (!m_listing_problem.empty()) {
      judgement.remarks.push_back(m_listing_problem);
    }
    m_facts.retries = judgement.retries;
    m_facts.service_starts = m_services ? m_services->start_times() : m_facts.service_starts;
    m_facts.log = m_log;
    Record record = make_record(judgement, system_clock().monotonic() - m_begin);
    clean();
    const std::string trouble = keep(record);
    print_report(judgement, record, trouble);
    return exit_code_of(record.verdict);
  }

private:
  /// Why the runner was not started, or nothing when it was.
  std::string run_guarded(Evidence& evidence) {
    std::optional<FileLock> serial;
    if (!m_suite.parallel) {
      auto lock = FileLock::acquire(checkout_lock(m_suite.places.root, "cells"), lock_patience());
      if (!lock) {
        return fmt::format("another run holds this checkout: {}", lock.error().message);
      }
      serial.emplace(std::move(*lock));
    }
    auto services =
        CellServices::claim(m_suite, m_cell, lock_patience() - (system_clock().monotonic() - m_begin));
    if (!services) {
      return services.error().message;
    }
    m_services.emplace(std::move(*services));
    sweep_leftovers(m_suite.places.state, leftover_patience(m_suite.grace));
    m_begin = system_clock().monotonic();
    fmt::print("{}", begin_line(m_cell.name));
    std::fflush(stdout);
    for (const std::string& artifact : m_cell.artifacts) {
      if (const std::string stale = stale_reason(m_suite, artifact); !stale.empty()) {
        return stale;
      }
    }
    list(evidence, ListingUse::remembered);
    if (evidence.process.end == Outcome::End::interrupted) {
      m_services->end();
      return "";
    }
    if (auto ready = m_services->begin(); !ready) {
      m_services->end();
      return ready.error().message;
    }
    m_values.insert(m_services->values().begin(), m_services->values().end());
    const std::string problem = start(evidence);
    if (m_released) {
      // Whether the services lasted as long as the runner can no longer be told.
      evidence.process.end = Outcome::End::interrupted;
    } else if (problem.empty()) {
      evidence.service_problem = m_services->problem();
    }
    m_services->end();
    return problem;
  }

  /// What the cell must report. One that cannot be had holds no cell back: it is said.
  void list(Evidence& evidence, ListingUse use) {
    if (!m_suite.listing || m_purpose == Purpose::narrow) {
      return;
    }
    const auto listing = list_tests(m_suite, m_cell, use);
    m_listing_problem = listing ? "" : listing.error().message;
    if (!listing && listing.error().code == ExitCode::interrupted) {
      evidence.process.end = Outcome::End::interrupted;
    }
    evidence.listed.clear();
    for (const ListedTest& test : listing ? in_own_file(m_suite, m_cell, listing->tests) : Listing()) {
      if (lies_below(test, m_cell.scope)) {
        evidence.listed.push_back(test.name);
      }
    }
  }

  std::string start(Evidence& evidence) {
    m_values.merge(values_of(m_suite, m_cell));
    m_values["report"] = m_report.string();
    m_values["tmp"] = m_tmp.string();
    m_values["filter"] = m_filter;
    const TextTemplate::Lookup lookup = lookup_in(m_values);
    const auto argv = render_command(full_command(m_suite, m_cell), lookup);
    const auto environment = environment_with(variables_of(m_suite, m_cell), lookup);
    if (!argv || !environment) {
      return (argv ? environment.error() : argv.error()).message;
    }
    auto mark = RunMark::set(m_suite.places.state, m_id);
    if (!mark) {
      return mark.error().message;
    }
    m_mark.emplace(std::move(*mark));
    std::error_code error;
    fs::create_directories(m_tmp, error);
    fs::create_directories(m_report.parent_path(), error);
    fs::remove_all(m_report, error);
    const char* ending = m_purpose == Purpose::narrow ? ".narrow.log" : ".log";
    auto output =
        CellOutput::open(m_suite.places.state / "logs" / (m_cell.name + ending), stdout, OutputLimits());
    if (!output) {
      return output.error().message;
    }
    m_log = output->path();
    replace_link(m_purpose == Purpose::narrow ? m_suite.log_narrow : m_suite.log_current, m_log);
    m_command = fmt::format("cd {} && {}", shell_quote(m_suite.directory.string()), shell_line(*argv));
    ProcessSpec spec;
    spec.argv = *argv;
    spec.directory = m_suite.directory;
    spec.environment = *environment;
    spec.marker = run_marker(m_id);
    spec.grace = m_suite.grace;
    spec.deadline = std::max(Milliseconds(1000),
                             deadline_of(m_cell, m_suite.grace) - (system_clock().monotonic() - m_begin));
    spec.on_output = [&](std::string_view chunk) { output->write(chunk); };
    // What ends with the cell ends at the same time as it, not one after the other.
    spec.on_interrupt = [&] {
      m_released = !m_cell.services.empty();
      m_services->end();
    };
    // By the clock of the file system that the report will be on.
    m_basis = BasisReader(m_suite).of(m_cell); // before the run: what is edited meanwhile was not tested
    m_log_begun = fs::last_write_time(m_log, error);
    m_started = system_clock().now();
    evidence.process = supervise(spec);
    output->finish();
    evidence.last_output = ellipsis(output->last_line(), 200);
    m_tail = output->last_lines(20);
    m_facts.runner_version = stated_version(output->beginning());
    m_last_test = last_test_named(output->last_lines(200), m_cell.scope);
    m_log_error = output->log_error();
    read_report(evidence);
    const fs::path own = fs::weakly_canonical(m_cell.file, error);
    evidence.is_own_file = [own, directory = m_suite.directory](const std::string& file) {
      std::error_code ignored;
      return fs::weakly_canonical(reported_file(directory, file), ignored) == own;
    };
    return "";
  }

  void read_report(Evidence& evidence) const {
    std::error_code error;
    const bool from_output =
        m_suite.report == ReportFormat::tap && !fs::exists(fs::symlink_status(m_report, error));
    const fs::path& path = from_output ? m_log : m_report;
    if (m_suite.report == ReportFormat::exit_code || !fs::exists(fs::symlink_status(path, error))) {
      return;
    }
    const auto text = read_regular_file(path, k_max_result_bytes);
    evidence.report = text ? parse_report(m_suite.report, *text) : Result<RunnerReport>(text.error());
    const auto written = fs::last_write_time(path, error);
    if (!error && written + k_clock_slack < m_log_begun) {
      evidence.stale_report = "the report was written before this run began";
    } else if (*evidence.report && (*evidence.report)->start &&
               *(*evidence.report)->start + k_clock_slack < m_started) {
      evidence.stale_report = fmt::format("the report is of a run that began at {}, before this one",
                                          format_timestamp(*(*evidence.report)->start));
    }
  }

  /// A bounded wait that leaves CTest's first clock (the cell's time-out) enough to be told the outcome.
  Milliseconds lock_patience() const {
    const Milliseconds timeout(m_cell.timeout * 1000LL);
    return timeout - std::min(Milliseconds(10'000), timeout / 2);
  }

  Record make_record(const Judgement& judgement, Milliseconds duration) const {
    Record record;
    record.id = m_id;
    record.cell = m_cell.name;
    record.row = m_cell.row;
    record.column = m_cell.column;
    record.profile = m_suite.profile;
    record.axes = m_cell.axes;
    record.finished = system_clock().now();
    record.duration = duration;
    record.verdict = judgement.verdict;
    record.brief = judgement.brief;
    record.flaky = judgement.flaky;
    record.leaked = judgement.leaked;
    record.restarted = m_services ? m_services->restarted() : std::vector<std::string>();
    record.services = m_services ? m_services->instances() : std::vector<std::string>();
    record.counts = judgement.counts;
    record.counted = m_suite.report != ReportFormat::exit_code;
    record.failures = judgement.failures;
    record.tests = judgement.tests;
    for (Failure& failure : record.failures) {
      failure.message = ellipsis(failure.message, k_journal_message);
      failure.file = failure.file.empty() ? "" : reported_file(m_suite.directory, failure.file).string();
    }
    record.commit = git_commit(m_suite.places.root);
    record.command = m_command;
    record.basis = m_basis;
    record.source = "cell";
    return record;
  }

  void clean() {
    std::error_code ignored;
    fs::remove_all(m_tmp, ignored);
    fs::remove(m_report, ignored);
    m_mark.reset();
  }

  /// Writes journal and progress file; returns what went wrong with that. A pass that nobody can look up
  /// later is not one.
  std::string keep(Record& record) const {
    std::string trouble = m_log_error;
    if (m_purpose == Purpose::record) {
      const auto whole = [&]() -> Result<WholePlan> {
        const auto document = m_document();
        return document ? WholePlan{document_spec(*document), column_plan(m_suite, *document)}
                        : Result<WholePlan>(document.error());
      };
      const auto applied =
          record_cell(store_paths(m_suite), record, record_place(m_suite, m_cell), whole, system_clock());
      trouble = applied ? trouble : applied.error().message;
    }
    if (!trouble.empty() && earns_tick(record.verdict)) {
      record.verdict = Verdict::setup;
      record.brief = trouble;
    }
    return trouble;
  }

  static ExitCode exit_code_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::pass:
      return ExitCode::ok;
    case Verdict::skip:
      return ExitCode::skipped;
    case Verdict::setup:
      return ExitCode::setup;
    case Verdict::interrupted:
      return ExitCode::interrupted;
    default:
      return ExitCode::failed;
    }
  }

  void print_report(const Judgement& judgement, const Record& record, const std::string& trouble) const {
    std::string text;
    for (const std::string& note : m_services ? m_services->notes() : std::vector<std::string>()) {
      text += fmt::format("note: {}\n", note);
    }
    for (const std::string& remark : judgement.remarks) {
      text += fmt::format("note: {}\n", remark);
    }
    if (!trouble.empty()) {
      text += fmt::format("error: {}\n", trouble);
    }
    if (!earns_tick(record.verdict)) {
      text += render_failure(failed_cell(record));
    }
    keep_report(record, text);
    // It quotes the runner, whose words must not be taken for ours.
    fmt::print("{}", Defuser().defuse(text));
    if (record.verdict == Verdict::skip) {
      fmt::print("{} {}\n", k_skip_marker, Defuser().defuse(record.brief));
    }
    if (m_purpose == Purpose::record && below_dashboard_ctest()) {
      fmt::print("{}", Defuser().defuse(dashboard_lines(record, m_facts)));
    }
    fmt::print("{}", k_full_output_line);
    VerdictLine line = verdict_line_of(record);
    line.record = m_purpose == Purpose::narrow ? "" : line.record;
    fmt::print("{}", format_verdict_line(line));
    std::fflush(stdout);
  }

  void keep_report(const Record& record, const std::string& text) const {
    if (m_purpose == Purpose::narrow) {
      return;
    }
    const fs::path path = failure_file(m_suite, m_cell.name);
    std::error_code ignored;
    fs::remove(path, ignored);
    if (!earns_tick(record.verdict)) {
      static_cast<void>(write_file_atomic(path, text)); // a full disk has been reported already
    }
  }

  FailedCell failed_cell(const Record& record) const {
    FailedCell failed{record, {}, "", m_log.string(), m_tail, "", m_detail, m_suite.next_steps};
    if (const auto journal = read_journal(store_paths(m_suite).journal)) {
      failed.others = other_columns(journal->records, record);
    }
    if (record.verdict == Verdict::timeout || record.verdict == Verdict::crash) {
      failed.last_test = m_last_test;
    }
    if (!record.failures.empty() && record.counts.failed > 0 && m_purpose == Purpose::record) {
      failed.narrowed = narrowed_command_line(m_suite, m_cell, record.failures.front().test).value_or("");
    }
    return failed;
  }

  const SuitePlan& m_suite;
  const DocumentSource& m_document;
  const CellPlan& m_cell;
  Purpose m_purpose;
  std::string m_filter;
  std::string m_id;
  fs::path m_tmp;
  fs::path m_report;
  std::optional<RunMark> m_mark;
  fs::path m_log;
  std::string m_log_error;
  std::string m_command;
  TickBasis m_basis;
  std::vector<std::string> m_tail;
  std::string m_last_test;
  std::string m_detail;
  DashboardFacts m_facts;
  std::string m_listing_problem;
  Values m_values;
  std::optional<CellServices> m_services;
  bool m_released = false; ///< the services were let go before the runner's end was known
  fs::file_time_type m_log_begun;
  TimePoint m_started{};
  Milliseconds m_begin{0}; ///< when nobody else's cell was in the way any more
};

} // namespace

Result<ExitCode> narrow_cell(const SuitePlan& suite, const CellPlan& cell, const std::string& test) {
  std::string wanted = test;
  if (wanted.empty()) {
    const auto journal = read_journal(store_paths(suite).journal);
    if (!journal) {
      return journal.error();
    }
    for (const Record& record : journal->records) {
      if (record.cell == cell.name && record.profile == suite.profile) {
        wanted = record.failures.empty() ? "" : record.failures.front().test;
      }
    }
  }
  if (wanted.empty()) {
    return Error{
        ExitCode::usage,
        fmt::format("no test of {} failed when it ran last; name one: narrow {} TEST", cell.name, cell.name)};
  }
  const auto filter = narrowed_filter(suite, cell, wanted);
  if (!filter) {
    return Error{
        ExitCode::usage,
        fmt::format("the matrix {} has no filter to narrow with; expected runner: narrow", suite.name)};
  }
  return CellRun(suite, DocumentSource(), cell, Purpose::narrow, *filter).run();
}

ExitCode run_cell(const SuitePlan& suite, const DocumentSource& document, const CellPlan& cell) {
  return CellRun(suite, document, cell, Purpose::record, cell.filter).run();
}

fs::path failure_file(const SuitePlan& suite, const std::string& cell) {
  return suite.places.state / "logs" / (cell + ".failure.txt");
}

Result<void> check_ready(const SuitePlan& suite) {
  sweep_leftovers(suite.places.state, leftover_patience(suite.grace));
  std::error_code ignored;
  if (!fs::is_directory(suite.directory, ignored)) {
    return Error{ExitCode::setup,
                 fmt::format("the runner's directory {} is not there", suite.directory.string())};
  }
  const fs::path probe = suite.places.state / "ready";
  if (auto written = write_file_atomic(probe, "ready\n"); !written) {
    return Error{ExitCode::setup, written.error().message};
  }
  return {};
}

} // namespace ctest_matrix
