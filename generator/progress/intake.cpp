#include "progress/intake.hpp"

#include "base/file_lock.hpp"
#include "base/files.hpp"
#include "base/input_text.hpp"
#include "base/own_directory.hpp"
#include "base/text.hpp"
#include "ctest/junit_file.hpp"
#include "ctest/last_test_log.hpp"
#include "ctest/xml_file.hpp"
#include "plan/git.hpp"
#include "plan/identity.hpp"
#include "progress/adopt.hpp"
#include "progress/begun.hpp"
#include "progress/ctest_records.hpp"
#include "progress/damaged.hpp"
#include "progress/disagreement.hpp"
#include "progress/document.hpp"
#include "progress/journal_file.hpp"
#include "progress/never_said.hpp"
#include "progress/store.hpp"
#include "progress/summary.hpp"
#include "progress/told_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

TimePoint time_of(const fs::path& path) {
  std::error_code error;
  const auto written = fs::last_write_time(path, error);
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::file_clock::to_sys(written));
}

struct Sources {
  std::vector<std::pair<CtestRun, TimePoint>> runs;
  std::vector<Record> records;
  std::vector<Record> told{};         ///< by progress files
  std::vector<UnknownEnd> unknown{};  ///< of runs that the journals tell of
  std::vector<std::string> damages{}; ///< of the journals, a line each
};

Error unreadable(const fs::path& path, const Error& error) {
  const bool named = error.message.find(path.string()) != std::string::npos;
  return {ExitCode::input, named ? error.message : fmt::format("{}: {}", path.string(), error.message)};
}

template <typename Parse>
Result<void> read_runs(const std::vector<fs::path>& paths, Parse parse, Sources& sources) {
  for (const fs::path& path : paths) {
    TRY_ASSIGN(const std::string text, read_regular_file(path, k_max_result_bytes));
    auto run = parse(text);
    if (!run) {
      return unreadable(path, run.error());
    }
    sources.runs.emplace_back(std::move(*run), time_of(path));
  }
  return {};
}

Result<void> read_logs(const std::vector<fs::path>& paths, Sources& sources) {
  for (const fs::path& path : paths) {
    auto run = read_ctest_last_test_log(path);
    if (!run) {
      return unreadable(path, run.error());
    }
    sources.runs.emplace_back(std::move(*run), time_of(path));
  }
  return {};
}

Result<void> read_documents(const Plan& plan, const std::vector<fs::path>& paths, Sources& sources) {
  for (const fs::path& path : paths) {
    TRY_ASSIGN(const std::string text, read_regular_file(path, k_max_result_bytes));
    const auto told = told_results(plan, text);
    if (!told) {
      return unreadable(path, told.error());
    }
    sources.told.insert(sources.told.end(), told->begin(), told->end());
  }
  return {};
}

Result<void> read_journals(const std::vector<fs::path>& paths, Sources& sources) {
  const auto is_running = [](const Record& begin) { return look_for(begin.process) == Launcher::running; };
  for (const fs::path& path : paths) {
    TRY_ASSIGN(const JournalText read, read_journal_text(path));
    ForeignJournal journal = parse_foreign_journal(read.text, read.line, is_running);
    if (!journal.damaged.empty()) {
      TRY(check_journal_format(path, read.text));
    }
    TRY(check_whole_journal(path, read));
    if (journal.records.empty() && journal.unknown.empty()) {
      return Error{ExitCode::input, fmt::format("{}: expected a journal, found no record", path.string())};
    }
    std::ranges::move(journal.records, std::back_inserter(sources.records));
    std::ranges::move(journal.unknown, std::back_inserter(sources.unknown));
    if (std::string damage = damage_text(path.string(), journal); !damage.empty()) {
      sources.damages.push_back(std::move(damage));
    }
  }
  return {};
}

Result<Sources> read_sources(const Plan& plan, const ResultFiles& files) {
  Sources sources;
  TRY(read_runs(files.junit, parse_ctest_junit, sources));
  TRY(read_runs(files.test_xml, parse_ctest_test_xml, sources));
  TRY(read_logs(files.last_test_log, sources));
  TRY(read_journals(files.journal, sources));
  TRY(read_documents(plan, files.documents, sources));
  // In whatever order the files were named.
  std::ranges::stable_sort(sources.runs, {}, [](const auto& run) {
    return std::pair(run.first.end.value_or(run.second), run.first.identity);
  });
  return sources;
}

/// Whether a record out of another journal is of this matrix. Those of version 0.1 do not say it: of them
/// only failures count.
bool is_own(const Plan& plan, const Record& record) {
  if (record.kind != RecordKind::cell) {
    return record.identity == matrix_identity(plan.common);
  }
  return record.identity.empty() ? !earns_tick(record.verdict)
                                 : record.identity == cell_identity(plan.common, record.row, record.axes);
}

/// What the sources say of this matrix.
struct Taken {
  std::vector<Record> added; ///< that was not known, the oldest first
  int own = 0;
  int foreign = 0;
  std::vector<std::string> remarks{}; ///< what else people should know of them, a line each
};

