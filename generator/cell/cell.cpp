#include "cell/cell.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "cell/command.hpp"
#include "cell/own_tests.hpp"
#include "cell/prepare.hpp"
#include "cell/run_runner.hpp"
#include "cell/tell.hpp"
#include "process/broken_pipe.hpp"
#include "process/process.hpp"
#include "progress/last_pass.hpp"
#include "progress/store.hpp"

#include <fmt/format.h>

#include <set>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_longest_brief = 240; // bytes

ExitCode exit_code_of(Verdict verdict) {
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

/// The tests that were expected before and are not listed any more.
std::vector<std::string> no_longer_listed(const ExpectedTests& before, const ExpectedTests& now) {
  std::vector<std::string> gone;
  std::multiset<std::string> listed(now.names.begin(), now.names.end());
  for (const std::string& test : before.names) {
    if (const auto found = listed.find(test); found != listed.end()) {
      listed.erase(found);
    } else {
      gone.push_back(test);
    }
  }
  return gone;
}

/// A listing that the report falls short of is asked for anew. What was known stays known where another one
/// cannot be had, or has lost tests although nothing that it depends on has changed.
void ask_anew(const CellTask& task, ExpectedTests& expected) {
  ExpectedTests now = expected_tests(task.common, task.cell, ListingUse::anew);
  const std::vector<std::string> gone = no_longer_listed(expected, now);
  if (now.problem.empty() && gone.empty()) {
    expected = std::move(now);
    return;
  }
  expected.interrupted = now.interrupted;
  expected.problem = !now.problem.empty()
                         ? now.problem
                         : fmt::format("the runner does not list '{}' any more, although nothing that its "
                                       "listing depends on has changed (`list: inputs` says what does)",
                                       gone.front());
}

/// Why the run says nothing of the whole cell; empty: it does, or is not to.
std::string why_uncounted(const CellTask& task, const Preparation& prepared, const Evidence& evidence) {
  if (task.purpose != Purpose::record || task.handed.arguments.empty()) {
    return "";
  }
  return prepared.expected.problem.empty() ? why_not_whole(task.cell, evidence)
                                           : "the tests of the cell could not be listed";
}

Judgement judge_run(const CellTask& task, Preparation& prepared, RunnerRun& run) {
  Evidence evidence = evidence_of(task, prepared, run);
  const std::string uncounted = why_uncounted(task, prepared, evidence);
  if (!uncounted.empty()) {
    evidence.listed.clear(); // whoever asked for a part does not miss the rest
  } else if (prepared.expected.problem.empty() && !missing_tests(task.cell, evidence).empty()) {
    ask_anew(task, prepared.expected);
    expect(prepared.expected, evidence);
  }
  Judgement judgement = judge(task.cell, report_format(task.common, task.cell), task.common.leaks, evidence);
  judgement.uncounted = uncounted;
  if (!run.link_problem.empty()) {
    judgement.remarks.push_back(run.link_problem);
  }
  if (!run.left_out.empty()) {
    judgement.remarks.push_back(fmt::format("left out of the environment, where they would select tests: {}",
                                            join(run.left_out, ", ")));
  }
  return judgement;
}

/// A pass that reports less than the last one did.
void compare_with_last_pass(const CellTask& task, const Plan& plan, const RunnerRun& run,
                            Judgement& judgement) {
  const bool counts = task.purpose == Purpose::record && judgement.uncounted.empty();
  const auto pass =
      judgement.verdict == Verdict::pass && counts ? last_pass(task.common, task.cell) : std::nullopt;
  if (!pass) {
    return;
  }
  const auto source = read_file(task.cell.file);
  const std::vector<std::string> lost =
      lost_tests(task.cell, pass->tests, judgement.tests, source ? *source : std::string(),
                 task.cell.file.stem().string());
  if (lost.empty() || is_waived(plan, task.cell, pass->finished)) {
    return;
  }
  const std::string more = lost.size() == 1 ? "" : fmt::format(" (and {} more)", lost.size() - 1);
  if (!has_same_basis(*pass, run.basis, run.runner_version)) {
    judgement.lost = static_cast<int>(lost.size());
    judgement.remarks.push_back(
        fmt::format("tests of the last pass are gone or skipped: {}{}", lost.front(), more));
    return;
  }
  judgement.verdict = Verdict::shrunk;
  judgement.brief =
      ellipsis(fmt::format("gone or skipped since the last pass, though nothing has changed: {}{}",
                           lost.front(), more),
               k_longest_brief);
}

ExitCode run(const CellTask& task, const Plan& plan) {
  Preparation prepared = prepare(task);
  const HeldInterruptions held; // until the result is noted
  RunnerRun run = run_runner(task, prepared);
  HeldInterruptions::end_within(task.common.grace);
  prepared.turn.reset();
  Judgement judgement = judge_run(task, prepared, run);
  compare_with_last_pass(task, plan, run, judgement);
  Record record = make_record(task, prepared, run, judgement, system_clock());
  remove_run_files(task, run);
  const bool counts = task.purpose == Purpose::record && judgement.uncounted.empty();
  KeptRecord kept = judgement.uncounted.empty()
                        ? keep_record(task, std::move(record), run.log_error, plan, system_clock())
                        : keep_note(task, std::move(record), judgement.uncounted, plan, system_clock());
  if (kept.record.verdict == Verdict::pass && counts && !kept.record.tests.empty()) {
    remember_pass(task.common, task.cell, kept.record);
  }
  const CellNews news = news_of(task, prepared, run, judgement, std::move(kept));
  if (!task.result.empty()) { // whoever reads it finds out where it is missing
    static_cast<void>(write_file_quickly(task.result, serialise_record(news.kept.record)));
  }
  tell(task, news);
  return exit_code_of(news.kept.record.verdict);
}

/// The first test that failed in the latest run of the cell; empty: none did.
Result<std::string> failed_last(const CommonPlan& common, const BoundCell& cell) {
  TRY_ASSIGN(const JournalSlice journal, read_journal(store_paths(common).journal));
  std::string test;
  for (const Record& record : journal.records) {
    if (record.cell == cell.name && record.profile == common.profile) {
      test = record.failures.empty() ? "" : record.failures.front().test;
    }
  }
  if (!test.empty()) {
    return test;
  }
  const auto crashed = kept_failure(common, cell.name, journal.records);
  return crashed ? crashed->running : "";
}

} // namespace

