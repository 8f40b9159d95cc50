#include "cell/judge.hpp"

#include "base/text.hpp"
#include "cell/failure_line.hpp"
#include "cell/own_tests.hpp"
#include "cell/skipped_tests.hpp"
#include "plan/unreported.hpp"
#include "runners/dialects.hpp"
#include "runners/scope_titles.hpp"
#include "runners/titles.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_brief_limit = 200; // bytes of a line in the progress log

/// The first line that is not blank, shortened.
std::string first_line(std::string_view text) {
  for (const std::string& line : split_lines(text)) {
    if (!trim(line).empty()) {
      return ellipsis(trim(line), k_brief_limit);
    }
  }
  return "";
}

std::string processes(const std::vector<ProcessInfo>& all) {
  std::vector<std::string> commands;
  for (const ProcessInfo& process : all) {
    commands.push_back(fmt::format("{} ({})", ellipsis(process.command, 120), process.pid));
  }
  return join(commands, ", ");
}

class Judge {
public:
  Judge(const BoundCell& cell, ReportFormat format, LeakPolicy leaks, const Evidence& evidence)
      : m_cell(cell), m_format(format), m_leaks(leaks), m_evidence(evidence) {}

  Judgement run() {
    read_report();
    m_result.leaked = static_cast<int>(m_evidence.process.leaked.size());
    decide();
    return std::move(m_result);
  }

private:
  bool conclude(Verdict verdict, std::string brief) {
    m_result.verdict = verdict;
    m_result.brief = std::move(brief);
    return true;
  }

  const RunnerReport* report() const {
    return m_evidence.report && *m_evidence.report ? &**m_evidence.report : nullptr;
  }

  void read_report() {
    if (report() == nullptr) {
      return;
    }
    for (const TestCase& test : report()->tests) {
      if (stands_for_file(test)) {
        read_file_test(test);
        continue;
      }
      if (!in_scope(m_cell, m_evidence, test)) {
        if (ran(test)) {
          m_foreign.push_back(&test);
        }
        continue;
      }
      const std::string title = title_below(test, m_cell.scope);
      switch (test.status) {
      case TestStatus::passed:
        m_result.tests.push_back({title, TestOutcome::Kind::passed});
        ++m_result.counts.passed;
        m_result.flaky |= test.retries > 0;
        m_result.retries += test.retries;
        note_retries(test, title);
        break;
      case TestStatus::failed:
        m_result.tests.push_back({title, TestOutcome::Kind::failed});
        ++m_result.counts.failed;
        m_result.failures.push_back({title, test.messages.empty() ? "" : join(test.messages, "\n"),
                                     test.source_file, test.source_line});
        break;
      case TestStatus::skipped:
      case TestStatus::todo:
        m_result.tests.push_back({title, TestOutcome::Kind::skipped});
        ++m_result.counts.skipped;
        m_skipped.push_back({title, test.skip_reason});
        break;
      }
    }
    for (const FileFailure& failure : report()->file_failures) {
      const std::string what = !failure.title.empty() ? failure.title
                               : failure.file.empty() ? "the whole run"
                                                      : name_of_file(failure.file);
      const bool is_unsaid = failure.message == k_failed_outside && !m_evidence.telling_line.empty();
      m_result.failures.push_back(
          {what,
           is_unsaid ? fmt::format("{}: {}", failure.message, m_evidence.telling_line) : failure.message,
           failure.source_file, failure.source_line});
    }
  }

  /// A test file that failed as a whole, by a name that is the same in every checkout.
  std::string name_of_file(const std::string& file) const {
    return file.starts_with('/') && !m_cell.file.empty() && m_evidence.is_own_file(file)
               ? m_cell.file.filename().string()
               : file;
  }

  /// Node's runner makes a test of a file that reported none of its own, be it because it has none or because
  /// it ended too early, and of one that failed outside of its tests: it says how the process ended.
  bool stands_for_file(const TestCase& test) const {
    return test.titles.size() == 1 && test.separator.empty() && !m_cell.file.empty() &&
           test.titles.front().ends_with(m_cell.file.filename().string()) &&
           m_evidence.is_own_file(test.titles.front());
  }

  void read_file_test(const TestCase& test) {
    m_file_ended = true;
    if (test.status == TestStatus::failed) {
      m_result.failures.push_back(
          {name_of_file(test.titles.front()), join(test.messages, "\n"), test.source_file, test.source_line});
    }
  }

  void note_retries(const TestCase& test, const std::string& title) {
    constexpr std::size_t k_most = 10;
    if (test.retries > 0 && m_result.remarks.size() < k_most) {
      m_result.remarks.push_back(
          fmt::format("flaky: {} passed on attempt {}", ellipsis(title, k_brief_limit), test.retries + 1));
    }
  }