/// The records of the sources that are of this matrix; those of another one, or of another configuration, are
/// counted and named.
std::vector<Record> own_records(const Plan& plan, const Sources& sources, const std::set<std::string>& ids,
                                Taken& taken) {
  const std::string head = head_commit(plan.common.places.root);
  std::vector<Record> own;
  std::map<std::string, std::size_t> configurations;
  for (Record record : sources.records) {
    if (!ids.contains(record.id) && !is_own(plan, record)) {
      taken.foreign += record.kind == RecordKind::cell ? 1 : 0;
      continue;
    }
    ++taken.own;
    const std::string what = record.kind == RecordKind::cell ? other_configuration(plan, record) : "";
    if (!what.empty()) {
      ++configurations[record.share.empty() ? what : fmt::format("share {}: {}", record.share, what)];
    }
    record.origin = Origin::merged;
    mark_other_commit(record, head);
    own.push_back(std::move(record));
  }
  for (const auto& [what, count] : configurations) {
    taken.remarks.push_back(fmt::format("{} of another configuration ({})", plural(count, "result"), what));
  }
  std::map<std::pair<std::string, std::string>, std::size_t> commits;
  for (const Record& record : own) {
    if (const auto commit = other_commit(record)) {
      ++commits[{record.share, *commit}];
    }
  }
  for (const auto& [key, count] : commits) {
    taken.remarks.push_back(
        fmt::format("share {} is of commit {}, this checkout is at {}: {} of other sources", key.first,
                    key.second, head, plural(count, "result")));
  }
  return own;
}

/// Whether a record says more of the run of which a progress file has a line: of the same second, with the
/// same outcome.
bool is_known_better(const Record& line, std::span<const Record> known) {
  return std::ranges::any_of(known, [&](const Record& record) {
    return record.kind == RecordKind::cell && record.cell == line.cell && record.profile == line.profile &&
           std::chrono::floor<std::chrono::seconds>(record.finished) == line.finished &&
           earns_tick(record.verdict) == earns_tick(line.verdict);
  });
}

/// A conflict stands in the place of the results that it is about, and is newer than both.
void drop_contradicted(std::vector<Record>& records) {
  std::vector<Record> conflicts;
  std::ranges::copy_if(records, std::back_inserter(conflicts), is_conflict);
  std::erase_if(records, [&](const Record& record) {
    return !is_conflict(record) && std::ranges::any_of(conflicts, [&](const Record& conflict) {
      return conflict.cell == record.cell && (conflict.finished == record.finished + Milliseconds(1) ||
                                              conflict.brief.find(record.id) != std::string::npos);
    });
  });
}

/// What the sources add to the known records, which it is from then on, and to the ids of others that were
/// known.
Taken add_new(const Plan& plan, const Sources& sources, std::vector<Record>& known,
              std::set<std::string> ids) {
  Taken taken;
  std::vector<Record>& added = taken.added;
  const auto add = [&](const Record& record) {
    known.push_back(record);
    added.push_back(record);
  };
  for (const Record& record : known) {
    ids.insert(record.id);
  }
  std::set<std::string> contradicted;
  for (Record& record : without_conflicts(own_records(plan, sources, ids, taken), known)) {
    if (ids.insert(record.id).second) {
      add(record);
    }
  }
  for (Record& record : without_conflicts(sources.told, known)) {
    ++taken.own;
    record.origin = Origin::merged;
    if (!is_known_better(record, known) && ids.insert(record.id).second) {
      add(record);
    }
  }
  for (const auto& [run, written] : sources.runs) {
    const RunRecords told = new_records(plan, run, known, written);
    std::for_each(told.records.begin(), told.records.end(), add);
    contradicted.insert(told.contradicted.begin(), told.contradicted.end());
    taken.own += told.own;
    taken.foreign += told.foreign;
  }
  for (Record& failure : failures_for(plan, sources.unknown, known)) {
    failure.origin = Origin::merged;
    if (ids.insert(failure.id).second) {
      add(failure);
    }
  }
  taken.remarks.insert(taken.remarks.end(), sources.damages.begin(), sources.damages.end());
  drop_contradicted(added);
  std::erase_if(added, [&](const Record& record) { return contradicted.contains(record.id); });
  std::stable_sort(added.begin(), added.end(), [](const Record& a, const Record& b) {
    return std::tie(a.finished, a.id) < std::tie(b.finished, b.id);
  });
  return taken;
}

std::string names_of(const ResultFiles& files) {
  std::vector<std::string> names;
  for (const auto* paths :
       {&files.junit, &files.test_xml, &files.last_test_log, &files.journal, &files.documents}) {
    for (const fs::path& path : *paths) {
      names.push_back(path.string());
    }
  }
  return join(names, ", ");
}