ExitCode run_cell(const Plan& plan, const BoundCell& cell, Reader reader) {
  const IgnoredBrokenPipe ignored;
  return run({.common = plan.common,
              .cell = cell,
              .purpose = Purpose::record,
              .filter = cell.filter,
              .id = new_record_id(system_clock()),
              .handed = handed_on(),
              .reader = reader},
             plan);
}

Result<ExitCode> narrow_cell(const Plan& plan, const BoundCell& cell, const std::string& test,
                             const std::filesystem::path& result, const HandedOn& handed) {
  const CommonPlan& common = plan.common;
  TRY_ASSIGN(const std::string wanted, test.empty() ? failed_last(common, cell) : Result<std::string>(test));
  if (wanted.empty()) {
    return Error{
        ExitCode::usage,
        fmt::format("no test of {} failed when it ran last; name one: narrow {} TEST", cell.name, cell.name)};
  }
  const auto filter = narrowed_filter(common, cell, wanted);
  if (!filter) {
    return Error{
        ExitCode::usage,
        fmt::format("the matrix {} has no filter to narrow with; expected runner: narrow", common.name)};
  }
  return run({.common = common,
              .cell = cell,
              .purpose = Purpose::narrow,
              .filter = *filter,
              .id = new_record_id(system_clock()),
              .result = result,
              .handed = handed,
              .reader = Reader::person},
             plan);
}

} // namespace ctest_matrix