  void decide() {
    not_run() || stopped() || infrastructure() || unreadable() || foreign() || failed() || nothing_ran() ||
        exit_status() || incomplete() || contradicted() || left_behind() || unproven() || passed();
  }

  bool not_run() {
    if (!m_evidence.setup_problem.empty()) {
      return conclude(Verdict::setup, first_line(m_evidence.setup_problem));
    }
    if (m_evidence.process.end == Outcome::End::not_started) {
      return conclude(Verdict::setup, first_line(m_evidence.process.error));
    }
    return false;
  }

  bool stopped() {
    const Outcome& process = m_evidence.process;
    if (process.end == Outcome::End::interrupted) {
      return conclude(Verdict::interrupted,
                      process.interrupted_by == 0
                          ? "stopped"
                          : fmt::format("stopped by signal {}", process.interrupted_by));
    }
    if (process.end == Outcome::End::deadline) {
      const std::string done =
          m_result.counts.ran() > 0 && m_result.counts.failed == 0
              ? fmt::format("all {} tests were reported, but the runner did not exit", m_result.counts.ran())
              : fmt::format("the runner did not end within {}", format_duration(process.duration));
      return conclude(Verdict::timeout,
                      fmt::format("{}; running: {}", done,
                                  process.running.empty() ? "nothing" : processes(process.running)));
    }
    return false;
  }

  bool infrastructure() {
    const Outcome& process = m_evidence.process;
    if (!m_evidence.service_problem.empty()) {
      return conclude(Verdict::setup, first_line(m_evidence.service_problem));
    }
    if (process.end == Outcome::End::signalled) {
      return conclude(Verdict::crash, process.error.empty()
                                          ? fmt::format("the runner was ended by signal {} ({}){}",
                                                        process.signal, strsignal(process.signal),
                                                        m_evidence.telling_line.empty() ? "" : output_hint())
                                          : first_line(process.error));
    }
    return false;
  }

  /// What the output says of the reason.
  std::string output_hint() const {
    return m_evidence.telling_line.empty()
               ? ""
               : fmt::format("; it says: {}", ellipsis(m_evidence.telling_line, k_brief_limit));
  }

  std::string exit_phrase() const {
    return fmt::format("the runner exited {}", m_evidence.process.exit_code);
  }

  bool unreadable() {
    if (m_format == ReportFormat::exit_code) {
      return old_results();
    }
    const std::string hint = output_hint();
    if (!m_evidence.report) {
      return conclude(Verdict::bad_report,
                      ellipsis(fmt::format("{} and wrote no report{}", exit_phrase(), hint), k_brief_limit));
    }
    if (!*m_evidence.report) {
      return conclude(Verdict::bad_report,
                      ellipsis(first_line(m_evidence.report->error().message) + hint, k_brief_limit));
    }
    return old_results();
  }

  bool old_results() {
    return !m_evidence.stale_report.empty() &&
           conclude(Verdict::bad_report, first_line(m_evidence.stale_report));
  }

  bool foreign() {
    if (!m_foreign.empty()) {
      const TestCase& first = *m_foreign.front();
      return conclude(
          Verdict::foreign,
          ellipsis(fmt::format("{} of another cell or file ran, first: {}{}{}{}",
                               plural(m_foreign.size(), "test"), first.file, first.file.empty() ? "" : ": ",
                               join_titles(first.titles), joined_hint(first)),
                   2 * k_brief_limit));
    }
    if (report() != nullptr && !m_cell.file.empty()) {
      for (const std::string& file : report()->files) {
        if (!may_be_own_file(m_cell, m_evidence, file) && ran_whole(file)) {
          return conclude(Verdict::foreign, fmt::format("another file ran: {}", file));
        }
      }
    }
    return false;
  }

  /// Why a test that looks like one of the cell is none.
  std::string joined_hint(const TestCase& test) const {
    return m_cell.scope.empty() || !may_lie_below(test, m_cell.scope)
               ? ""
               : fmt::format(
                     " (the report joins titles by '{}', so that only the first ones can be told: the "
                     "scope has to be the outermost)",
                     test.separator);
  }

  /// Whether a file that is not ours failed as a whole: it was collected, so the file argument was too wide.
  bool ran_whole(const std::string& file) const {
    const auto& failures = report()->file_failures;
    return std::any_of(failures.begin(), failures.end(),
                       [&](const FileFailure& failure) { return failure.file == file; });
  }

