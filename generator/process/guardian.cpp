#include "process/guardian.hpp"

#include "process/detach.hpp"
#include "process/launch.hpp"
#include "process/notes.hpp"
#include "process/table.hpp"
#include "process/title.hpp"
#include "process/turn.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

namespace ctest_matrix {

namespace {

using Kind = GuardianEvent::Kind;

constexpr std::size_t k_reported_processes = 64;
constexpr Milliseconds k_rescan{20};
constexpr Milliseconds k_unseen_patience{1'000};

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};

  action.sa_handler = handler;
  sigaction(signal, &action, nullptr);
}

/// Why the runner's process did not become the runner.
struct StartError {
  Kind kind;
  int error;
};

/// Runs in the forked child: becomes the runner, or says why not and exits.
[[noreturn]] void become_runner(const GuardianPlan& plan, pid_t guardian, int output, int error_pipe) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != guardian) {
    _exit(127);
  }
  reset_signals();
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  StartError failure{Kind::no_program, ENOENT};
  if (!plan.directory.empty() && chdir(plan.directory.c_str()) != 0) {
    failure = {Kind::no_directory, errno};
  } else {
    const std::vector<char*> argv = exec_pointers(plan.argv);
    const std::vector<char*> environment = exec_pointers(plan.environment);
    for (const std::string& candidate : plan.candidates) {
      execve(candidate.c_str(), argv.data(), environment.data());
      // Like a shell: go on where there is nothing, but remember what is there and may not be run.
      if (errno != ENOENT && errno != ENOTDIR) {
        failure.error = errno;
        if (errno != EACCES) {
          break;
        }
      }
    }
  }
  [[maybe_unused]] const ssize_t written = write(error_pipe, &failure, sizeof failure);
  _exit(127);
}

class Guardian {
public:
  Guardian(const GuardianPlan& plan, int control, int output)
      : m_plan(plan), m_control(control), m_output(output), m_children({SIGCHLD}), m_notes(plan.marker) {}

  [[noreturn]] void run();

private:
  enum class Phase { running, settling, terminating, killing };

  bool wait_for_go();
  void start_runner();
  void reap();
  void note_runner_end(int status);
  void advance();
  void stop(GuardianEvent::StopReason reason);
  void end_leaked();
  void terminate(int signal, Milliseconds grace);
  void wait();
  void read_commands();
  [[noreturn]] void finish();
  [[noreturn]] void leave();

  bool takes_notes() const {
    return !m_plan.marker.empty() && (m_phase == Phase::running || m_phase == Phase::settling);
  }

  void enter(Phase phase, Milliseconds duration) {
    m_phase = phase;
    m_until = system_clock().monotonic() + duration;
  }

  void tell(Kind kind, pid_t pid, int value, std::string_view command = "");
  void tell_processes(Kind kind, const std::vector<ProcessEntry>& processes);
  std::vector<ProcessEntry> everything() const;
  void signal_everything(int signal);
  void chase();

  const GuardianPlan& m_plan;
  Descriptor m_control;
  Descriptor m_output;
  SignalPipe m_children;
  ProcessNotes m_notes;
  Descriptor m_start_error;
  pid_t m_runner = 0;
  bool m_runner_ended = false;
  bool m_alone = false; ///< no child is left, and so no descendant: orphans become children
  Phase m_phase = Phase::running;
  Milliseconds m_until{0};
  Milliseconds m_begin{0};          ///< of the runner
  std::function<void()> m_note_end; ///< where the launcher went before the run's end
};

void Guardian::run() {
  tell(Kind::ready, getpid(), 0);
  if (!wait_for_go()) {
    _exit(0);
  }
  set_nonblocking(m_control.get());
  start_runner();
  for (;;) {
    reap();
    advance();
    if (m_alone) {
      tell(Kind::done, 0, 0);
      leave();
    }
    if (takes_notes()) {
      m_notes.look_when_due();
    }
    wait();
    read_commands();
  }
}

bool Guardian::wait_for_go() {
  char command = 0;
  ssize_t count = 0;
  do {
    count = read(m_control.get(), &command, 1);
  } while (count < 0 && errno == EINTR);
  return count == 1 && command == k_command_go;
}

void Guardian::start_runner() {
  auto pipe = make_pipe();
  const pid_t guardian = getpid();
  const pid_t child = pipe ? fork() : -1;
  if (child == 0) {
    become_runner(m_plan, guardian, m_output.get(), pipe->second.get());
  }
  if (child < 0) {
    tell(Kind::no_fork, 0, errno);
  } else {
    setpgid(child, child);
    m_runner = child;
    m_start_error = std::move(pipe->first);
  }
  m_output.reset();
  m_begin = system_clock().monotonic();
  m_until = m_begin + m_plan.deadline;
}

void Guardian::reap() {
  for (;;) {
    int status = 0;
    const pid_t pid = waitpid(-1, &status, WNOHANG);
    if (pid == m_runner && pid > 0) {
      note_runner_end(status);
    } else if (pid == 0) {
      return;
    } else if (pid < 0 && errno != EINTR) {
      m_alone = true;
      return;
    } else if (pid > 0) {
      m_notes.look_soon();
    }
  }
}

void Guardian::note_runner_end(int status) {
  m_runner_ended = true;
  StartError failure{};
  if (read(m_start_error.get(), &failure, sizeof failure) == sizeof failure) {
    tell(failure.kind, 0, failure.error);
  } else {
    tell(Kind::exited, m_runner, status);
  }
}

