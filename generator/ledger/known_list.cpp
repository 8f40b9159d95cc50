// `known list` and `known lint`: what the ledger says, and what is wrong with it.

#include "base/json.hpp"
#include "base/text.hpp"
#include "ledger/known_standings.hpp"
#include "ledger/known_verb.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

namespace ctest_matrix {

namespace {

constexpr int k_json_version = 1;

/// `2 of 29 green runs in a row`
std::string green_words(int green, const std::optional<MeasuredRate>& rate) {
  const int needed = rate ? green_runs_needed(*rate) : green;
  return fmt::format("{} of {} green runs in a row", std::min(green, needed), needed);
}

/// What is told of an entry, in the line below it.
std::string facts_of(const LedgerEntry& entry, const std::string& link, EntryState state,
                     const EntryHistory& history) {
  const auto rate = rate_of(entry, history);
  const bool green = state == EntryState::recovered || state == EntryState::closed;
  std::vector<std::string> words{
      link.empty() || link == entry.issue ? entry.issue : fmt::format("{} {}", entry.issue, link),
      entry.since.empty()
          ? ""
          : fmt::format("since {}{}", entry.since, entry.commit.empty() ? "" : " at " + entry.commit),
      entry.review.empty() ? "" : "review by " + entry.review,
      rate ? fmt::format("failed {} of {}", rate->failed, rate->runs) : "",
      history.last ? "last seen " + day_and_commit(*history.last) : "",
      green ? green_words(history.green, rate) : "",
      is_droppable(entry, state, history) ? "can be dropped" : "",
      times_closed(entry) > 0
          ? fmt::format("closed {}", times_closed(entry) == 1 ? std::string("once")
                                                              : fmt::format("{} times", times_closed(entry)))
          : "",
      entry.friction.empty() ? "" : "friction log " + entry.friction,
      excuses_any_message(entry) ? "whatever its message" : "",
      entry.note};
  std::erase(words, "");
  return join(words, ", ");
}

Json sighting_json(const std::optional<Sighting>& sighting) {
  return sighting ? Json::object({{"time", format_timestamp(sighting->time)}, {"commit", sighting->commit}})
                  : Json();
}

Json entry_json(const LedgerEntry& entry, const std::string& link, EntryState state,
                const EntryHistory& history) {
  const auto rate = rate_of(entry, history);
  Json events = Json::array();
  for (const EntryEvent& event : entry.events) {
    events.push_back(Json::object(
        {{"closed", event.closed}, {"date", event.date}, {"commit", event.commit}, {"note", event.note}}));
  }
  return Json::object({{"line", entry.line},
                       {"where", entry.where},
                       {"what", entry_text(entry)},
                       {"state", entry_state_name(state)},
                       {"message", entry.message},
                       {"any_message", excuses_any_message(entry)},
                       {"issue", entry.issue},
                       {"issue_link", link},
                       {"since", entry.since},
                       {"commit", entry.commit},
                       {"review", entry.review},
                       {"failed", rate ? rate->failed : 0},
                       {"runs", rate ? rate->runs : 0},
                       {"green", history.green},
                       {"needed", rate ? green_runs_needed(*rate) : 0},
                       {"first", sighting_json(history.first)},
                       {"last", sighting_json(history.last)},
                       {"droppable", is_droppable(entry, state, history)},
                       {"friction", entry.friction},
                       {"note", entry.note},
                       {"events", std::move(events)}});
}

bool is_shown(const PastFailure& past, const KnownRequest& request) {
  return request.all || past.unchanged;
}

std::string standings_json(const SuiteHistory& history, const Standings& listing,
                           const KnownRequest& request) {
  Json entries = Json::array();
  const auto& all = history.known.ledger().entries;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].kind != EntryKind::infrastructure) {
      entries.push_back(
          entry_json(all[i], history.known.link_of(all[i]), listing.states[i], listing.histories[i]));
    }
  }
  Json past = Json::array();
  for (const PastFailure& failure : listing.past) {
    if (is_shown(failure, request)) {
      past.push_back(Json::object({{"cell", failure.failure.cell},
                                   {"what", failure_text(failure.failure)},
                                   {"times", failure.times},
                                   {"last", sighting_json(failure.last)},
                                   {"unchanged", failure.unchanged},
                                   {"detail", failure.detail}}));
    }
  }
  return Json::object({{"version", k_json_version},
                       {"file", shown_path(history.plan.common, history.file)},
                       {"entries", std::move(entries)},
                       {"past", std::move(past)}})
             .dump(2) +
         "\n";
}

} // namespace

