// The processes of this machine as /proc shows them: trees, marks, command lines.
// Where /proc is not mounted, every list is empty.
#pragma once

#include "base/clock.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// One process at the moment of looking. `state` is the letter of proc(5): R, S, D, T, Z, ...
struct ProcessEntry {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t group = 0;
  pid_t session = 0;
  char state = '?';
  std::uint64_t start_time = 0; ///< clock ticks since boot

  /// False for a process that has ended and only waits for its parent to take note.
  bool alive() const { return state != 'Z' && state != 'X' && state != 'x'; }
};

/// Whether /proc is mounted.
bool has_process_table();

/// All processes, zombies too.
std::vector<ProcessEntry> all_processes();

/// The processes that are alive and `wanted`, by their numbers. Of the others nothing is read.
std::vector<ProcessEntry> living_processes(const std::function<bool(pid_t)>& wanted);

/// The processes below `ancestor` that are alive, parents before their children. Not a single moment: one
/// that is created or changes its parent meanwhile can be missing.
std::vector<ProcessEntry> descendants(pid_t ancestor);

/// The children of this process, as quickly as the system can tell them; empty where it cannot. One that ends
/// meanwhile can hide another (proc(5), /proc/pid/task/tid/children).
std::vector<pid_t> own_children();

/// The children of any process, zombies too; empty where the system cannot tell (proc(5), as above).
std::vector<pid_t> children_of(pid_t parent);

/// The processes that are alive in a session of setsid(2).
std::vector<ProcessEntry> processes_of_session(pid_t session);

/// The processes of this user whose environment holds exactly the entry `marker` (KEY=VALUE), as it was when
/// they were started or last called exec. Never this process itself.
std::vector<pid_t> processes_with_environment(std::string_view marker);

/// Whether a process has that entry in its environment, as far as it can be seen.
bool started_with(pid_t pid, std::string_view marker);

/// True when this process was itself started with the entry `marker` in its environment.
bool own_environment_has(std::string_view marker);

/// The command of a process as one readable line, at most 400 bytes; `[name]` where it has no arguments;
/// empty when there is no such process.
std::string command_line(pid_t pid);

/// The arguments that a process was started with, its program first; empty when there is no such process.
std::vector<std::string> arguments_of(pid_t pid);

/// The parent of a process; nothing when there is no such process.
std::optional<pid_t> parent_of(pid_t pid);

/// When a process was started, in clock ticks since boot: tells a reused process id. Nothing: no such
/// process, or one that has ended and that nobody has taken note of.
std::optional<std::uint64_t> start_time(pid_t pid);

/// For how long the oldest process whose name begins like this has been running; 0 when there is none.
Milliseconds longest_running(std::string_view name);

/// Whether somebody has stopped it (SIGSTOP, a debugger).
bool is_stopped(pid_t pid);

/// Whether a KILL was sent to it that it has not come to yet (proc(5), /proc/pid/status).
bool is_being_killed(pid_t pid);

/// The program file of a process; nothing when it is gone or belongs to somebody else.
std::optional<std::filesystem::path> executable(pid_t pid);

/// The working directory of a process; nothing when it is gone or belongs to somebody else.
std::optional<std::filesystem::path> working_directory(pid_t pid);

/// Sends a signal once to each of the processes: to whole process groups where it can, since a group cannot
/// outrun a signal by forking. The groups must hold nothing else, which is so for everything below a
/// guardian. The caller's own group is never signalled as a whole.
void send_signal(const std::vector<ProcessEntry>& processes, int signal);

} // namespace ctest_matrix
