#include "ledger/friction_verb.hpp"

#include "base/edit_file.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "ledger/friction_draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <system_error>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

Result<void> needs_log(const Plan& plan) {
  return plan.common.friction.empty()
             ? Result<void>(Error{ExitCode::usage, "expected `friction: FILE` in the matrix"})
             : Result<void>();
}

/// The open entry of a cell, as its index; the log's size where there is none.
std::size_t open_entry(const FrictionLog& log, const std::string& cell) {
  const auto found = std::ranges::find_if(
      log.entries, [&](const FrictionEntry& entry) { return entry.cell == cell && is_open(entry); });
  return static_cast<std::size_t>(found - log.entries.begin());
}

/// The entry as somebody leaves it in the editor. Error (input): it is no entry any more; the draft stays.
Result<FrictionEntry> edited(const CommonPlan& common, const FrictionEntry& entry, const Editor& edit) {
  const fs::path draft = common.places.state / "friction-draft.md";
  std::error_code ignored;
  if (fs::exists(draft, ignored)) {
    return Error{
        ExitCode::input,
        fmt::format("{}: somebody's draft, which was kept; take what you need out of it, and move it away",
                    draft.string())};
  }
  TRY(write_file_quickly(draft, friction_entry_text(entry)));
  const auto saved = edit(draft);
  TRY_ASSIGN(const std::string text, read_file(draft));
  if (!saved) {
    if (text == friction_entry_text(entry)) {
      fs::remove(draft, ignored);
    }
    return saved.error();
  }
  Diagnostics diagnostics;
  const FrictionLog log = parse_friction_log(draft.string(), "# Draft\n" + text, diagnostics);
  const bool code_ends =
      std::ranges::find(diagnostics.all(), "F003", &Diagnostic::code) == diagnostics.all().end();
  if (log.entries.size() != 1 || diagnostics.has_errors() || !code_ends) {
    return Error{
        ExitCode::input,
        fmt::format("{}: expected one entry, as it was given{}; nothing was written, the draft is kept",
                    draft.string(), code_ends ? "" : ", with an end of its code (```)")};
  }
  fs::remove(draft, ignored);
  return log.entries.front();
}

} // namespace

Result<void> name_in_log(const SuiteHistory& history, const std::string& cell,
                         std::span<const std::string> entries) {
  const CommonPlan& common = history.plan.common;
  for (int i = 0; i < k_edit_attempts; ++i) {
    TRY_ASSIGN(const WatchedFile watched, WatchedFile::read(common.friction));
    TRY_ASSIGN(const FrictionLog log, read_friction_log(common));
    TRY(check_no_conflict(common, log));
    const std::size_t index = open_entry(log, cell);
    if (index == log.entries.size()) {
      return {};
    }
    std::vector<std::string> lines;
    for (const std::string& name : entries) {
      std::string line = ledger_line(name, shown_path(common, history.file));
      if (log.entries[index].raw.find(line) == std::string::npos) {
        lines.push_back(std::move(line));
      }
    }
    if (lines.empty()) {
      return {};
    }
    TRY_ASSIGN(const Edited edited, watched.replace(with_lines(log, index, k_friction, join(lines, "\n"))));
    if (edited == Edited::done) {
      return {};
    }
  }
  return changed_all_the_time(common.friction);
}

namespace {

/// The ledger as it is now, with the day of the log in the entries of a cell that `history` has open.
Result<std::string> with_friction(const SuiteHistory& history, const std::string& cell,
                                  const std::string& date) {
  TRY_ASSIGN(const Ledger now, read_ledger_if_there(history.file, history.plan.common));
  std::set<std::string> names;
  for (const LedgerEntry* entry : open_entries_of(history, cell)) {
    names.insert(entry_name(*entry));
  }
  std::vector<DetailEdit> edits;
  for (const LedgerEntry& entry : now.entries) {
    if (names.contains(entry_name(entry))) {
      edits.push_back({entry.line, "friction", date, DetailPlace::replaced});
    }
  }
  return with_details(now, std::move(edits));
}

/// Notes in the ledger that the log tells of these entries, too.
Result<void> name_in_ledger(const SuiteHistory& history, const std::string& cell, const std::string& date) {
  std::error_code ignored;
  if (history.file.empty() || !fs::exists(history.file, ignored)) {
    return {};
  }
  for (int i = 0; i < k_edit_attempts; ++i) {
    TRY_ASSIGN(const WatchedFile watched, WatchedFile::read(history.file));
    TRY_ASSIGN(const std::string text, with_friction(history, cell, date));
    TRY_ASSIGN(const Edited edited, watched.replace(text));
    if (edited == Edited::done) {
      return {};
    }
  }
  return changed_all_the_time(history.file);
}

std::string title_of(const CommonPlan& common) {
  std::string name = common.name;
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') {
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
  }
  return name + " Friction Log";
}

