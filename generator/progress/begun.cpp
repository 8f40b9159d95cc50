#include "progress/begun.hpp"

#include "base/boot.hpp"
#include "base/text.hpp"
#include "plan/names.hpp"
#include "process/table.hpp"
#include "progress/cell_record.hpp"
#include "progress/store.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <set>

namespace ctest_matrix {

namespace {

constexpr Milliseconds k_start{2'000}; ///< from the start of a test to that of its runner

RecordedProcess process_of(pid_t pid) {
  return {
      .boot = boot_id(), .names = process_namespace(), .pid = pid, .start_time = start_time(pid).value_or(0)};
}

std::set<std::string> ids_of(const std::vector<Record>& records) {
  std::set<std::string> ids;
  std::ranges::transform(records, std::inserter(ids, ids.end()), &Record::id);
  return ids;
}

/// CTest's list came when the cell had had all its time.
bool had_its_time(const Plan& plan, const Record& begin, const FailedTests& failed) {
  const Cell* cell = find_cell(plan, begin.cell);
  return cell != nullptr &&
         failed.written - begin.finished >= std::chrono::seconds(cell->timeout) - k_start &&
         std::ranges::find(failed.names, cell_test(plan.common.places, begin.cell)) != failed.names.end();
}

} // namespace

Abandonment::Abandonment(const CommonPlan& common, const Cell& cell, std::string id, Milliseconds deadline)
    : m_common(common), m_cell(cell), m_id(std::move(id)), m_deadline(deadline),
      m_caller(process_of(getppid())) {}

std::function<void()> Abandonment::noter(Milliseconds lived, const Clock& clock) const {
  const bool is_called = look_for(m_caller) == Launcher::running && !is_being_killed(m_caller.pid);
  const Verdict verdict = lived >= m_deadline ? Verdict::timeout
                          : is_called         ? Verdict::crash
                                              : Verdict::interrupted;
  return [this, verdict, lived, &clock] { note(verdict, lived, clock); };
}

void Abandonment::note(Verdict verdict, Milliseconds lived, const Clock& clock) const {
  const auto journal = read_journal(store_paths(m_common).journal);
  if (journal && std::ranges::find(journal->records, m_id, &Record::id) != journal->records.end()) {
    return; // somebody has missed the end already, and written it
  }
  Record end = record_of(m_common, m_cell);
  end.id = m_id;
  end.finished = clock.now();
  end.duration = lived;
  end.source = "guardian";
  end.verdict = verdict;
  end.brief = verdict == Verdict::timeout
                  ? fmt::format("its launcher was killed after {}", format_duration(lived))
                  : "its launcher was killed, and gave no verdict";
  static_cast<void>(append_record(store_paths(m_common).journal, end));
}

void note_begin(const CommonPlan& common, const Cell& cell, const std::string& id, const Clock& clock) {
  Record begin = record_of(common, cell);
  begin.id = id;
  begin.kind = RecordKind::begin;
  begin.finished = clock.now();
  begin.process = process_of(getpid());
  static_cast<void>(append_record_quickly(store_paths(common).journal, begin));
}

Launcher look_for(const RecordedProcess& process) {
  if (process.boot != boot_id() || process.names != process_namespace() || process.start_time == 0) {
    return Launcher::unknown;
  }
  return start_time(process.pid) == process.start_time ? Launcher::running : Launcher::gone;
}

bool any_running(const JournalSlice& journal, const std::function<Launcher(const RecordedProcess&)>& look) {
  const std::set<std::string> ended = ids_of(journal.records);
  return std::ranges::any_of(journal.begins, [&](const Record& begin) {
    return !ended.contains(begin.id) && look(begin.process) == Launcher::running;
  });
}

std::vector<Record> missing_ends(const Plan& plan, const JournalSlice& journal,
                                 const std::optional<FailedTests>& failed,
                                 const std::function<Launcher(const RecordedProcess&)>& look) {
  std::set<std::string> ended = ids_of(journal.records);
  std::vector<Record> ends;
  for (const Record& begin : journal.begins) {
    if (ended.contains(begin.id) || look(begin.process) != Launcher::gone) {
      continue;
    }
    Record end = begin;
    end.kind = RecordKind::cell;
    end.process = {};
    const bool timed_out = failed && had_its_time(plan, begin, *failed);
    end.verdict = timed_out ? Verdict::timeout : Verdict::crash;
    end.brief = "its launcher was killed, and gave no verdict";
    end.source = "journal";
    ended.insert(end.id);
    ends.push_back(std::move(end));
  }
  return ends;
}

} // namespace ctest_matrix
