#include "cell/record.hpp"

#include "base/cut.hpp"
#include "base/text.hpp"
#include "cell/reported_file.hpp"
#include "plan/git.hpp"
#include "plan/identity.hpp"
#include "progress/adopt.hpp"
#include "progress/log_line.hpp"
#include "progress/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_journal_message = 4000; // bytes
constexpr std::size_t k_message_end = 1300;     // of these, of its end: pytest says there what failed

/// Eight letters for a text that differs from another one in more than numbers and ids: no digit and nothing
/// that can be hexadecimal counts.
std::string rough_print(std::string_view text) {
  std::string rest;
  std::ranges::copy_if(text, std::back_inserter(rest), [](char c) {
    return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
  });
  std::string letters = fingerprint(rest).substr(0, 8);
  std::ranges::transform(letters, letters.begin(), [](char c) {
    return static_cast<char>(c <= '9' ? 'g' + (c - '0')
                                      : 'q' + (c - 'a')); // so that nothing takes it for an id
  });
  return letters;
}

/// A long message without its middle, for which a line stands that is another one where another text was
/// there: what fails otherwise is not taken for what is known. Whole lines stay, where lines are not longer
/// than that.
std::string kept_message(const std::string& message) {
  if (message.size() <= k_journal_message) {
    return valid_utf8(message);
  }
  std::string_view head = first_bytes(message, k_journal_message - k_message_end);
  std::string_view tail = last_bytes(message, k_message_end);
  head = head.substr(0, head.rfind('\n')); // all of it where there is none
  tail = tail.substr(tail.find('\n') == std::string_view::npos ? 0 : tail.find('\n') + 1);
  const std::string_view middle =
      std::string_view(message).substr(head.size(), message.size() - head.size() - tail.size());
  return valid_utf8(fmt::format("{}\n[... {} bytes left out ({}) ...]\n{}", head, middle.size(),
                                rough_print(middle), tail));
}

std::vector<Failure> shortened(std::vector<Failure> failures, const std::filesystem::path& directory) {
  for (Failure& failure : failures) {
    failure.message = kept_message(failure.message);
    failure.file = failure.file.empty() ? "" : failing_file(directory, failure.file).string();
  }
  return failures;
}

/// Puts SETUP in place of a pass that could not be kept.
void refuse_pass(KeptRecord& kept) {
  if (!kept.trouble.empty() && earns_tick(kept.record.verdict)) {
    kept.record.verdict = Verdict::setup;
    kept.record.brief = kept.trouble;
  }
}

} // namespace

Record make_record(const CellTask& task, const Preparation& prepared, const RunnerRun& run,
                   const Judgement& judgement, const Clock& clock) {
  const bool served = prepared.services.has_value();
  return {.kind = RecordKind::cell,
          .id = task.id,
          .cell = task.cell.name,
          .row = task.cell.row->name,
          .column = task.cell.variant->column,
          .profile = task.common.profile,
          .axes = task.cell.variant->axes,
          .finished = clock.now(),
          .duration = clock.monotonic() - prepared.begin,
          .verdict = judgement.verdict,
          .brief = judgement.brief,
          .flaky = judgement.flaky,
          .leaked = judgement.leaked,
          .restarted = served ? prepared.services->restarted() : std::vector<std::string>(),
          .services = served ? prepared.services->instances() : std::vector<std::string>(),
          .counts = judgement.counts,
          .counted = report_format(task.common, task.cell) != ReportFormat::exit_code,
          .failures = shortened(judgement.failures, runner_directory(task.common, task.cell)),
          .tests = judgement.tests,
          .commit = head_commit(task.common.places.root),
          .basis = run.basis,
          .command = run.command,
          .source = "cell",
          .runner = run.runner_version,
          .identity = cell_identity(task.common, task.cell.row->name, task.cell.variant->axes),
          .lost = judgement.lost,
          .share = task.common.share,
          .split = task.common.split,
          .run = task.common.share_run};
}

KeptRecord keep_record(const CellTask& task, Record record, const std::string& log_error, const Plan& plan,
                       const Clock& clock) {
  KeptRecord kept{.record = std::move(record), .trouble = log_error};
  refuse_pass(kept); // before it ticks a box
  if (task.purpose == Purpose::record) {
    static_cast<void>(adopt_journal(plan)); // what cannot be taken over stays, for the next one
    const auto applied = record_and_apply(store_paths(task.common), kept.record, plan, clock);
    kept.trouble = applied ? kept.trouble : applied.error().message;
  }
  refuse_pass(kept);
  return kept;
}

KeptRecord keep_note(const CellTask& task, Record record, const std::string& uncounted, const Plan& plan,
                     const Clock& clock) {
  Record note;
  note.kind = RecordKind::note;
  note.id = record.id;
  note.row = record.row;
  note.column = record.column;
  note.profile = record.profile;
  note.finished = record.finished;
  note.commit = record.commit;
  note.identity = record.identity; // of the cell, which tells it from other notes
  note.brief = fmt::format("with `{}`: {}; nothing counted: {}", shell_line(task.handed.arguments),
                           outcome_text(record), uncounted);
  static_cast<void>(adopt_journal(plan)); // as above
  const auto applied = record_and_apply(store_paths(task.common), note, plan, clock);
  return {.record = std::move(record), .trouble = applied ? "" : applied.error().message};
}

} // namespace ctest_matrix
