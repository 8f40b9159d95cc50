#include "run/tell_known.hpp"

#include "base/text.hpp"
#include "ledger/cell_log.hpp"
#include "ledger/ledger_files.hpp"
#include "ledger/seen_before.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <vector>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_recovered_shown = 10; ///< of what passes again

std::string_view state_name(FailureState state) {
  switch (state) {
  case FailureState::known:
    return "known";
  case FailureState::changed:
    return "changed";
  case FailureState::overdue:
    return "overdue";
  case FailureState::reopened:
    return "reopened";
  case FailureState::unknown:
    break;
  }
  return "new";
}

/// What an entry says for people: `DT-48, since 2026-02-12`.
std::string entry_words(const LedgerEntry& entry) {
  std::vector<std::string> words{entry.issue, entry.since.empty() ? "" : "since " + entry.since};
  std::erase(words, "");
  return join(words, ", ");
}

std::string failure_line(const JudgedFailure& failure, const SeenBefore& seen) {
  std::vector<std::string> words{
      failure.entry == nullptr ? "" : entry_words(*failure.entry), failure.reason,
      failure.infrastructure.empty() ? "" : "infrastructure: " + failure.infrastructure};
  std::erase(words, "");
  std::string text = fmt::format("  {}: {}: {}{}\n", state_name(failure.state), failure.seen.failure.cell,
                                 failure_text(failure.seen.failure),
                                 words.empty() ? "" : fmt::format(" - {}", join(words, "; ")));
  const auto places = seen.find(failure.seen.message, failure.entry == nullptr ? 0 : failure.entry->line);
  return places.empty() ? text : text + fmt::format("    seen before: {}\n", seen_words(places));
}

/// The tests that a failed cell does not run any more, which no entry excuses.
std::string lost_lines(const KnownFailures& known, const Record& record, const ResultsOfCells& results) {
  std::string text;
  for (const std::string& test : known.lost_by(record, results_of(results, record.cell))) {
    text += fmt::format("  lost: {}: {} - ran before, and nothing has changed that the cell rests on\n",
                        record.cell, printable(test));
  }
  return text;
}

/// The entries whose tests pass now, with how often in a row.
std::string recovered_lines(const Run& run, const ResultsOfCells& results, const LogOf& log_of) {
  const std::vector<LedgerEntry>& entries = run.known->ledger().entries;
  const auto states = states_of_entries(*run.known, results, log_of);
  const auto histories = measure_entries(*run.known, results, log_of);
  std::string text;
  std::size_t count = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (states[i] == EntryState::recovered && ++count <= k_recovered_shown) {
      const auto rate = rate_of(entries[i], histories[i]);
      text += fmt::format(
          "  recovered: {} - {}\n", entry_name(entries[i]),
          rate ? fmt::format("{} of {} green runs in a row", histories[i].green, green_runs_needed(*rate))
               : plural(static_cast<std::size_t>(histories[i].green), "green run"));
    }
  }
  return text +
         (count > k_recovered_shown ? fmt::format("  … and {} more\n", count - k_recovered_shown) : "");
}

} // namespace

std::string known_words(const Run& run, std::span<const Record> failed, std::span<const Record> journal) {
  const Result<SeenBefore> seen =
      seen_before(run.plan.common, run.known ? &run.known->ledger() : nullptr, run.ledger);
  if (!seen) {
    return fmt::format("\n{}\n", seen.error().message);
  }
  const LogOf log_of = logs_of(run.plan.common);
  const KnownFailures none(Ledger(), run.plan, "");
  const KnownFailures& known = run.known ? *run.known : none;
  std::error_code ignored;
  const bool tells_all = run.known && std::filesystem::exists(run.ledger, ignored);
  const ResultsOfCells results = all_results(run.plan, journal);
  std::string text;
  for (const Record& record : failed) {
    for (const JudgedFailure& failure : known.judge(record, results_of(results, record.cell), log_of)) {
      const std::string line = failure_line(failure, *seen);
      text += tells_all || line.find("seen before") != std::string::npos ? line : "";
    }
    text += tells_all ? lost_lines(known, record, results) : "";
  }
  if (run.known) {
    text += recovered_lines(run, results, log_of);
  }
  const std::string heading =
      run.known ? ledger_name(run) : shown_path(run.plan.common, run.plan.common.friction);
  return text.empty() ? "" : fmt::format("\n{}:\n{}", heading, text);
}

} // namespace ctest_matrix
