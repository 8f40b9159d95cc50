#include "process/process.hpp"

#include "base/text.hpp"
#include "process/broken_pipe.hpp"
#include "process/guardian.hpp"
#include "process/launch.hpp"
#include "process/leftovers.hpp"
#include "process/notes.hpp"
#include "process/parent.hpp"
#include "process/pipes.hpp"
#include "process/table.hpp"
#include "process/tag.hpp"
#include "process/turn.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <iterator>
#include <optional>
#include <set>

namespace ctest_matrix {

namespace {

using Kind = GuardianEvent::Kind;

/// What the guardian may take beyond the times that it is given before it is looked at: it may have been
/// stopped.
constexpr Milliseconds k_slack{500};

/// What one that is not stopped may take in all: for what the system does not let go, on a busy machine.
constexpr Milliseconds k_longest_slack = k_kill_patience + Milliseconds(5'000);
constexpr Milliseconds k_sweep_pause{5};

/// The signals that end a run, and the one that tells of the end of the parent. What this process ignores as
/// a background job or under nohup stays ignored.
std::vector<int> interruptions() {
  std::vector<int> signals{SIGTERM, parent_signal()};
  for (const int signal : {SIGINT, SIGHUP}) {
    struct sigaction current {};

    sigaction(signal, nullptr, &current);
    if (current.sa_handler != SIG_IGN) {
      signals.push_back(signal);
    }
  }
  return signals;
}

std::optional<Milliseconds> earlier(std::optional<Milliseconds> one, std::optional<Milliseconds> other) {
  return one && other ? std::min(one, other) : one ? one : other;
}

std::string name_some(const std::vector<ProcessInfo>& processes) {
  constexpr std::size_t k_named = 8;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(processes.size(), k_named); ++i) {
    names.push_back(fmt::format("{} ({})", processes[i].pid, processes[i].command));
  }
  return join(names, ", ") + (processes.size() > k_named ? ", …" : "");
}

/// One run, from the fork of the guardian to the last sweep.
class Supervision {
public:
  Supervision(const ProcessSpec& spec, const GuardianPlan& plan)
      : m_spec(spec), m_plan(plan), m_signals(interruptions()) {
    watch_parent();
  }

  Outcome run();

private:
  Result<void> start();
  void loop();
  std::optional<Awaited> awaited() const;
  void read_output(std::size_t limit);
  void read_events();
  void note(const GuardianEvent& event);
  void note_exit(int status);
  void take_signals();
  void interrupt(int signal);
  void wake_guardian() const;
  void be_patient(Milliseconds from_now);
  bool may_go_on();
  void account_for_lost_guardian();
  void sweep_strays();
  std::vector<ProcessInfo> sweep_run();

  void take_time() { m_outcome.duration = system_clock().monotonic() - m_started; }

