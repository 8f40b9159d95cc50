// `known add` and `known close`: what people say of failures goes into the ledger.

#include "base/edit_file.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "ledger/cell_log.hpp"
#include "ledger/friction_verb.hpp"
#include "ledger/known_standings.hpp"
#include "ledger/known_verb.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>

namespace ctest_matrix {

namespace {

/// What is said, as JSON where that is asked for.
VerbOutcome in_form(VerbOutcome outcome, const std::string& file, const KnownRequest& request) {
  if (request.json) {
    outcome.text = outcome_json(file, outcome);
  }
  return outcome;
}

/// Whether the entry of a failure that is known does not say with which message it fails.
bool lacks_message(const JudgedFailure& failure) {
  const bool is_its_own = failure.entry != nullptr && (failure.entry->kind == EntryKind::verdict) ==
                                                          failure.seen.failure.verdict.has_value();
  return is_its_own && excuses_any_message(*failure.entry) && !failure.entry->any_message &&
         !failure.seen.message.empty();
}

/// What `known add` does to the ledger.
class Addition {
public:
  Addition(const SuiteHistory& history, const KnownRequest& request)
      : m_history(history), m_request(request), m_commit(commit_now(history.plan.common)),
        m_today(day_of(system_clock().now())) {}

  void take(const JudgedFailure& failure) {
    LedgerEntry entry = new_entry(failure);
    const LedgerEntry* const old = failure.entry == nullptr ? same_entry(entry) : failure.entry;
    if (old != nullptr) {
      change(*old, failure);
      return;
    }
    m_said += fmt::format("added: {}\n", entry_name(entry));
    m_named.push_back(entry_name(entry));
    m_added.push_back(std::move(entry));
  }

  /// The text of the ledger after it. Error (internal): it would be none.
  Result<std::string> text() {
    measure();
    Diagnostics diagnostics;
    const std::string changed = with_details(m_history.known.ledger(), m_edits);
    const auto now = parse_ledger("", changed, diagnostics);
    const std::string text = now ? with_changes(*now, {}, m_added) : changed;
    if (!now || !parse_ledger("", text, diagnostics)) {
      return Error{ExitCode::internal,
                   "the ledger would be one that cannot be read:\n" + diagnostics.render()};
    }
    return text;
  }

  const std::string& said() const { return m_said; }

  /// The entries that the friction log is to name.
  const std::vector<std::string>& named() const { return m_named; }

private:
  void change(const LedgerEntry& entry, const JudgedFailure& failure) {
    const std::string name = failure_name(failure.seen.failure);
    const auto set = [&](std::string_view key, const std::string& value, DetailPlace place) {
      if (!value.empty()) {
        m_edits.push_back({entry.line, std::string(key), value, place});
      }
    };
    if (is_closed(entry)) {
      set("reopened", m_commit.empty() ? m_today : fmt::format("{}, {}", m_today, m_commit),
          DetailPlace::added);
      const bool same = failure.state == FailureState::reopened;
      set("message", same ? "" : failure.seen.message, DetailPlace::replaced);
      m_said += fmt::format("reopened: {} - {}\n", name, same ? failure.reason : failure.seen.message);
    } else if (failure.state == FailureState::changed) {
      set("message", failure.seen.message, DetailPlace::replaced);
      m_said += fmt::format("changed: {} - {}\n", name, failure.seen.message);
    } else if (lacks_message(failure)) {
      set("message", failure.seen.message, DetailPlace::replaced);
      m_said += fmt::format("completed: {} - {}\n", name, failure.seen.message);
    } else {
      m_said += fmt::format("renewed: {}\n", name);
    }
    set("issue", m_request.issue, DetailPlace::replaced);
    set("review", m_request.review, DetailPlace::replaced);
    set("note", m_request.note, DetailPlace::replaced);
    if (const std::string day = open_friction(failure.seen.failure.cell); !day.empty()) {
      set("friction", day, DetailPlace::replaced);
      m_named.push_back(entry_name(entry));
    }
  }

