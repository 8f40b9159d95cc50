#include "progress/store.hpp"

#include "base/boot.hpp"
#include "base/edit_file.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "progress/boxes.hpp"
#include "progress/config_line.hpp"
#include "progress/document.hpp"
#include "progress/journal_file.hpp"
#include "progress/progress_lock.hpp"
#include "progress/store_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// Whether there are rows that the document lacks. Error (input): one of them has a name that the document's
/// rows could not be told apart by.
Result<bool> lacks_rows(const Plan& plan, const Document& document) {
  bool lacks = false;
  for (const Row& row : plan.rows) {
    if (document.has_row(row.name)) {
      continue;
    }
    lacks = true;
    const std::string line = render_row(plan, row, {""});
    const std::optional<RowText> parsed = parse_row(line);
    if (!parsed || parsed->file != row.name || line.find('\n') != std::string::npos) {
      return Error{ExitCode::input,
                   fmt::format("row '{}' cannot be a line of a progress file: expected a name without white "
                               "space, '|' and markup, and a suite on one line",
                               row.name)};
    }
  }
  return lacks;
}

Error refusal(const StorePaths& paths, std::string_view what, std::string_view facts, std::string_view ways) {
  return {ExitCode::input, fmt::format("{} {}\n"
                                       "{}"
                                       "  the records stay in {}\n"
                                       "  ways to go on:\n"
                                       "{}"
                                       "    use a profile with a `progress:` path of its own\n"
                                       "    move the file away: a new one is made",
                                       paths.progress.string(), what, facts, paths.journal.string(), ways)};
}

std::string expected_found(std::string_view expected, std::string_view found) {
  return fmt::format("  asked for: {}\n  in the file: {}\n", expected, found);
}

/// Whether the document's boxes are the plan's, under any configuration.
Result<void> check_shape(const StorePaths& paths, const Document& document, const Plan& plan) {
  if (!document.is_progress_document()) {
    return refusal(paths, "is not a progress file: it has no `Config:` line and no rows", "", "");
  }
  if (const auto line = document.conflict()) {
    return Error{
        ExitCode::input,
        fmt::format("{}:{}: a conflict of a merge begins here that nobody has resolved, so that it is not "
                    "known which boxes count\n  the records stay in {}",
                    paths.progress.string(), *line, paths.journal.string())};
  }
  if (const auto line = document.unclosed_block()) {
    return Error{
        ExitCode::input,
        fmt::format("{}:{}: the code block or comment that begins here has no end, so that the rows and "
                    "the log behind it cannot be told from it\n"
                    "  the records stay in {}",
                    paths.progress.string(), *line, paths.journal.string())};
  }
  const auto has_column = [&](const Column& column) {
    return std::ranges::count(document.columns(), column.name) == 1;
  };
  if (!std::ranges::all_of(plan.common.columns, has_column)) {
    const std::string found = document.columns().empty() ? "no legend" : join(document.columns(), ", ");
    return refusal(
        paths, "has boxes for other columns", expected_found(join(column_names(plan), ", "), found),
        document.columns().empty() ? "" : "    give a column a name that the file has: new ones get boxes\n");
  }
  return {};
}

Error other_configuration(const StorePaths& paths, const std::optional<std::string>& config,
                          const CommonPlan& common) {
  return refusal(paths, "was made for another configuration",
                 expected_found(common.config, config.value_or("no `Config:` line")),
                 "    reset: start this file over for what is asked\n");
}

/// When the work began that a new file will show: not after anything that is about to be applied.
TimePoint start_of(const std::vector<Record>& records, const Plan& plan, TimePoint now) {
  const Boxes boxes(plan);
  TimePoint start = now;
  for (const Record& record : records) {
    if (boxes.find(record)) {
      start = std::min(start, record.finished - record.duration);
    }
  }
  return start;
}

std::vector<std::string> insert_missing_rows(Document& document, const Plan& plan) {
  std::vector<std::string> inserted;
  for (const DocumentSection& section : sections_of(plan)) {
    for (const Row* row : section.rows) {
      if (!document.has_row(row->name)) {
        document.insert_row(plan, *row);
        inserted.push_back(row->name);
      }
    }
  }
  return inserted;
}

/// The intent that leads from the old text (nothing: no file) to the document with these lines appended.
Intent make_intent(const std::optional<std::string>& old_text, const Document& document,
                   const FoldResult& result, JournalMark mark, FoldState fold) {
  Intent intent;
  intent.before = old_text ? fingerprint(*old_text) : "";
  intent.after = fingerprint(document.text());
  for (const std::string& line : result.lines) {
    intent.lines[line] = 0;
  }
  for (const std::string& line : document.log()) {
    if (const auto counted = intent.lines.find(line); counted != intent.lines.end()) {
      ++counted->second;
    }
  }
  intent.started = result.resets > 0 ? document.started().value_or("") : "";
  intent.mark = std::move(mark);
  intent.fold = std::move(fold);
  return intent;
}