Result<VerbOutcome> list_known(const Plan& plan, const ProjectOptions& project, const KnownRequest& request) {
  TRY_ASSIGN(const SuiteHistory history, load_history(plan, project, request.file, LedgerNeed::needed));
  const Standings listing = standings_of(history);
  if (request.json) {
    return VerbOutcome{ExitCode::ok, standings_json(history, listing, request)};
  }
  std::string text;
  std::size_t count = 0;
  const auto& entries = history.known.ledger().entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const bool closed = listing.states[i] == EntryState::closed;
    if (entries[i].kind == EntryKind::infrastructure || (closed && !request.all)) {
      continue;
    }
    ++count;
    text += fmt::format("  {}: {}\n", entry_state_name(listing.states[i]), entry_name(entries[i]));
    const std::string facts =
        facts_of(entries[i], history.known.link_of(entries[i]), listing.states[i], listing.histories[i]);
    text += facts.empty() ? "" : fmt::format("    {}\n", facts);
  }
  text =
      fmt::format("{}: {}\n", shown_path(plan.common, history.file), plural(count, "known failure")) + text;
  bool first = true;
  for (const PastFailure& past : listing.past) {
    if (is_shown(past, request)) {
      text += first ? "Failed, passes now, and in no entry:\n" : "";
      first = false;
      text += fmt::format("  seen {}: {} - {}, {}\n",
                          past.times == 1 ? "once" : fmt::format("{} times", past.times),
                          failure_name(past.failure), day_and_commit(past.last),
                          past.unchanged ? "passes with nothing changed" : "passes since a change");
    }
  }
  return VerbOutcome{ExitCode::ok, text};
}

Result<VerbOutcome> lint_known(const Plan& plan, const ProjectOptions& project, const KnownRequest& request) {
  TRY_ASSIGN(const SuiteHistory history, load_history(plan, project, request.file, LedgerNeed::needed));
  const Standings listing = standings_of(history);
  const std::string file = shown_path(plan.common, history.file);
  Diagnostics diagnostics;
  static_cast<void>(parse_ledger(file, render_ledger(history.known.ledger()), diagnostics));
  const auto& entries = history.known.ledger().entries;
  std::set<std::string_view> days;
  for (const FrictionEntry& friction : history.friction.entries) {
    days.insert(friction.date);
  }
  if (history.known.ledger().matrix.empty() && !entries.empty()) {
    diagnostics.warning(
        "B014", {file, 1, 1, 1},
        fmt::format("nothing says of which matrix this ledger is; expected a line 'matrix: {}' "
                    "above its entries",
                    new_ledger(plan.common).matrix));
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const LedgerEntry& entry = entries[i];
    const SourceLocation place{file, entry.line, 1, static_cast<int>(entry.where.size())};
    if (is_closed(entry) || entry.kind == EntryKind::infrastructure) {
      continue;
    }
    if (listing.states[i] == EntryState::excuses_nothing) {
      diagnostics.warning("B010", place, "this entry excuses nothing: " + history.known.void_reason(entry));
    } else if (history.known.is_overdue(entry)) {
      diagnostics.warning(
          "B011", place,
          fmt::format("this entry excuses nothing any more: its review was due {}", entry.review));
    } else if (is_droppable(entry, listing.states[i], listing.histories[i])) {
      diagnostics.warning("B012", place,
                          listing.states[i] == EntryState::gone ? "what this entry is about is gone"
                                                                : "what this entry is about passes");
    }
    if (excuses_any_message(entry) && !entry.any_message && history.known.void_reason(entry).empty()) {
      diagnostics.warning(
          "B015", place,
          "this entry excuses its failure whatever the message; expected `message:`, which `known add` "
          "writes, or `message: (any)` where that is meant");
    }
    if (!entry.friction.empty() && !days.contains(entry.friction)) {
      diagnostics.warning("B013", place, fmt::format("the friction log has no entry of {}", entry.friction));
    }
  }
  if (request.json) {
    return VerbOutcome{ExitCode::ok, diagnostics_json(file, diagnostics)};
  }
  const std::string said = diagnostics.render();
  const auto count = static_cast<std::size_t>(diagnostics.warnings());
  return VerbOutcome{ExitCode::ok, said.empty() ? fmt::format("{}: nothing to say\n", file)
                                                : said + plural(count, "warning") + "\n"};
}

} // namespace ctest_matrix