  bool failed() {
    if (m_result.failures.empty()) {
      return false;
    }
    fail_beside();
    const Failure& first = m_result.failures.front();
    const std::string more =
        m_result.failures.size() == 1 ? "" : fmt::format(" (and {} more)", m_result.failures.size() - 1);
    const std::string message = ellipsis(failure_line(first.message), k_brief_limit);
    return conclude(Verdict::fail,
                    ellipsis(fmt::format("{}{}{}{}", first.test, message.empty() ? "" : ": ", message, more),
                             2 * k_brief_limit));
  }

  /// What would have failed the cell without the failures of the report, so that it hides behind no known
  /// one. Of a file that failed as a whole, the report itself, its errors and its tests that do not run are
  /// part.
  void fail_beside() {
    const auto note = [&](std::string_view what, bool fails) {
      if (fails) {
        m_result.failures.push_back({std::string(what), m_result.brief, {}, 0});
      }
    };
    if (m_result.counts.failed > 0) {
      note(k_tests_not_run, incomplete());
      note("the report itself", noted());
      note("errors outside of the tests", erred());
    }
    note("a .only", focused());
    note("processes left behind", left_behind());
  }

  bool nothing_ran() {
    if (m_format == ReportFormat::exit_code || m_result.counts.ran() > 0) {
      return false;
    }
    const int exit_code = m_evidence.process.exit_code;
    const std::string exit_hint = exit_code == 0 ? "" : fmt::format("; {}", exit_phrase());
    const bool whole = report()->skipped_whole.has_value();
    if ((m_result.counts.skipped > 0 || whole) && !m_cell.skip_reason.empty() && exit_code == 0) {
      return incomplete() || contradicted() || left_behind() || conclude(Verdict::skip, m_cell.skip_reason);
    }
    if (exit_code != 0 && !m_evidence.errors.empty()) {
      return errors_outside();
    }
    if (m_result.counts.skipped > 0) {
      const std::vector<std::string> all = skip_remarks(m_skipped);
      m_result.remarks.insert(m_result.remarks.end(), all.begin(), all.end());
      return conclude(
          Verdict::no_tests,
          ellipsis(fmt::format("every test of the cell ({}) is skipped, and the matrix declares no "
                               "skip for it{}{}",
                               m_result.counts.skipped, exit_hint, why_skipped(m_skipped)),
                   2 * k_brief_limit));
    }
    if (whole) {
      return conclude(Verdict::no_tests,
                      fmt::format("the whole file is skipped{}{}, and the matrix declares no skip for it{}",
                                  report()->skipped_whole->empty() ? "" : ": ",
                                  first_line(*report()->skipped_whole), exit_hint));
    }
    if (m_file_ended) {
      return conclude(Verdict::no_tests,
                      fmt::format("the report has no test but the file itself: its process ended before it "
                                  "reported one, or it has none (`report: exit-code` asks for no more){}",
                                  exit_hint));
    }
    if (report()->tests.empty()) {
      return conclude(Verdict::no_tests,
                      report()->unmatched > 0
                          ? fmt::format("the filter matched none of the file's {}{}",
                                        plural(static_cast<std::size_t>(report()->unmatched), "test"),
                                        exit_hint)
                          : fmt::format("the report holds no test{}", exit_hint));
    }
    return conclude(Verdict::no_tests,
                    fmt::format("the filter matched nothing: {} none in the cell{}",
                                report()->tests.size() == 1
                                    ? "the report's 1 test is"
                                    : fmt::format("of the report's {} tests", report()->tests.size()),
                                exit_hint));
  }

  bool exit_status() {
    if (m_evidence.process.exit_code == 0) {
      return false;
    }
    if (m_format == ReportFormat::exit_code) {
      // There is no report by design: what the runner says last is meant for people.
      const std::string& said =
          m_evidence.telling_line.empty() ? m_evidence.last_output : m_evidence.telling_line;
      return conclude(
          Verdict::fail,
          ellipsis(fmt::format("{}{}{}", exit_phrase(), said.empty() ? "" : ": ", said), 2 * k_brief_limit));
    }
    const std::string hint =
        report()->notes.empty() ? output_hint() : fmt::format("; {}", first_line(report()->notes.front()));
    return conclude(
        Verdict::exit,
        ellipsis(fmt::format("{} although its {} passed{}", exit_phrase(),
                             plural(static_cast<std::size_t>(m_result.counts.passed), "test"), hint),
                 2 * k_brief_limit));
  }

  bool incomplete() {
    const std::vector<std::string> missing = missing_tests(m_cell, m_evidence);
    if (missing.empty()) {
      return false;
    }
    const std::string more = missing.size() == 1 ? "" : fmt::format(" (and {} more)", missing.size() - 1);
    return conclude(Verdict::fail, ellipsis(fmt::format("{}{}{}", k_unreported_test, missing.front(), more),
                                            2 * k_brief_limit));
  }

