// Runs an outside program with a deadline and never leaves a process of it behind, however the run, the
// program or this process ends.
#pragma once

#include "base/clock.hpp"
#include "process/pipes.hpp"

#include <sys/types.h>

#include <csignal>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// What to run. Durations are in milliseconds.
struct ProcessSpec {
  std::vector<std::string> argv;        ///< a name without a slash is looked up in PATH of `environment`
  std::filesystem::path directory;      ///< empty: the current one
  std::vector<std::string> environment; ///< the complete list of KEY=VALUE
  std::string marker;                   ///< KEY=VALUE, unique to the run: added, and used to find strays
  Milliseconds deadline{0};             ///< 0: none
  int stop_signal = SIGTERM;            ///< the first one; KILL follows after `grace`
  Milliseconds grace{5'000};            ///< from the stop signal to KILL
  Milliseconds settle{300};             ///< after the runner's exit, before what is left counts as leaked
  std::function<void(std::string_view)> on_output; ///< stdout and stderr, merged, as they come
  std::function<void()>
      on_interrupt; ///< once, when the run is to end before its runner (Outcome::End::interrupted)
  /// In another process, as soon as this one has gone before the run's end; with how long the runner was let
  /// run. What it returns is called once nothing of the run is left, and may write files.
  std::function<std::function<void()>(Milliseconds)> on_abandoned;
  std::function<Awaited()> awaited; ///< what `attend` waits for, asked anew before each wait; empty: nothing
  std::function<bool()> attend;     ///< called when that is there; false stops the run (End::interrupted)
};

/// A process as it was when it was seen.
struct ProcessInfo {
  pid_t pid = 0;
  std::string command;
};

/// How a run ended. Says nothing good by default.
struct Outcome {
  enum class End {
    exited,      ///< by itself, with `exit_code`
    signalled,   ///< by `signal`; with an `error` when that was because its guardian had disappeared
    not_started, ///< `error` says why
    deadline,    ///< still running at the deadline
    interrupted, ///< still running when this process was told to stop or its parent died
  };

  End end = End::not_started;
  int exit_code = -1;               ///< with End::exited, else -1
  int signal = 0;                   ///< with End::signalled, else 0
  std::string error;                ///< a sentence, when something is to be said beyond the above
  std::vector<ProcessInfo> running; ///< alive at the deadline or interruption; at most 64
  std::vector<ProcessInfo> leaked; ///< alive after the runner's exit and `settle`, and then ended; at most 64
  Milliseconds duration{0};        ///< to the runner's exit, the deadline or the interruption
  int interrupted_by = 0;          ///< the signal that this process got; also when the exit came first
};

/// Runs the program to its end, in a process group of its own, with stdin from /dev/null and no other
/// descriptor than its output. While it runs, SIGINT, SIGTERM and SIGHUP (INT and HUP unless ignored), and
/// the end of the parent process (as SIGTERM), end the run; an exit that came first wins. When it returns, no
/// process of the run is left, nor after this process was killed, except what the system refuses to end
/// (`error` names it). "Of the run" is every descendant.
/// One run at a time, from a process of one thread.
Outcome supervise(const ProcessSpec& spec);

/// Nothing of what interrupts a run ends this process as long as this is there: it waits for the next run,
/// and is dropped in the end. For what notes a begin, and is to note the end, too. One at a time.
class HeldInterruptions {
public:
  HeldInterruptions();
  ~HeldInterruptions();
  HeldInterruptions(const HeldInterruptions&) = delete;
  HeldInterruptions& operator=(const HeldInterruptions&) = delete;

  /// Whatever this process waits for from now on: once something that was held has come, or the parent is
  /// gone, it ends after `patience` at the latest, with ExitCode::interrupted.
  static void end_within(Milliseconds patience);

private:
  sigset_t m_held{};
  sigset_t m_before{};
};

} // namespace ctest_matrix
