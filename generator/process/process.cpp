#include "process/process.hpp"

#include "base/text.hpp"
#include "process/guardian.hpp"
#include "process/launch.hpp"
#include "process/pipes.hpp"
#include "process/table.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

namespace ctest_matrix {

namespace {

using Kind = GuardianEvent::Kind;

/// What the guardian may take beyond the times that it is given before it counts as hung.
constexpr Milliseconds k_slack{5'000};
constexpr Milliseconds k_sweep_pause{5};

/// Ignores SIGPIPE while it lives: output that nobody reads any more must not end the launcher.
class IgnoredBrokenPipe {
public:
  IgnoredBrokenPipe() {
    struct sigaction ignore {};

    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, &m_previous);
  }

  IgnoredBrokenPipe(const IgnoredBrokenPipe&) = delete;
  IgnoredBrokenPipe& operator=(const IgnoredBrokenPipe&) = delete;

  ~IgnoredBrokenPipe() { sigaction(SIGPIPE, &m_previous, nullptr); }

private:
  struct sigaction m_previous {};
};

/// Tells when the parent process ends: by a descriptor that becomes readable (a death signal would also come
/// when just the thread of the parent ends that started this process), by SIGTERM on kernels before 5.3.
class ParentWatch {
public:
  ParentWatch() {
    const pid_t parent = getppid();
    m_process = Descriptor(static_cast<int>(syscall(SYS_pidfd_open, parent, 0)));
    if (m_process.get() < 0) {
      prctl(PR_GET_PDEATHSIG, &m_previous_signal);
      prctl(PR_SET_PDEATHSIG, SIGTERM);
      m_by_signal = true;
    }
    m_gone = getppid() != parent;
  }

  ParentWatch(const ParentWatch&) = delete;
  ParentWatch& operator=(const ParentWatch&) = delete;

  ~ParentWatch() {
    if (m_by_signal) {
      prctl(PR_SET_PDEATHSIG, m_previous_signal);
    }
  }

  /// True when the parent ended while the watch was set up.
  bool gone() const { return m_gone; }

  int descriptor() const { return m_process.get(); }