std::string first_line_of_entry(const FrictionEntry& entry) {
  const FrictionSection* const section = find_section(entry, k_working_on);
  const std::string& text = section == nullptr ? entry.lead : section->body;
  return ellipsis(printable(text.substr(0, text.find('\n'))), 100);
}

/// Puts the entry before all others, whatever has become of the log meanwhile.
Result<void> write_entry(const CommonPlan& common, const FrictionEntry& entry) {
  for (int i = 0; i < k_edit_attempts; ++i) {
    TRY_ASSIGN(const WatchedFile watched, WatchedFile::read(common.friction));
    TRY_ASSIGN(const FrictionLog now, read_friction_log(common));
    TRY(check_no_conflict(common, now));
    const std::string changed = with_entry(now, entry, title_of(common));
    Diagnostics unsaid;
    if (parse_friction_log("", changed, unsaid).entries.size() != now.entries.size() + 1) {
      return Error{ExitCode::usage,
                   "expected text that is one entry, and code with an end (```), which would "
                   "hide the entries below it; nothing was written"};
    }
    TRY_ASSIGN(const Edited edited, watched.replace(changed));
    if (edited == Edited::done) {
      return {};
    }
  }
  return changed_all_the_time(common.friction);
}

} // namespace

Result<VerbOutcome> new_friction(const Plan& plan, const ProjectOptions& project,
                                 const FrictionRequest& request) {
  TRY(needs_log(plan));
  TRY_ASSIGN(const Cell* const cell, named_cell(plan, request.cell));
  TRY_ASSIGN(SuiteHistory history, load_history(plan, project, {}, LedgerNeed::welcome));
  TRY(check_no_conflict(plan.common, history.friction)); // before somebody writes the text
  const Record* const record = newest_of(history, request.cell);
  const std::string file = shown_path(plan.common, plan.common.friction);
  if (record == nullptr || earns_tick(record->verdict)) {
    return Error{ExitCode::usage, fmt::format("{} {}: there is nothing to write down of it", request.cell,
                                              record == nullptr ? "has no result of its tests" : "passes")};
  }
  const std::size_t open = open_entry(history.friction, request.cell);
  if (open < history.friction.entries.size()) {
    return Error{ExitCode::usage,
                 fmt::format("{}:{}: there is an open entry of {} already; `ctest-matrix friction close "
                             "{}` ends it once the cell passes",
                             file, history.friction.entries[open].line, request.cell, request.cell)};
  }
  FrictionEntry entry = friction_draft(history, *cell, *record, request.working_on);
  if (request.edit) {
    history.lock.reset(); // somebody may take their time
    TRY_ASSIGN(entry, edited(plan.common, entry, request.edit));
  }
  if (!history.lock) {
    TRY_ASSIGN(history.lock, lock_ledger(plan.common));
  }
  TRY(write_entry(plan.common, entry));
  TRY(name_in_ledger(history, request.cell, entry.date));
  return VerbOutcome{ExitCode::ok, fmt::format("wrote {}: {} - {}\n", file, entry.date, entry.commit)};
}

namespace {

/// Nothing where somebody has changed the log meanwhile.
Result<std::optional<VerbOutcome>> try_close_entry(const Plan& plan, const ProjectOptions& project,
                                                   const FrictionRequest& request) {
  TRY_ASSIGN(const WatchedFile watched, WatchedFile::read(plan.common.friction));
  TRY_ASSIGN(const SuiteHistory history, load_history(plan, project, {}, LedgerNeed::welcome));
  TRY(check_no_conflict(plan.common, history.friction));
  const std::string file = shown_path(plan.common, plan.common.friction);
  const std::size_t index = open_entry(history.friction, request.cell);
  if (index == history.friction.entries.size()) {
    return Error{ExitCode::usage, fmt::format("{} has no open entry of {}", file, request.cell)};
  }
  std::string lines = outcome_line(history, request.cell);
  if (lines.empty()) {
    return std::optional(
        VerbOutcome{ExitCode::failed, fmt::format("not closed: {} does not pass\n", request.cell)});
  }
  for (const LedgerEntry* entry : history.known.entries_of(request.cell)) {
    if (is_closed(*entry) && entry->friction == history.friction.entries[index].date) {
      lines += fmt::format("\n- Ledger: `{}` is closed ({}).", entry_name(*entry),
                           shown_path(plan.common, history.file));
    }
  }
  lines += request.note.empty() ? "" : "\n- " + request.note;
  TRY_ASSIGN(const Edited edited, watched.replace(with_lines(history.friction, index, k_outcome, lines)));
  if (edited == Edited::overtaken) {
    return std::optional<VerbOutcome>();
  }
  std::string text =
      fmt::format("closed: {}:{} - {}\n", file, history.friction.entries[index].line, lines.substr(2));
  for (const LedgerEntry* entry : open_entries_of(history, request.cell)) {
    text += fmt::format("still open in {}: {}\n", shown_path(plan.common, history.file), entry_name(*entry));
  }
  return std::optional(VerbOutcome{ExitCode::ok, text});
}

} // namespace

