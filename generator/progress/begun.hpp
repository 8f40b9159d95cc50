// The beginning of a cell in the journal, and what becomes of it where nobody wrote the end.
#pragma once

#include "base/clock.hpp"
#include "ctest/result_files.hpp"
#include "plan/plan.hpp"
#include "progress/journal.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// Notes that this process starts the runner of a cell; the record of its end will have the id. What cannot
/// be noted decides nothing.
void note_begin(const CommonPlan& common, const Cell& cell, const std::string& id, const Clock& clock);

/// Who ran a cell, and its end where its launcher goes: to be made before the runner starts.
class Abandonment {
public:
  /// `deadline`: how long the launcher lets the runner run, counted from here on.
  Abandonment(const CommonPlan& common, const Cell& cell, std::string id, Milliseconds deadline);

  /// What notes the end: TIMEOUT behind the deadline, which the launcher would have kept; INTERRUPTED where
  /// what had called the launcher is gone now, too; else it was killed. To be asked for as soon as the
  /// launcher has gone: its caller may end because of that.
  std::function<void()> noter(Milliseconds lived, const Clock& clock) const;

private:
  void note(Verdict verdict, Milliseconds lived, const Clock& clock) const;

  const CommonPlan& m_common;
  const Cell& m_cell;
  std::string m_id;
  Milliseconds m_deadline;
  RecordedProcess m_caller;
};

/// Whether the process of a beginning is still there, and what can be said of it from here.
enum class Launcher { running, gone, unknown };

Launcher look_for(const RecordedProcess& process);

/// Whether a cell of the journal is still running.
bool any_running(const JournalSlice& journal, const std::function<Launcher(const RecordedProcess&)>& look);

/// The ends of cells whose launchers are gone and have written none: failures; TIMEOUT where there was time
/// for one until CTest said that the test has `failed`. An end that comes all the same is newer than these.
std::vector<Record> missing_ends(const Plan& plan, const JournalSlice& journal,
                                 const std::optional<FailedTests>& failed,
                                 const std::function<Launcher(const RecordedProcess&)>& look);

} // namespace ctest_matrix