  bool contradicted() {
    if (noted() || erred() || focused()) {
      return true;
    }
    if (report() != nullptr && !report()->says_success) {
      return conclude(Verdict::bad_report, "the report calls the run failed, but names no failing test");
    }
    return false;
  }

  bool noted() {
    return report() != nullptr && !report()->notes.empty() &&
           conclude(Verdict::fail, first_line(join(report()->notes, "; ")));
  }

  bool erred() { return !m_evidence.errors.empty() && errors_outside(); }

  bool errors_outside() {
    return conclude(Verdict::fail, fmt::format("the runner tells of errors outside of its tests: {}",
                                               first_line(m_evidence.errors)));
  }

  bool focused() {
    if (m_evidence.focused.empty()) {
      return false;
    }
    if (m_evidence.unfocused == Unfocused::left_out) {
      return conclude(Verdict::fail,
                      fmt::format("{} has a .only (or a focus), and the runner does not report what it "
                                  "leaves out",
                                  m_evidence.focused));
    }
    return m_result.counts.skipped > 0 &&
           conclude(Verdict::fail,
                    fmt::format("{} of the cell is skipped, and {} has a .only (or fit, fdescribe)",
                                plural(static_cast<std::size_t>(m_result.counts.skipped), "test"),
                                m_evidence.focused));
  }

  bool left_behind() {
    if (m_result.leaked == 0 || m_leaks == LeakPolicy::report) {
      return false;
    }
    return conclude(Verdict::fail, ellipsis(fmt::format("left {} behind: {}",
                                                        plural(m_evidence.process.leaked.size(), "process"),
                                                        processes(m_evidence.process.leaked)),
                                            2 * k_brief_limit));
  }

  /// Whether a test that ran is not known to be of the cell's own file.
  bool any_of_unknown_file() const {
    std::string own; // asked once, not for each of its tests
    return std::ranges::any_of(report()->tests, [&](const TestCase& test) {
      if (!ran(test) || !test.module.empty() || (!own.empty() && test.file == own)) {
        return false;
      }
      const bool known =
          !test.file.empty() && (m_evidence.is_own_file(test.file) ||
                                 (report()->writer == k_libtest && ends_own_file(m_cell, test.file)));
      own = known ? test.file : own;
      return !known;
    });
  }

  /// A report that does not name the file proves nothing about it.
  bool unproven() {
    if (report() == nullptr || m_cell.file.empty() || m_evidence.file_proof == FileProof::command ||
        !any_of_unknown_file()) {
      return false;
    }
    if (m_evidence.file_proof == FileProof::not_asked) {
      m_result.brief = "proves the scope, but not the file, which the report does not name";
      return false;
    }
    return conclude(Verdict::bad_report,
                    "the report does not name the test file, and the command does not name it as its only "
                    "one, by its whole path (`proves: scope` in the matrix does without)");
  }

  bool passed() {
    m_result.verdict = Verdict::pass;
    if (m_format == ReportFormat::exit_code) {
      m_result.brief = "exit status only, nothing was counted";
    } else if (!report()->tests.empty() && report()->tests.front().separator == " " &&
               !m_cell.scope.empty()) {
      m_result.remarks.emplace_back("the report joins titles by spaces: all that is proven of the scope is "
                                    "that each test's name begins with it");
    }
    m_result.remarks.insert(m_result.remarks.end(), m_evidence.left_out.begin(), m_evidence.left_out.end());
    if (!m_cell.skip_reason.empty() && !m_cell.may_skip) {
      m_result.remarks.push_back(
          fmt::format("the matrix declares this cell as skipped ({}), but its tests ran; remove "
                      "the declaration",
                      m_cell.skip_reason));
    }
    if (m_result.leaked > 0) {
      m_result.remarks.push_back(
          fmt::format("ended what the runner left behind: {}", processes(m_evidence.process.leaked)));
    }
    return true;
  }

  const BoundCell& m_cell;
  ReportFormat m_format;
  LeakPolicy m_leaks;
  const Evidence& m_evidence;
  Judgement m_result;
  std::vector<const TestCase*> m_foreign;
  std::vector<SkippedTest> m_skipped;
  bool m_file_ended = false; ///< the report has a test that stands for the whole file
};

} // namespace

Judgement judge(const BoundCell& cell, ReportFormat format, LeakPolicy leaks, const Evidence& evidence) {
  return Judge(cell, format, leaks, evidence).run();
}

} // namespace ctest_matrix