  void stop() { m_process.reset(); }

private:
  Descriptor m_process;
  bool m_by_signal = false;
  bool m_gone = false;
  int m_previous_signal = 0;
};

/// The signals that end a run. What this process ignores as a background job or under nohup stays ignored.
std::vector<int> interruptions() {
  std::vector<int> signals{SIGTERM};
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

std::string name_all(const std::vector<ProcessInfo>& processes) {
  std::vector<std::string> names;
  names.reserve(processes.size());
  for (const ProcessInfo& process : processes) {
    names.push_back(fmt::format("{} ({})", process.pid, process.command));
  }
  return join(names, ", ");
}

/// One run, from the fork of the guardian to the last sweep.
class Supervision {
public:
  Supervision(const ProcessSpec& spec, const GuardianPlan& plan)
      : m_spec(spec), m_plan(plan), m_signals(interruptions()) {}

  Outcome run();

private:
  Result<void> start();
  void loop();
  std::optional<Awaited> awaited() const;
  void read_output(std::size_t limit);
  void read_events();
  void note(const GuardianEvent& event);
  void note_exit(int status);
  void interrupt(int signal);
  void be_patient(Milliseconds from_now);
  void end_hung_guardian();
  void account_for_lost_guardian();
  void sweep();

  void take_time() { m_outcome.duration = system_clock().monotonic() - m_started; }

  const ProcessSpec& m_spec;
  const GuardianPlan& m_plan;
  Outcome m_outcome;
  IgnoredBrokenPipe m_ignored;
  SignalPipe m_signals;
  ParentWatch m_parent;
  Descriptor m_control;
  Descriptor m_output;
  std::string m_received; ///< the part of an event that has arrived
  std::array<char, 65536> m_buffer{};
  std::vector<ProcessInfo> m_left;
  std::optional<Milliseconds> m_patience; ///< until when the guardian has to say something
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
  if (!m_finished) {
    account_for_lost_guardian();
  }
  sweep();
  int pending = 0;
  if (ioctl(m_output.get(), FIONREAD, &pending) == 0) {
    read_output(static_cast<std::size_t>(std::max(pending, 0)));
  }
  return std::move(m_outcome);
}

Result<void> Supervision::start() {
  TRY_ASSIGN(DescriptorPair control, make_socket_pair());
  TRY_ASSIGN(DescriptorPair output, make_pipe());
  TRY(start_guardian(m_plan, control.second.get(), output.second.get()));
  m_control = std::move(control.first);
  m_output = std::move(output.first);
  set_nonblocking(m_control.get());
  set_nonblocking(m_output.get());
  // Only now, when the guardian is nobody's child but init's, may it start something.
  [[maybe_unused]] const ssize_t written = write(m_control.get(), &k_command_go, 1);
  if (m_parent.gone()) {
    interrupt(SIGTERM);
  }
  if (m_plan.deadline > Milliseconds(0)) {
    be_patient(m_plan.deadline + m_plan.settle + m_plan.grace);
  }
  return {};
}

void Supervision::loop() {
  while (m_control.get() >= 0) {
    const auto other = awaited();
    pollfd fds[] = {{m_control.get(), POLLIN, 0},
                    {m_output.get(), POLLIN, 0},
                    {m_signals.descriptor(), POLLIN, 0},
                    {m_parent.descriptor(), POLLIN, 0},
                    {other ? other->descriptor : -1, other ? other->events : short{0}, 0}};
    const auto wake = earlier(m_patience, other ? std::optional(other->until) : std::nullopt);
    const int ready = poll(fds, std::size(fds), wake ? poll_timeout(*wake) : -1);
    if (ready == 0 && m_patience && system_clock().monotonic() >= *m_patience) {
      end_hung_guardian();
      return;
    }
    if (other && !m_stopped && (fds[4].revents != 0 || system_clock().monotonic() >= other->until) &&
        !m_spec.attend()) {
      interrupt(SIGTERM);
    }
    if (ready <= 0) {
      continue;
    }
    if (fds[1].revents != 0) {
      read_output(m_buffer.size());
    }
    while (const auto signal = m_signals.take()) {
      interrupt(*signal);
    }
    if (fds[3].revents != 0) {
      m_parent.stop();
      interrupt(SIGTERM);
    }
    if (fds[0].revents != 0) {
      read_events();
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
    m_outcome.error = fmt::format("{} processes would not end: {}", event.value, name_all(m_left));
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
    be_patient(m_plan.settle + m_plan.grace);
  }
}

void Supervision::be_patient(Milliseconds from_now) {
  m_patience = system_clock().monotonic() + from_now + k_kill_patience + k_slack;
}

/// Kills a guardian that does not do its work (somebody stopped it); the runner goes with it.
void Supervision::end_hung_guardian() {
  if (m_guardian > 0) {
    kill(m_guardian, SIGKILL);
  }
}

void Supervision::account_for_lost_guardian() {
  if (m_guardian == 0) {
    m_outcome.error = "the guardian process ended before it could start the command";
    return;
  }
  const std::string sentence = fmt::format(
      "the guardian process {} disappeared during the run, whose processes were killed", m_guardian);
  if (m_stopped) {
    m_outcome.error += (m_outcome.error.empty() ? "" : "; ") + sentence;
    return;
  }
  take_time();
  m_outcome.end = Outcome::End::signalled;
  m_outcome.exit_code = -1;
  m_outcome.signal = SIGKILL;
  m_outcome.error = sentence;
}

/// Kills what bears the marker though the guardian saw nothing more; without the guardian, also what is left
/// of its session.
void Supervision::sweep() {
  const bool marked = !m_spec.marker.empty() && !own_environment_has(m_spec.marker);
  const Milliseconds limit = system_clock().monotonic() + k_kill_patience;
  const int enough = m_finished ? 1 : 2;
  for (int quiet = 0; quiet < enough;) {
    const std::vector<ProcessEntry> session =
        m_finished || m_guardian == 0 ? std::vector<ProcessEntry>() : processes_of_session(m_guardian);
    const std::vector<pid_t> strays =
        marked ? processes_with_environment(m_spec.marker) : std::vector<pid_t>();
    quiet = session.empty() && strays.empty() ? quiet + 1 : 0;
    if (quiet >= enough || system_clock().monotonic() >= limit) {
      return;
    }
    for (const pid_t stray : strays) {
      const auto known = [&](const ProcessInfo& process) { return process.pid == stray; };
      if (m_finished && std::none_of(m_outcome.leaked.begin(), m_outcome.leaked.end(), known)) {
        m_outcome.leaked.push_back({stray, command_line(stray)});
      }
      kill(stray, SIGKILL);
    }
    send_signal(session, SIGKILL);
    poll(nullptr, 0, static_cast<int>(k_sweep_pause.count()));
  }
}

} // namespace

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