  const ProcessSpec& m_spec;
  const GuardianPlan& m_plan;
  Outcome m_outcome;
  IgnoredBrokenPipe m_ignored;
  SignalPipe m_signals;
  Descriptor m_control;
  Descriptor m_output;
  std::string m_received; ///< the part of an event that has arrived
  std::array<char, 65536> m_buffer{};
  std::vector<ProcessInfo> m_left;
  std::optional<Milliseconds> m_patience; ///< until when the guardian has to say something
  Milliseconds m_hung_after{0};
  bool m_woken = false; ///< it has not, and was looked at
  Milliseconds m_started{0};
  pid_t m_guardian = 0;
  bool m_finished = false; ///< the guardian said that it is done
  bool m_stopped = false;  ///< the end is decided: deadline, interruption or not started
};

Outcome Supervision::run() {
  m_started = system_clock().monotonic();
  if (auto started = start(); !started) {
    m_outcome.error = started.error().message;
    return std::move(m_outcome);
  }
  loop();
  if (m_finished) {
    sweep_strays();
  } else {
    account_for_lost_guardian();
  }
  int pending = 0;
  if (ioctl(m_output.get(), FIONREAD, &pending) == 0) {
    read_output(static_cast<std::size_t>(std::max(pending, 0)));
  }
  return std::move(m_outcome);
}

Result<void> Supervision::start() {
  if (parent_is_gone()) {
    m_outcome.end = Outcome::End::interrupted;
    m_outcome.interrupted_by = SIGTERM;
    return Error{ExitCode::interrupted, "the process that asked for it is gone"};
  }
  TRY_ASSIGN(DescriptorPair control, make_socket_pair());
  TRY_ASSIGN(DescriptorPair output, make_pipe());
  name_run_in_turns(m_spec.marker, leftover_patience(m_plan.grace));
  TRY(start_guardian(m_plan, control.second.get(), output.second.get()));
  m_control = std::move(control.first);
  m_output = std::move(output.first);
  set_nonblocking(m_control.get());
  set_nonblocking(m_output.get());
  // Only now, when the guardian is nobody's child but init's, may it start something.
  [[maybe_unused]] const ssize_t written = write(m_control.get(), &k_command_go, 1);
  if (m_plan.deadline > Milliseconds(0)) {
    be_patient(m_plan.deadline);
  }
  return {};
}

void Supervision::loop() {
  while (m_control.get() >= 0 && may_go_on()) {
    const auto other = awaited();
    pollfd fds[] = {{m_control.get(), POLLIN, 0},
                    {m_output.get(), POLLIN, 0},
                    {m_signals.descriptor(), POLLIN, 0},
                    {other ? other->descriptor : -1, other ? other->events : short{0}, 0}};
    const auto wake = earlier(m_patience, other ? std::optional(other->until) : std::nullopt);
    const int ready = poll(fds, std::size(fds), wake ? poll_timeout(*wake) : -1);
    if (other && !m_stopped && (fds[3].revents != 0 || system_clock().monotonic() >= other->until) &&
        !m_spec.attend()) {
      interrupt(SIGTERM);
    }
    if (ready <= 0) {
      continue;
    }
    if (fds[1].revents != 0) {
      read_output(m_buffer.size());
    }
    take_signals();
    if (fds[0].revents != 0) {
      read_events();
    }
  }
}

void Supervision::take_signals() {
  while (const auto signal = m_signals.take()) {
    if (*signal != parent_signal()) {
      interrupt(*signal);
    } else if (parent_is_gone()) {
      interrupt(SIGTERM);
    }
  }
}

/// What the caller waits for, as long as the run is to go on.
std::optional<Awaited> Supervision::awaited() const {
  return m_spec.awaited && !m_stopped ? std::optional(m_spec.awaited()) : std::nullopt;
}

/// Passes on what is there, at most `limit` bytes; closes the pipe at its end.
void Supervision::read_output(std::size_t limit) {
  while (limit > 0) {
    const ssize_t count = read(m_output.get(), m_buffer.data(), std::min(limit, m_buffer.size()));
    if (count == 0) {
      m_output.reset();
    }
    if (count <= 0) {
      return;
    }
    limit -= static_cast<std::size_t>(count);
    if (m_spec.on_output) {
      m_spec.on_output(std::string_view(m_buffer.data(), static_cast<std::size_t>(count)));
    }
  }
}

void Supervision::read_events() {
  std::array<char, 16 * sizeof(GuardianEvent)> buffer;
  const ssize_t count = read(m_control.get(), buffer.data(), buffer.size());
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
    return;
  }
  if (count <= 0) {
    m_control.reset();
    return;
  }
  m_received.append(buffer.data(), static_cast<std::size_t>(count));
  while (m_received.size() >= sizeof(GuardianEvent)) {
    GuardianEvent event;
    std::memcpy(&event, m_received.data(), sizeof event);
    event.command.back() = '\0';
    m_received.erase(0, sizeof event);
    note(event);
  }
}

void Supervision::note(const GuardianEvent& event) {
  const ProcessInfo process{event.pid, event.command.data()};
  switch (event.kind) {
  case Kind::ready:
    m_guardian = event.pid;
    return;
  case Kind::no_fork:
  case Kind::no_directory:
  case Kind::no_program:
    take_time();
    m_stopped = true;
    m_outcome.end = Outcome::End::not_started;
    m_outcome.error = start_failure(m_plan, event.kind, event.value);
    return;
  case Kind::exited:
    note_exit(event.value);
    return;
  case Kind::stopped:
    take_time();
    m_stopped = true;
    m_outcome.end =
        event.value == GuardianEvent::deadline ? Outcome::End::deadline : Outcome::End::interrupted;
    be_patient(m_plan.grace);
    return;
  case Kind::running:
    m_outcome.running.push_back(process);
    return;
  case Kind::leaked:
    m_outcome.leaked.push_back(process);
    return;
  case Kind::left:
    m_left.push_back(process);
    return;
  case Kind::stuck:
    m_outcome.error = fmt::format("{} processes would not end: {}", event.value, name_some(m_left));
    m_finished = true;
    return;
  case Kind::done:
    m_finished = true;
    return;
  }
}

void Supervision::note_exit(int status) {
  if (m_stopped) {
    return;
  }
  take_time();
  if (WIFEXITED(status)) {
    m_outcome.end = Outcome::End::exited;
    m_outcome.exit_code = WEXITSTATUS(status);
  } else {
    m_outcome.end = Outcome::End::signalled;
    m_outcome.signal = WTERMSIG(status);
  }
  be_patient(m_plan.settle + m_plan.grace);
}

void Supervision::interrupt(int signal) {
  if (m_outcome.interrupted_by == 0) {
    m_outcome.interrupted_by = signal;
    if (m_spec.on_interrupt && m_outcome.end == Outcome::End::not_started && !m_stopped) {
      m_spec.on_interrupt();
    }
    [[maybe_unused]] const ssize_t written = write(m_control.get(), &k_command_stop, 1);
    wake_guardian(); // whoever stopped the rest has stopped it, too
    be_patient(m_plan.settle + m_plan.grace);
  }
}

void Supervision::wake_guardian() const {
  if (m_guardian > 0) {
    kill(m_guardian, SIGCONT);
  }
}

void Supervision::be_patient(Milliseconds from_now) {
  m_patience = system_clock().monotonic() + from_now + k_slack;
  m_woken = false;
}

/// False for a guardian that does not do its work. Somebody may have stopped it: it is woken once; one that
/// goes on stopping, or takes too long for whatever reason, is killed, and its runner goes with it.
bool Supervision::may_go_on() {
  const Milliseconds now = system_clock().monotonic();
  if (!m_patience || now < *m_patience) {
    return true;
  }
  if (!m_woken) {
    m_woken = true;
    m_hung_after = now + k_longest_slack;
    m_patience = now + k_slack;
    wake_guardian();
    return true;
  }
  if (now < m_hung_after && !is_stopped(m_guardian)) {
    m_patience = now + k_slack;
    return true;
  }
  if (m_guardian > 0) {
    kill(m_guardian, SIGKILL);
  }
  return false;
}

/// Does what the guardian would have done, and says so.
void Supervision::account_for_lost_guardian() {
  if (m_guardian == 0) {
    m_outcome.error = "the guardian process ended before it could start the command";
    return;
  }
  const bool late =
      m_plan.deadline > Milliseconds(0) && system_clock().monotonic() >= m_started + m_plan.deadline;
  const std::vector<ProcessInfo> killed = sweep_run();
  const std::string fate =
      !m_left.empty() ? fmt::format("{} of its processes would not end: {}", m_left.size(), name_some(m_left))
      : killed.empty() ? "nothing more of it was found"
                       : fmt::format("{} of its processes were killed: {}", killed.size(), name_some(killed));
  const std::string sentence =
      fmt::format("the guardian process {} disappeared during the run; {}", m_guardian, fate);
  if (m_stopped || m_outcome.interrupted_by != 0 || late) {
    m_outcome.error += (m_outcome.error.empty() ? "" : "; ") + sentence;
  } else {
    m_outcome.signal = SIGKILL;
    m_outcome.error = sentence;
  }
  if (!m_stopped) {
    take_time();
    m_outcome.exit_code = -1;
    m_outcome.end = m_outcome.interrupted_by != 0 ? Outcome::End::interrupted
                    : late                        ? Outcome::End::deadline
                                                  : Outcome::End::signalled;
  }
}

/// Kills what is left of the run that the guardian does not look after any more: what bears its tag or its
/// marker, everything below that, and the guardian's session.
std::vector<ProcessInfo> Supervision::sweep_run() {
  constexpr int k_quiet_enough = 2; // looks that find nothing: a process can be missed while it forks
  std::vector<ProcessInfo> killed;
  std::set<pid_t> seen;
  const Milliseconds limit = system_clock().monotonic() + k_kill_patience;
  for (int quiet = 0; quiet < k_quiet_enough;) {
    std::vector<ProcessEntry> found = processes_of_run(m_spec.marker, getpid());
    std::ranges::move(processes_of_session(m_guardian), std::back_inserter(found));
    quiet = found.empty() ? quiet + 1 : 0;
    for (const ProcessEntry& entry : found) {
      if (entry.pid != m_guardian && seen.insert(entry.pid).second) {
        killed.push_back({entry.pid, command_line(entry.pid)});
      }
    }
    kill_run(m_spec.marker, found);
    if (system_clock().monotonic() >= limit) {
      for (const ProcessEntry& entry : found) {
        m_left.push_back({entry.pid, command_line(entry.pid)});
      }
      break;
    }
    poll(nullptr, 0, static_cast<int>(k_sweep_pause.count()));
  }
  if (m_left.empty()) {
    forget_noted_processes(m_spec.marker);
  }
  return killed;
}

/// Kills what bears the marker though the guardian, below which it never was, saw nothing more.
void Supervision::sweep_strays() {
  const bool marked = !m_spec.marker.empty() && !own_environment_has(m_spec.marker);
  const Milliseconds limit = system_clock().monotonic() + k_kill_patience;
  while (marked && system_clock().monotonic() < limit) {
    const std::vector<pid_t> strays = processes_with_environment(m_spec.marker);
    if (strays.empty()) {
      return;
    }
    for (const pid_t stray : strays) {
      const auto known = [&](const ProcessInfo& process) { return process.pid == stray; };
      if (std::none_of(m_outcome.leaked.begin(), m_outcome.leaked.end(), known)) {
        m_outcome.leaked.push_back({stray, command_line(stray)});
      }
      kill(stray, SIGKILL);
    }
    poll(nullptr, 0, static_cast<int>(k_sweep_pause.count()));
  }
}

} // namespace

