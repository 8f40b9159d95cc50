// The small process between launcher and runner that outlives the launcher, however that ends, and never ends
// before every process below it. It is not in the launcher's tree of parent ids (CTest's time-out kills that
// tree), leads its own session, adopts every orphan of the run and holds nothing but the runner.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "process/pipes.hpp"
#include "process/tag.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// What the guardian runs and for how long; everything is made ready before it is forked.
struct GuardianPlan {
  std::vector<std::string> candidates; ///< the files to try for the program, in order
  std::vector<std::string> argv;
  std::vector<std::string> environment;
  std::string directory; ///< absolute; empty: the launcher's
  std::string marker;    ///< of the run; empty: none
  Tag tag = 0;           ///< what every process of the run bears
  pid_t launcher = 0;
  Milliseconds deadline{0};
  int stop_signal = 0; ///< what asks the run to end, before KILL
  Milliseconds grace{0};
  Milliseconds settle{0};
  /// Called in the guardian as soon as the launcher has gone before the run's end; with how long the runner
  /// was let run. What it returns is called once nothing of the run is left.
  std::function<std::function<void()>(Milliseconds)> on_abandoned;
};

/// How long the guardian goes on killing before it gives up on what the system will not let go.
inline constexpr Milliseconds k_kill_patience{10'000};

/// Between TERM and KILL for leaked processes, where the grace of the plan is not shorter.
inline constexpr Milliseconds k_leak_grace{500};

/// What the guardian tells the launcher, as records of fixed size.
struct GuardianEvent {
  enum class Kind : std::int32_t {
    ready,        ///< `pid` is the guardian, which is also its session
    no_fork,      ///< the runner could not be forked; `value` is errno
    no_directory, ///< the directory could not be entered; `value` is errno
    no_program,   ///< the program could not be run; `value` is errno
    exited,       ///< `value` is the wait status of the runner
    stopped,      ///< the run was over before its runner; `value` is a StopReason
    running,      ///< a process that was alive when it was stopped
    leaked,       ///< a process that was alive after the runner's exit and the settling time
    done,         ///< nothing is left; the last event
    stuck,        ///< like `done`, but processes are left that would not end
    left,         ///< one of these
  };

  enum StopReason : std::int32_t { deadline, request };

  Kind kind{};
  std::int32_t pid = 0;
  std::int32_t value = 0;
  std::array<char, 404> command{}; ///< command line, closed by a NUL
};

/// Forks the guardian, which closes everything but its two descriptors and waits for `k_command_go`.
/// `control` is one end of a socket pair: the launcher writes commands and reads events at the other end, and
/// the end of the launcher is the end of the run. `output` becomes stdout and stderr of the runner. Error
/// (setup): no fork.
Result<void> start_guardian(const GuardianPlan& plan, int control, int output);

/// The commands, each one byte.
inline constexpr char k_command_go = 'g';
inline constexpr char k_command_stop = 's';

} // namespace ctest_matrix