/// One `apply_journal`, while it holds the lock.
class Application {
public:
  Application(const StorePaths& paths, const Plan& plan, TimePoint now)
      : m_paths(paths), m_plan(plan), m_now(now) {}

  /// Nothing when somebody else has changed the file meanwhile: it is to be tried again then, by another one.
  Result<std::optional<ApplySummary>> run(const std::string& canonical) {
    TRY(load(canonical));
    const bool is_new = !m_text || is_blank(*m_text);
    const std::uint64_t applied = std::max(m_state.mark.offset, m_journal.begin) - m_journal.begin;
    JournalSlice slice = parse_journal(m_journal.text, applied);
    if (slice.unreadable > 0) {
      TRY(check_journal_format(m_paths.journal, m_journal.text));
    }
    Document document = Document::parse(is_new ? "" : *m_text);
    TRY_ASSIGN(const bool lacks_some, lacks_rows(m_plan, document));
    if (is_new) {
      document = Document::parse(render_document(m_plan, start_of(slice.records, m_plan, m_now)));
    }
    const std::optional<std::string> config = document.config();
    m_summary.new_columns = document.add_columns(m_plan);
    TRY(check_shape(m_paths, document, m_plan));
    if (m_memory == Memory::exact && m_state.entries >= 0 && log_entries(document) > m_state.entries) {
      m_memory = Memory::may_be_older; // or somebody has written entries by hand
    }
    FoldState fold = m_state.fold;
    if (is_new) {
      // Whoever takes the file away starts over: what passed before must pass again.
      for (auto& [key, memory] : fold.cells) {
        memory.passed = false;
      }
      fold.ticked.reset();
      fold.edits.clear();
      const auto is_merged = [](const Record& record) { return record.origin == Origin::merged; };
      fold.merged_start = !slice.records.empty() && std::ranges::all_of(slice.records, is_merged)
                              ? parse_timestamp(document.started().value_or(""))
                              : std::nullopt;
    }
    const bool takes_over = !same_config(config.value_or(""), m_plan.common.config);
    if (takes_over || !m_summary.new_columns.empty()) {
      document.set_config(m_plan.common.config);
    }
    if (lacks_some) {
      m_summary.inserted = insert_missing_rows(document, m_plan);
    }
    m_summary.fold = apply(document, slice.records, m_plan, fold, m_now, m_written, m_memory);
    m_summary.unreadable = slice.unreadable;
    if (takes_over && m_summary.fold.resets == 0) {
      return other_configuration(m_paths, config, m_plan.common);
    }
    describe(document);
    m_entries = log_entries(document);
    const bool changed = is_new || m_summary.fold.changed_document() || !m_summary.inserted.empty() ||
                         !m_summary.new_columns.empty();
    using File = ApplySummary::File;
    m_summary.file = !changed ? File::untouched : m_text ? File::changed : File::created;
    m_other_layout = is_new || takes_over || m_summary.fold.resets > 0 || !m_summary.inserted.empty() ||
                     !m_summary.new_columns.empty();
    TRY_ASSIGN(const Edited edited, save(changed ? &document : nullptr,
                                         mark_at(m_journal, m_journal.begin + slice.end), std::move(fold)));
    if (!changed) {
      m_summary.document = std::move(document);
    }
    return edited == Edited::done ? std::optional(std::move(m_summary)) : std::nullopt;
  }

private:
  Result<void> load(const std::string& canonical) {
    std::error_code missing;
    const auto written = fs::last_write_time(m_paths.progress, missing);
    if (!missing) {
      m_written = std::chrono::time_point_cast<Milliseconds>(std::chrono::file_clock::to_sys(written));
    }
    TRY_ASSIGN(m_text, read_if_there(m_paths.progress));
    TRY_ASSIGN(auto state, read_if_there(m_paths.state));
    m_saved = std::move(state).value_or("");
    TRY(check_state_format(m_paths.state, m_saved));
    m_state = parse_state(m_saved).value_or(StoreState{});
    const std::string boot = boot_id();
    if (m_state.document != canonical) {
      m_state = {};
      m_state.document = canonical;
    } else if (m_state.boot != boot) {
      m_memory = Memory::may_be_torn;
    }
    m_state.boot = boot;
    settle_intent(m_state, m_text);
    return load_journal();
  }

  /// What the journal has behind the mark, and the line before it that the mark is known by; all of it when
  /// the mark does not hold.
  Result<void> load_journal() {
    TRY_ASSIGN(JournalText tail, read_journal_text(m_paths.journal, m_state.mark.begin));
    m_journal = {std::move(tail.text), tail.begin};
    if (!still_holds(m_state.mark, m_journal)) {
      m_state.mark = {};
      TRY_ASSIGN(JournalText whole, read_journal_text(m_paths.journal));
      m_journal = {std::move(whole.text), whole.begin};
    }
    return {};
  }

  void describe(const Document& document) {
    m_summary.complete = is_complete(document, m_plan);
    m_summary.unknown_rows = document.unknown_rows(m_plan);
    for (const DocumentProblem& problem : document.problems(m_plan)) {
      m_summary.problems.push_back(problem_text(m_paths.progress, problem));
    }
  }