Error nothing_own(const Plan& plan, const ResultFiles& files, const Taken& taken) {
  std::string text = fmt::format(
      "{}: expected results of the matrix {}, found {} of another one or of unknown origin", names_of(files),
      plan.common.name, plural(static_cast<std::size_t>(taken.foreign), "result"));
  for (const std::string& remark : taken.remarks) {
    text += "\n  " + remark;
  }
  return {ExitCode::input, text};
}

Result<FileLock> lock_intake(const CommonPlan& common, Milliseconds patience) {
  if (!common.places.evidence.empty()) { // also root makes it for the checkout's owner
    TRY(make_shared_directory(common.places.evidence));
  }
  return FileLock::acquire(common.places.evidence_or_state() / "intake.lock", patience);
}

/// Appends what is new, applies the journal and tells of both.
Result<IntakeOutcome> apply_new(const Plan& plan, const std::vector<Record>& added,
                                const std::vector<Record>& known, int foreign) {
  const StorePaths paths = store_paths(plan.common);
  TRY(append_records(paths.journal, added));
  TRY_ASSIGN(const ApplySummary applied, apply_journal(paths, plan, system_clock()));
  IntakeOutcome outcome;
  outcome.added = static_cast<std::size_t>(
      std::ranges::count_if(added, [](const Record& record) { return record.kind != RecordKind::setup; }));
  outcome.progress = plan.common.progress;
  outcome.message =
      fmt::format("{}: {}, {} in the log\n", plan.common.progress.string(),
                  plural(outcome.added, "new result"), plural(applied.fold.lines.size(), "line"));
  outcome.foreign = foreign;
  if (foreign > 0) {
    outcome.message += fmt::format("{} of another matrix or of unknown origin: left out\n",
                                   plural(static_cast<std::size_t>(foreign), "result"));
  }
  if (const int old = applied.fold.before_edit; old > 0) {
    outcome.message += fmt::format("{} {} older than what was made of {} by hand since\n",
                                   plural(static_cast<std::size_t>(old), "result"), old == 1 ? "is" : "are",
                                   old == 1 ? "its box" : "their boxes");
  }
  if (const int old = applied.fold.before_start; old > 0) {
    outcome.message += fmt::format("{} {} older than the begin of the progress file, or its last reset\n",
                                   plural(static_cast<std::size_t>(old), "result"), old == 1 ? "is" : "are");
  }
  for (const std::string& problem : applied.problems) {
    outcome.message += problem + "\n";
  }
  TRY_ASSIGN(const std::string text, read_file(plan.common.progress));
  outcome.message += render_summary(summarise(Document::parse(text), known, plan, system_clock().now()));
  return outcome;
}

} // namespace

Result<UntoldOutcome> take_in_untold(const Plan& plan, const Untold& untold, Milliseconds patience) {
  TRY(adopt_journal(plan));
  TRY_ASSIGN(const FileLock lock, lock_intake(plan.common, patience));
  const fs::path path = store_paths(plan.common).journal;
  TRY_ASSIGN(JournalSlice journal, read_journal(path, untold.from));
  std::vector<Record> added = missing_ends(plan, journal, untold.failed, look_for);
  std::vector<Record>& recent = journal.records;
  recent.insert(recent.end(), added.begin(), added.end());
  if (untold.failed) {
    const std::vector<Record> more = never_said(plan, *untold.failed, recent, untold.since);
    added.insert(added.end(), more.begin(), more.end());
  }
  const bool running = any_running(journal, look_for);
  UntoldOutcome outcome{.intake = {}, .from = running ? untold.from : journal.end};
  if (!added.empty()) {
    TRY_ASSIGN(JournalSlice whole, read_journal(path));
    whole.records.insert(whole.records.end(), added.begin(), added.end());
    TRY_ASSIGN(outcome.intake, apply_new(plan, added, whole.records, 0));
  }
  outcome.intake.running = running;
  if (is_large_journal(path)) {
    static_cast<void>(compact_journal(path)); // a large one is as good
  }
  return outcome;
}

Result<IntakeOutcome> take_in(const Plan& plan, const ResultFiles& files, Milliseconds patience) {
  TRY(adopt_journal(plan));
  TRY_ASSIGN(const FileLock lock, lock_intake(plan.common, patience));
  TRY_ASSIGN(const Sources sources, read_sources(plan, files));
  TRY_ASSIGN(JournalSlice journal, read_journal(store_paths(plan.common).journal));
  std::vector<Record> known = std::move(journal.records);
  const fs::path path = store_paths(plan.common).journal;
  const Taken taken =
      add_new(plan, sources, known, files.journal.empty() ? std::set<std::string>() : dropped_ids(path));
  if (taken.own == 0 && taken.foreign > 0) {
    return nothing_own(plan, files, taken);
  }
  TRY_ASSIGN(IntakeOutcome outcome, apply_new(plan, taken.added, known, taken.foreign));
  for (const std::string& remark : taken.remarks) {
    outcome.message += remark + "\n";
  }
  for (const Record& record : taken.added) {
    if (is_conflict(record)) {
      outcome.message += fmt::format("{}: {}\n", record.cell, record.brief);
    }
  }
  return outcome;
}

} // namespace ctest_matrix
