// The processes of a run that bear neither its tag nor its marker any more: while its guardian lives, below
// which they are, it notes them, so that they are known by their numbers where it is killed.
#pragma once

#include "base/clock.hpp"
#include "process/identity.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// What a guardian notes, in a file of this user's own which is only there while there is such a process.
class ProcessNotes {
public:
  /// Of the run with this marker; without one nothing is noted.
  explicit ProcessNotes(std::string marker);

  /// Looks at what is below this process, when it is time for that.
  void look_when_due();

  /// When that is: soon after the begin, when most daemons are made, and less and less often later.
  Milliseconds due() const { return m_due; }

  /// An orphan has ended, as the parent of a daemon does.
  void look_soon() { m_due = std::min(m_due, m_soonest); }

  void remove();

private:
  void look();

  std::string m_marker;
  std::filesystem::path m_file; ///< empty until something is to be noted
  std::string m_noted;
  Milliseconds m_begin;
  Milliseconds m_due;
  Milliseconds m_soonest{0};
};

/// What the guardian of the run with this marker noted last, as far as these processes can be here.
std::vector<ProcessIdentity> noted_processes(std::string_view marker);

/// Nothing of the run is left.
void forget_noted_processes(std::string_view marker);

} // namespace ctest_matrix