void Guardian::advance() {
  if (m_phase == Phase::running && m_runner_ended) {
    enter(Phase::settling, m_plan.settle);
  }
  const bool expired = system_clock().monotonic() >= m_until;
  switch (m_phase) {
  case Phase::running:
    if (expired && m_plan.deadline > Milliseconds(0)) {
      stop(GuardianEvent::deadline);
    }
    return;
  case Phase::settling:
    if (expired && !m_alone) {
      end_leaked();
    }
    return;
  case Phase::terminating:
    if (!expired) {
      return;
    }
    enter(Phase::killing, k_kill_patience);
    [[fallthrough]];
  case Phase::killing:
    if (!m_alone) {
      signal_everything(SIGKILL);
      chase();
      if (system_clock().monotonic() >= m_until) {
        finish();
      }
    }
    return;
  }
}

void Guardian::stop(GuardianEvent::StopReason reason) {
  tell(Kind::stopped, 0, reason);
  tell_processes(Kind::running, descendants(getpid()));
  terminate(m_plan.stop_signal, m_plan.grace);
}

void Guardian::end_leaked() {
  const std::vector<ProcessEntry> leaked = descendants(getpid());
  if (leaked.empty()) {
    // Seen by waitpid but not by /proc: ended just now, on its way to another parent, or hidden for good.
    if (system_clock().monotonic() < m_until + k_unseen_patience) {
      return;
    }
    tell(Kind::leaked, 0, 0, "a process that /proc does not show");
  }
  tell_processes(Kind::leaked, leaked);
  terminate(SIGTERM, std::min(m_plan.grace, k_leak_grace));
}

void Guardian::terminate(int signal, Milliseconds grace) {
  enter(Phase::terminating, grace);
  signal_everything(signal);
  signal_everything(SIGCONT);
}

/// Everything below the guardian; without /proc, what bears the tag.
std::vector<ProcessEntry> Guardian::everything() const {
  return has_process_table() ? descendants(getpid()) : processes_with_tag(m_plan.tag, getpid());
}

void Guardian::signal_everything(int signal) {
  std::vector<ProcessEntry> processes = everything();
  if (signal == SIGCONT) {
    std::erase_if(processes,
                  [](const ProcessEntry& entry) { return entry.state != 'T' && entry.state != '?'; });
  }
  if (processes.empty() && m_runner > 0 && !m_runner_ended) {
    kill(-m_runner, signal); // is there even where nothing can be looked up
  }
  send_signal(processes, signal);
}

/// Kills what forks faster than /proc can be read: whatever loses its parent becomes a child of the guardian.
void Guardian::chase() {
  constexpr int k_rounds = 200;
  for (int round = 0; round < k_rounds && !m_alone; ++round) {
    for (const pid_t child : own_children()) {
      kill(child, SIGKILL);
    }
    reap();
  }
}

void Guardian::wait() {
  const Milliseconds now = system_clock().monotonic();
  Milliseconds until = m_until;
  if (m_phase == Phase::killing || (m_phase == Phase::settling && now >= m_until)) {
    until = now + k_rescan;
  }
  const bool forever = m_phase == Phase::running && m_plan.deadline == Milliseconds(0);
  if (takes_notes()) {
    until = forever ? m_notes.due() : std::min(until, m_notes.due());
  }
  pollfd fds[] = {{m_control.get(), POLLIN, 0}, {m_children.descriptor(), POLLIN, 0}};
  poll(fds, std::size(fds), forever && !takes_notes() ? -1 : poll_timeout(until));
  while (m_children.take()) {
  }
}

void Guardian::read_commands() {
  while (m_control.get() >= 0) {
    char command = 0;
    const ssize_t count = read(m_control.get(), &command, 1);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
      return;
    }
    reap();
    if (count <= 0) {
      m_control.reset();
      if (m_plan.on_abandoned) {
        m_note_end = m_plan.on_abandoned(system_clock().monotonic() - m_begin);
      }
      if (m_phase == Phase::running || m_phase == Phase::settling) {
        terminate(m_plan.stop_signal, m_plan.grace);
      }
    } else if (command == k_command_stop && m_phase == Phase::running && !m_runner_ended) {
      stop(GuardianEvent::request);
    }
  }
}

void Guardian::finish() {
  const std::vector<ProcessEntry> left = everything();
  tell_processes(Kind::left, left);
  tell(Kind::stuck, 0, static_cast<int>(left.size()));
  leave();
}

void Guardian::leave() {
  m_notes.remove();
  if (m_note_end) {
    m_note_end();
  }
  _exit(0);
}

void Guardian::tell(Kind kind, pid_t pid, int value, std::string_view command) {
  GuardianEvent event;
  event.kind = kind;
  event.pid = pid;
  event.value = value;
  command.copy(event.command.data(), event.command.size() - 1);
  [[maybe_unused]] const ssize_t written = write(m_control.get(), &event, sizeof event);
}

void Guardian::tell_processes(Kind kind, const std::vector<ProcessEntry>& processes) {
  for (std::size_t i = 0; i < std::min(processes.size(), k_reported_processes); ++i) {
    tell(kind, processes[i].pid, 0, command_line(processes[i].pid));
  }
}

/// What the guardian does, in a process of its own.
[[noreturn]] void guard(const GuardianPlan& plan, int control, int output) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGPIPE}) {
    handle(signal, SIG_IGN);
  }
  unblock_signals();
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  bear_tag(plan.tag);
  set_process_title(fmt::format("matrix-guardian of {}", plan.launcher));
  if (chdir("/") != 0) {
    _exit(1);
  }
  Guardian(plan, control, output).run();
}

} // namespace

Result<void> start_guardian(const GuardianPlan& plan, int control, int output) {
  std::vector<int> kept = turn_descriptors(); // until the last process of the run is gone
  kept.insert(kept.end(), {control, output});
  return start_detached("the guardian process", kept, [&] { guard(plan, control, output); });
}

} // namespace ctest_matrix