  /// The entry that is there already, though it is not about the failure: it was closed with another message.
  const LedgerEntry* same_entry(const LedgerEntry& added) const {
    const std::vector<const LedgerEntry*> own = m_history.known.entries_of(added.cells.front());
    const auto found = std::ranges::find_if(own, [&](const LedgerEntry* entry) {
      return entry->where == added.where && entry->kind == added.kind && entry->text == added.text &&
             entry->verdict == added.verdict;
    });
    return found == own.end() ? nullptr : *found;
  }

  LedgerEntry new_entry(const JudgedFailure& failure) const {
    const CellFailure& what = failure.seen.failure;
    return {.where = m_request.where.empty() ? what.cell : m_request.where,
            .cells = {what.cell},
            .kind = what.verdict ? EntryKind::verdict : EntryKind::test,
            .text = what.test,
            .verdict = what.verdict,
            .message = failure.seen.message,
            .issue = m_request.issue,
            .since = m_today,
            .commit = m_commit,
            .review = m_request.review,
            .note = m_request.note,
            .friction = open_friction(what.cell)};
  }

  /// The day of the open entry of the friction log; empty: there is none.
  std::string open_friction(const std::string& cell) const {
    const auto& entries = m_history.friction.entries;
    const auto found = std::ranges::find_if(
        entries, [&](const FrictionEntry& entry) { return entry.cell == cell && is_open(entry); });
    return found == entries.end() ? "" : found->date;
  }

  /// Since when it fails, and how often, by what is recorded of it.
  void measure() {
    Ledger alone;
    alone.entries = m_added;
    const KnownFailures known(std::move(alone), m_history.plan, m_today);
    const std::vector<EntryHistory> measured = measure_entries(known, m_history.results, nullptr);
    for (std::size_t i = 0; i < m_added.size(); ++i) {
      if (measured[i].first) {
        m_added[i].since = day_of(measured[i].first->time);
        m_added[i].commit = short_commit(measured[i].first->commit);
        m_added[i].rate = MeasuredRate{measured[i].failures, measured[i].runs};
      }
    }
  }