  Result<void> save_state() {
    std::string text = serialise_state(m_state);
    if (text == m_saved) {
      return {};
    }
    auto written = write_file_quickly(m_paths.state, text);
    m_saved = std::move(text);
    return written;
  }

  /// Boxes and lines in place; anything else needs the whole file anew.
  Result<Edited> write(const std::string& text) const {
    const auto edit = m_other_layout || !m_text ? std::nullopt : edit_between(*m_text, text);
    return edit ? edit_in_place(m_paths.progress, *m_text, *edit)
                : replace_watched(m_paths.progress, m_text, text);
  }

  /// Writes the document (null: it stays as it is) and the state that goes with it.
  Result<Edited> save(const Document* document, JournalMark mark, FoldState fold) {
    if (document != nullptr) {
      m_state.intent = make_intent(m_text, *document, m_summary.fold, mark, fold);
      TRY(save_state());
      m_state.intent.reset();
    }
    m_state.mark = std::move(mark);
    m_state.fold = std::move(fold);
    m_state.entries = m_entries;
    if (document == nullptr) {
      remove_temporaries();
      TRY(save_state());
      return Edited::done;
    }
    // Before the document, so that there is room for it: nobody ticks what he cannot remember.
    TRY_ASSIGN(const NeighbourFile next,
               NeighbourFile::write(m_paths.state, serialise_state(m_state), Durability::fleeting));
    TRY_ASSIGN(const Edited edited, write(document->text()));
    std::error_code ignored; // the intent says the same
    if (edited == Edited::done) {
      fs::rename(next.path(), next.target(), ignored);
      remove_temporaries();
    }
    return edited;
  }

  /// A process that was killed may have left them, whatever there is to write now.
  void remove_temporaries() const {
    remove_abandoned_temporaries(m_paths.progress);
    remove_abandoned_temporaries(m_paths.state);
  }

  const StorePaths& m_paths;
  const Plan& m_plan;
  TimePoint m_now;
  std::optional<TimePoint> m_written; ///< when the progress file was, last
  std::optional<std::string> m_text;
  JournalTail m_journal;
  std::string m_saved; ///< what the state file holds
  StoreState m_state;
  Memory m_memory = Memory::exact;
  int m_entries = -1;
  bool m_other_layout = false; ///< more than boxes and log lines change
  ApplySummary m_summary;
};

Result<ApplySummary> apply_locked(const StorePaths& paths, const Plan& plan, const Clock& clock,
                                  const std::string& canonical) {
  for (int attempt = 0; attempt < k_edit_attempts; ++attempt) {
    TRY_ASSIGN(auto summary, Application(paths, plan, clock.now()).run(canonical));
    if (summary) {
      return *std::move(summary);
    }
  }
  Error error = changed_all_the_time(paths.progress);
  error.message += fmt::format("\n  the records stay in {}", paths.journal.string());
  return error;
}

} // namespace

StorePaths store_paths(const CommonPlan& common) {
  const fs::path& home = common.places.evidence_or_state();
  return {.progress = common.progress,
          .journal = home / "journal.jsonl",
          .state = home / fmt::format("progress-{}.state", common.profile)};
}

std::set<std::pair<std::string, std::string>> boxes_changed_by_hand(const Plan& plan) {
  std::set<std::pair<std::string, std::string>> changed;
  const auto text = read_file(store_paths(plan.common).state);
  const auto state = text ? parse_state(*text) : std::nullopt;
  if (state) {
    for (const Box& box : Boxes(plan)) {
      if (state->fold.edits.contains(box.name())) {
        changed.emplace(box.row->name, box.column->name);
      }
    }
  }
  return changed;
}

std::set<std::pair<std::string, std::string>> ticked_boxes(const Plan& plan, const Document& document) {
  std::set<std::pair<std::string, std::string>> ticked;
  for (const Row& row : plan.rows) {
    for (const std::string_view column : document.ticked(row.name)) {
      if (std::ranges::find(plan.common.columns, column, &Column::name) != plan.common.columns.end()) {
        ticked.emplace(row.name, column);
      }
    }
  }
  return ticked;
}

std::set<std::pair<std::string, std::string>> ticked_boxes(const Plan& plan) {
  const auto text = read_file(plan.common.progress);
  return ticked_boxes(plan, Document::parse(text ? *text : ""));
}

Result<ApplySummary> apply_journal(const StorePaths& paths, const Plan& plan, const Clock& clock) {
  TRY_ASSIGN(const LockedProgress locked, lock_progress(paths.progress));
  return apply_locked(paths, plan, clock, locked.canonical);
}

Result<ApplySummary> record_and_apply(const StorePaths& paths, const Record& record, const Plan& plan,
                                      const Clock& clock) {
  TRY(append_record(paths.journal, record));
  return apply_journal(paths, plan, clock);
}

} // namespace ctest_matrix