Result<VerbOutcome> close_friction(const Plan& plan, const ProjectOptions& project,
                                   const FrictionRequest& request) {
  TRY(needs_log(plan));
  TRY(named_cell(plan, request.cell));
  for (int i = 0; i < k_edit_attempts; ++i) {
    TRY_ASSIGN(auto outcome, try_close_entry(plan, project, request));
    if (outcome) {
      return *std::move(outcome);
    }
  }
  return changed_all_the_time(plan.common.friction);
}

Result<VerbOutcome> list_friction(const Plan& plan, const ProjectOptions& project,
                                  const FrictionRequest& request) {
  TRY(needs_log(plan));
  TRY_ASSIGN(const SuiteHistory history, load_history(plan, project, {}, LedgerNeed::welcome));
  const std::string file = shown_path(plan.common, plan.common.friction);
  Json entries = Json::array();
  std::string text;
  std::multimap<std::pair<std::string, std::string>, const LedgerEntry*> of_ledger; // by day and cell
  for (const LedgerEntry& entry : history.known.ledger().entries) {
    for (const std::string& cell : entry.friction.empty() ? std::vector<std::string>() : entry.cells) {
      of_ledger.emplace(std::pair(entry.friction, cell), &entry);
    }
  }
  for (const FrictionEntry& entry : history.friction.entries) {
    const bool open = is_open(entry);
    if (request.open_only && !open) {
      continue;
    }
    std::vector<std::string> known;
    const auto [first, last] = of_ledger.equal_range({entry.date, entry.cell});
    std::transform(first, last, std::back_inserter(known),
                   [](const auto& found) { return entry_name(*found.second); });
    Json sections = Json::array();
    for (const FrictionSection& section : entry.sections) {
      sections.push_back(Json::object({{"name", section.name}, {"text", section.body}}));
    }
    entries.push_back(Json::object({{"line", entry.line},
                                    {"date", entry.date},
                                    {"commit", entry.commit},
                                    {"note", entry.note},
                                    {"open", open},
                                    {"cell", entry.cell},
                                    {"ledger", known},
                                    {"sections", std::move(sections)}}));
    text += fmt::format("{}:{}: {} - {}{}{}: {}\n", file, entry.line, entry.date, entry.commit,
                        open ? ", open" : "", entry.cell.empty() ? "" : ", " + entry.cell,
                        first_line_of_entry(entry));
    for (const std::string& name : known) {
      text += fmt::format("  ledger: {}\n", name);
    }
  }
  const Json json = Json::object(
      {{"version", 1}, {"file", file}, {"title", history.friction.title}, {"entries", std::move(entries)}});
  return VerbOutcome{ExitCode::ok, request.json ? json.dump(2) + "\n" : text};
}

Result<VerbOutcome> lint_friction(const Plan& plan, const ProjectOptions& project,
                                  const FrictionRequest& request) {
  TRY(needs_log(plan));
  TRY_ASSIGN(const SuiteHistory history, load_history(plan, project, {}, LedgerNeed::welcome));
  TRY_ASSIGN(const std::string text, read_file(plan.common.friction));
  const std::string file = shown_path(plan.common, plan.common.friction);
  Diagnostics diagnostics;
  const FrictionLog log = parse_friction_log(file, text, diagnostics);
  lint_friction_log(file, log, diagnostics);
  for (const FrictionEntry& entry : log.entries) {
    if (is_open(entry) && !entry.cell.empty() && !outcome_line(history, entry.cell).empty()) {
      diagnostics.warning(
          "F008", {file, entry.line, 1, 3},
          fmt::format(
              "this entry is open, and {0} passes; `ctest-matrix friction close {0}` writes its outcome",
              printable(entry.cell)));
    }
  }
  if (request.json) {
    return VerbOutcome{diagnostics.has_errors() ? ExitCode::input : ExitCode::ok,
                       diagnostics_json(file, diagnostics)};
  }
  const std::string said = diagnostics.render();
  return VerbOutcome{diagnostics.has_errors() ? ExitCode::input : ExitCode::ok,
                     said.empty()
                         ? fmt::format("{}: {}, nothing to say\n", file, plural(log.entries.size(), "entry"))
                         : said};
}

} // namespace ctest_matrix