  const SuiteHistory& m_history;
  const KnownRequest& m_request;
  std::string m_commit;
  std::string m_today;
  std::vector<DetailEdit> m_edits;
  std::vector<LedgerEntry> m_added;
  std::string m_said;
  std::vector<std::string> m_named;
};

/// What is to be taken in of a result. Error (usage): nothing can be.
Result<std::vector<JudgedFailure>> chosen_failures(const SuiteHistory& history, const KnownRequest& request,
                                                   const Record& record) {
  std::vector<JudgedFailure> failures = history.known.judge(record, {}, logs_of(history.plan.common));
  if (failures.empty()) {
    return Error{ExitCode::usage, fmt::format("{} passes: there is nothing to know of it", record.cell)};
  }
  if (std::ranges::all_of(failures, [](const JudgedFailure& failure) { return failure.seen.never_known; })) {
    return Error{ExitCode::usage, fmt::format("{} ends as {} ({}): no entry excuses that", record.cell,
                                              verdict_name(record.verdict), record.brief)};
  }
  std::erase_if(failures, [](const JudgedFailure& failure) { return failure.seen.never_known; });
  if (!request.test.empty()) {
    std::erase_if(failures, [&](const JudgedFailure& failure) {
      return failure.seen.failure.test != request.test && failure_text(failure.seen.failure) != request.test;
    });
  }
  if (failures.empty()) {
    return Error{ExitCode::usage,
                 fmt::format("'{}' does not fail in {}", printable(request.test), record.cell)};
  }
  std::erase_if(failures, [&](const JudgedFailure& failure) {
    return failure.state == FailureState::known && !lacks_message(failure) && request.review.empty() &&
           request.issue.empty() && request.note.empty();
  });
  return failures;
}

/// Whether what `--where` says is about the cell, and not about all. Error (usage): it is not.
Result<void> check_request(const SuiteHistory& history, const KnownRequest& request) {
  if (!request.review.empty() && !is_day(request.review)) {
    return Error{ExitCode::usage, fmt::format("--review: expected a day such as 2026-02-12, got '{}'",
                                              printable(request.review))};
  }
  for (const std::string* line : {&request.issue, &request.note}) {
    if (!line_breaker(*line).empty()) {
      return Error{ExitCode::usage, "--issue, --note: expected one line"};
    }
  }
  if (request.where.empty()) {
    return {};
  }
  Diagnostics diagnostics;
  auto ledger = parse_ledger("--where", request.where + ": a test\n", diagnostics);
  if (!ledger || ledger->entries.size() != 1) {
    return Error{ExitCode::usage, diagnostics.render() + "--where: expected cells or values of axes, such as "
                                                         "'runtime=wasm, file=actor-conn'"};
  }
  const KnownFailures known(*std::move(ledger), history.plan, "");
  const LedgerEntry& entry = known.ledger().entries.front();
  const std::string nothing = known.void_reason(entry);
  const auto& cells = known.cells_of(entry);
  if (!nothing.empty() || std::ranges::find(cells, request.cell) == cells.end()) {
    return Error{ExitCode::usage,
                 fmt::format("--where {}: {}", request.where,
                             nothing.empty() ? request.cell + " is not among these cells" : nothing)};
  }
  return {};
}

/// Nothing where somebody has changed the ledger meanwhile.
using KnownAttempt = std::optional<VerbOutcome>;

std::filesystem::path ledger_file_of(const Plan& plan, const KnownRequest& request) {
  return request.file.empty() ? plan.common.known : std::filesystem::path(request.file);
}

Result<KnownAttempt> try_add_known(const Plan& plan, const ProjectOptions& project,
                                   const KnownRequest& request) {
  TRY_ASSIGN(const WatchedFile watched, WatchedFile::read(ledger_file_of(plan, request)));
  TRY_ASSIGN(const SuiteHistory history, load_history(plan, project, request.file, LedgerNeed::needed));
  TRY(check_request(history, request));
  const Record* const record = newest_of(history, request.cell);
  if (record == nullptr) {
    return Error{ExitCode::usage, fmt::format("{} has no result of its tests", request.cell)};
  }
  TRY_ASSIGN(const std::vector<JudgedFailure> failures, chosen_failures(history, request, *record));
  Addition addition(history, request);
  std::ranges::for_each(failures, [&](const JudgedFailure& failure) { addition.take(failure); });
  const std::string file = shown_path(plan.common, history.file);
  if (failures.empty()) {
    return KnownAttempt(
        in_form({ExitCode::ok, fmt::format("all that fails in {} is known\n", request.cell)}, file, request));
  }
  TRY_ASSIGN(const std::string text, addition.text());
  TRY_ASSIGN(const Edited edited, watched.replace(text));
  if (edited == Edited::overtaken) {
    return KnownAttempt();
  }
  TRY(name_in_log(history, request.cell, addition.named()));
  return KnownAttempt(
      in_form({ExitCode::ok, fmt::format("{}wrote {}\n", addition.said(), file)}, file, request));
}

/// What an attempt says at last, with the newest reading of the ledger.
template <typename Try>
Result<VerbOutcome> until_done(const Plan& plan, const ProjectOptions& project, const KnownRequest& request,
                               Try attempt) {
  for (int i = 0; i < k_edit_attempts; ++i) {
    TRY_ASSIGN(KnownAttempt outcome, attempt(plan, project, request));
    if (outcome) {
      return *std::move(outcome);
    }
  }
  return changed_all_the_time(ledger_file_of(plan, request));
}

/// The open entries of a request, as indexes into the ledger.
std::vector<std::size_t> open_entries(const SuiteHistory& history, const KnownRequest& request) {
  const auto& all = history.known.ledger().entries;
  std::vector<std::size_t> entries;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& cells = history.known.cells_of(all[i]);
    const bool of_cell = all[i].where == request.cell ||
                         std::ranges::find(all[i].cells, request.cell) != all[i].cells.end() ||
                         std::ranges::find(cells, request.cell) != cells.end();
    const bool of_test =
        request.test.empty() || all[i].text == request.test || entry_text(all[i]) == request.test;
    if (of_cell && of_test && !is_closed(all[i]) && all[i].kind != EntryKind::infrastructure) {
      entries.push_back(i);
    }
  }
  return entries;
}

/// Why an entry cannot be closed; empty: it can.
std::string unready(const LedgerEntry& entry, EntryState state, const EntryHistory& history) {
  const auto rate = rate_of(entry, history);
  if (state == EntryState::gone) {
    return "";
  }
  if (state != EntryState::recovered) {
    return state == EntryState::untold
               ? "its newest result does not tell of it, or it passed only after a retry"
               : fmt::format("it failed when it ran last ({})", entry_state_name(state));
  }
  if (!rate) {
    return "how often it fails is not known: there is no rate, and no failure of it is recorded here";
  }
  const int needed = green_runs_needed(*rate);
  return history.green >= needed ? ""
                                 : fmt::format("{} of {} green runs in a row; it failed {} of {} times, and "
                                               "a smaller number of them comes "
                                               "by chance in more than one of 20 cases",
                                               history.green, needed, rate->failed, rate->runs);
}

Result<KnownAttempt> try_close_known(const Plan& plan, const ProjectOptions& project,
                                     const KnownRequest& request) {
  TRY_ASSIGN(const WatchedFile watched, WatchedFile::read(ledger_file_of(plan, request)));
  TRY_ASSIGN(const SuiteHistory history, load_history(plan, project, request.file, LedgerNeed::needed));
  TRY(check_request(history, request));
  const Standings listing = standings_of(history);
  const std::vector<std::size_t> chosen = open_entries(history, request);
  if (chosen.empty()) {
    return Error{ExitCode::usage, fmt::format("{} has no open entry of {}{}",
                                              shown_path(plan.common, history.file), printable(request.cell),
                                              request.test.empty() ? "" : ": " + printable(request.test))};
  }
  const std::string commit = commit_now(plan.common);
  std::vector<DetailEdit> edits;
  VerbOutcome outcome;
  for (const std::size_t i : chosen) {
    const LedgerEntry& entry = history.known.ledger().entries[i];
    const std::string reason = unready(entry, listing.states[i], listing.histories[i]);
    if (!reason.empty() && !request.anyway) {
      outcome.code = ExitCode::setup;
      outcome.text += fmt::format("not closed: {} - {}\n", entry_name(entry), reason);
      continue;
    }
    const std::string runs =
        fmt::format("{} in a row", plural(static_cast<std::size_t>(listing.histories[i].green), "green run"));
    const std::string note = listing.states[i] == EntryState::gone ? "the test is gone" : runs;
    edits.push_back(
        {entry.line, "closed",
         fmt::format("{}, {}, {}", day_of(system_clock().now()), commit.empty() ? "no commit" : commit,
                     request.note.empty() ? note : fmt::format("{}; {}", note, request.note)),
         DetailPlace::added});
    outcome.text += fmt::format("closed: {} - {}\n", entry_name(entry), note);
  }
  TRY_ASSIGN(const Edited edited, watched.replace(with_details(history.known.ledger(), std::move(edits))));
  if (outcome.code != ExitCode::ok) {
    outcome.text += "--anyway closes it all the same\n";
  }
  return edited == Edited::done
             ? KnownAttempt(in_form(std::move(outcome), shown_path(plan.common, history.file), request))
             : std::nullopt;
}

} // namespace

Result<VerbOutcome> add_known(const Plan& plan, const ProjectOptions& project, const KnownRequest& request) {
  TRY(named_cell(plan, request.cell));
  return until_done(plan, project, request, try_add_known);
}

Result<VerbOutcome> close_known(const Plan& plan, const ProjectOptions& project,
                                const KnownRequest& request) {
  return until_done(plan, project, request, try_close_known);
}

} // namespace ctest_matrix