namespace {

constexpr Milliseconds k_hold_tick{100};
std::atomic<int> hold_ticks{0}; // NOLINT: of a signal handler
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void count_held(int) {
  sigset_t pending;
  sigpending(&pending);
  const bool asked = parent_is_gone() || sigismember(&pending, SIGTERM) == 1 ||
                     sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGHUP) == 1;
  if (asked && --hold_ticks <= 0) {
    _exit(static_cast<int>(ExitCode::interrupted));
  }
}

} // namespace

HeldInterruptions::HeldInterruptions() {
  sigemptyset(&m_held);
  for (const int signal : interruptions()) {
    sigaddset(&m_held, signal);
  }
  pthread_sigmask(SIG_BLOCK, &m_held, &m_before);
}

HeldInterruptions::~HeldInterruptions() {
  constexpr itimerval k_none{};
  constexpr timespec k_at_once{};
  setitimer(ITIMER_REAL, &k_none, nullptr);
  while (sigtimedwait(&m_held, nullptr, &k_at_once) > 0) {
  }
  pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
}

void HeldInterruptions::end_within(Milliseconds patience) {
  hold_ticks = static_cast<int>(patience / k_hold_tick) + 1;

  struct sigaction action {};

  action.sa_handler = count_held;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, nullptr);
  const auto tick = static_cast<suseconds_t>(std::chrono::microseconds(k_hold_tick).count());
  const itimerval each{{0, tick}, {0, tick}};
  setitimer(ITIMER_REAL, &each, nullptr);
}

Outcome supervise(const ProcessSpec& spec) {
  const Result<GuardianPlan> plan = plan_run(spec);
  if (!plan) {
    Outcome outcome;
    outcome.error = plan.error().message;
    return outcome;
  }
  return Supervision(spec, *plan).run();
}

} // namespace ctest_matrix
