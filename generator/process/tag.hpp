// A mark that a process passes on to everything that it starts, whatever becomes of environment, session,
// parent and user: the soft limit RLIMIT_LOCKS, which has counted nothing since Linux 2.4.25 (getrlimit(2)).
#pragma once

#include "base/clock.hpp"
#include "process/table.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace ctest_matrix {

using Tag = std::uint64_t;

/// The tag of the run with this marker; 0, which marks nothing, where there is none.
Tag tag_of(std::string_view marker);

/// Marks this process, and all that it starts from now on. Without effect where the hard limit is lower.
void bear_tag(Tag tag);

/// Whether a process bears it.
bool bears_tag(pid_t pid, Tag tag);

/// The living processes that bear a tag, without this one. Where there is no /proc, nothing but their numbers
/// is known, and all numbers are asked, which takes a second; or only those given out since process `since`
/// was started, while they have not all been given out again.
std::vector<ProcessEntry> processes_with_tag(Tag tag, pid_t since = 0);

/// The living processes of a run: those with its tag or its marker, those that its guardian noted
/// (process/notes.hpp), and everything below them. None where this process is one of them.
std::vector<ProcessEntry> processes_of_run(std::string_view marker, pid_t since = 0);

/// Kills these processes of the run: groups that began in it as a whole, since a group cannot outrun a signal
/// by forking; and whatever else bears its tag among the youngest processes, for what forks faster than all
/// can be looked at. To be repeated until none is left.
void kill_run(std::string_view marker, const std::vector<ProcessEntry>& processes);

} // namespace ctest_matrix
