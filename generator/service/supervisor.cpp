#include "service/supervisor.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "plan/environment.hpp"
#include "process/process.hpp"
#include "process/table.hpp"
#include "service/health.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr Milliseconds k_tick{50};
constexpr std::uint64_t k_log_limit = 1ULL << 30; // bytes of a service's log
constexpr std::size_t k_longest_line = 64 << 10;  // bytes of a line that is looked at

/// Follows one instance from start to end; its methods are called between the waits of `supervise`.
class Supervisor {
public:
  Supervisor(const SuitePlan& suite, const Service& service, ServiceFiles files, ServiceState state)
      : m_suite(suite), m_service(service), m_files(std::move(files)), m_state(std::move(state)),
        m_log(std::fopen(m_state.log.c_str(), "we")) {}

  void run() {
    m_state.supervisor = ProcessIdentity::of(getpid());
    m_state.phase = ServicePhase::starting;
    publish();
    const TextTemplate::Lookup lookup = lookup_in(m_state.values);
    ProcessSpec spec;
    auto argv = render_command(m_service.command, lookup);
    auto environment = environment_with(m_service.environment, lookup);
    if (!argv || !environment) {
      fail((argv ? environment.error() : argv.error()).message);
      publish();
      return;
    }
    spec.argv = std::move(*argv);
    spec.environment = std::move(*environment);
    spec.directory = (m_suite.places.root / m_service.directory).lexically_normal();
    spec.marker = service_marker(m_state.instance);
    spec.stop_signal = m_service.stop_signal;
    spec.grace = m_service.grace;
    spec.on_output = [this](std::string_view chunk) {
      log(chunk);
      look_for_line(chunk);
    };
    spec.tick = k_tick;
    spec.keep_running = [this] { return tick(); };
    if (superseded()) {
      return;
    }
    m_begin = system_clock().monotonic();
    conclude(supervise(spec));
    publish();
  }

private:
  /// Whoever started it was killed, and another one was started since.
  bool superseded() const {
    const auto state = m_files.read();
    return state && state->instance != m_state.instance;
  }

  void publish() const {
    if (superseded()) {
      return;
    }
    if (const auto written = m_files.write(m_state); !written && m_log != nullptr) {
      fmt::print(m_log, "[ctest-matrix] {}\n", written.error().message);
    }
  }

  void log(std::string_view chunk) {
    if (m_log != nullptr && m_logged < k_log_limit) {
      std::fwrite(chunk.data(), 1, chunk.size(), m_log);
      std::fflush(m_log);
      m_logged += chunk.size();
    }
  }

  /// For HealthKind::log: whether a line of the output holds the text.
  void look_for_line(std::string_view chunk) {
    if (m_service.health.kind != HealthKind::log || m_line_seen) {
      return;
    }
    m_line += chunk;
    const std::size_t last = m_line.rfind('\n');
    m_line_seen = strip_ansi(m_line).find(m_state.target) != std::string::npos;
    if (last != std::string::npos) {
      m_line.erase(0, last + 1);
    }
    if (m_line.size() > k_longest_line) {
      m_line.erase(0, m_line.size() - m_state.target.size());
    }
  }

  void fail(std::string detail) {
    m_state.phase = ServicePhase::failed;
    m_state.detail = std::move(detail);
  }

  /// Whether the service is to go on.
  bool tick() {
    if (superseded() || m_files.stop_requested(m_state.instance)) {
      m_state.phase = ServicePhase::stopping;
      publish();
      return false;
    }
    if (m_state.phase == ServicePhase::starting && !check_start()) {
      return false;
    }
    const Milliseconds now = system_clock().monotonic();
    if (!m_files.leases().empty()) {
      m_last_needed = now;
    }
    const Milliseconds linger = m_state.phase == ServicePhase::healthy ? m_state.linger : Milliseconds(0);
    return m_last_needed == now || now - m_last_needed < linger || !stop_for_want_of_leases();
  }

  /// Says that the service ends, unless somebody is just about to take a lease: whoever does that holds the
  /// lock.
  bool stop_for_want_of_leases() {
    const auto lock = FileLock::acquire(m_files.lock(), Milliseconds(0));
    if (!lock || !m_files.leases().empty()) {
      return false;
    }
    m_state.phase = ServicePhase::stopping;
    publish();
    return true;
  }

  bool check_start() {
    const Milliseconds now = system_clock().monotonic();
    const bool by_line = m_service.health.kind == HealthKind::log;
    if (by_line && m_line_seen) {
      return become_healthy(now);
    }
    if (!by_line && now < m_next_probe) {
      return true;
    }
    m_next_probe = now + m_service.health.interval;
    std::string problem = fmt::format("no line of its output holds '{}'", m_state.target);
    if (!by_line) {
      const auto timeout = std::max(m_service.health.interval, Milliseconds(1000));
      problem = probe_service(m_service.health, m_state.target, timeout).problem;
    }
    if (problem.empty()) {
      return become_healthy(now);
    }
    if (now - m_begin > m_service.health.timeout) {
      fail(by_line ? fmt::format("not ready after {}: {}", format_duration(m_service.health.timeout), problem)
                   : fmt::format("not healthy at {} after {}: {}", m_state.target,
                                 format_duration(m_service.health.timeout), problem));
      return false;
    }
    return true;
  }

  bool become_healthy(Milliseconds now) {
    if (const std::string stranger = foreign_listener(); !stranger.empty()) {
      fail(stranger);
      return false;
    }
    m_state.phase = ServicePhase::healthy;
    m_state.start_time = now - m_begin;
    m_last_needed = now;
    publish();
    return true;
  }

  /// An engine whose port is taken may stay up, while somebody else answers for it.
  std::string foreign_listener() const {
    std::vector<int> ports;
    if (const auto port = health_port(m_service.health.kind, m_state.target)) {
      ports.push_back(*port);
    }
    for (const std::string& name : m_service.ports) {
      ports.push_back(std::stoi(m_state.values.at(fmt::format("{}.port.{}", m_service.name, name))));
    }
    const auto own = processes_with_environment(service_marker(m_state.instance));
    const auto is_own = [&](pid_t pid) { return std::find(own.begin(), own.end(), pid) != own.end(); };
    for (const int port : ports) {
      const auto listeners = listener_of(port);
      if (!listeners.empty() && std::none_of(listeners.begin(), listeners.end(), is_own)) {
        return fmt::format("another process listens at its port {}: {} ({})", port, listeners.front(),
                           command_line(listeners.front()));
      }
    }
    return "";
  }

  void conclude(const Outcome& outcome) {
    if (m_state.phase == ServicePhase::stopping) {
      m_state.phase = ServicePhase::stopped;
      return;
    }
    std::string how;
    switch (outcome.end) {
    case Outcome::End::exited:
      how = fmt::format("it exited {} after {}", outcome.exit_code, format_duration(outcome.duration));
      break;
    case Outcome::End::signalled:
      how = fmt::format("it was ended by signal {} ({}) after {}", outcome.signal, strsignal(outcome.signal),
                        format_duration(outcome.duration));
      break;
    case Outcome::End::not_started:
      how = outcome.error;
      break;
    case Outcome::End::deadline:
    case Outcome::End::interrupted:
      if (m_state.phase != ServicePhase::failed) {
        m_state.phase = ServicePhase::stopped;
      }
      return;
    }
    if (m_state.phase == ServicePhase::healthy) {
      m_state.phase = ServicePhase::died;
      m_state.detail = how;
    } else if (m_state.phase == ServicePhase::starting) {
      fail(how);
    }
  }

  const SuitePlan& m_suite;
  const Service& m_service;
  ServiceFiles m_files;
  ServiceState m_state;
  std::FILE* m_log;
  std::uint64_t m_logged = 0;
  std::string m_line; ///< the end of the output that is not a whole line yet
  bool m_line_seen = false;
  Milliseconds m_begin{0};
  Milliseconds m_next_probe{0};
  Milliseconds m_last_needed{0}; ///< when there was a lease, or the service became healthy
};

/// Lets go of the terminal and of every descriptor of the caller: CTest waits for whoever holds its pipe.
/// Waits until `parent`, which is ending, is no longer the parent: `supervise` stops when the parent does.
void detach(pid_t parent) {
  setsid();
  while (getppid() == parent) {
    usleep(100);
  }
  const int null = open("/dev/null", O_RDWR);
  dup2(null, STDIN_FILENO);
  dup2(null, STDOUT_FILENO);
  dup2(null, STDERR_FILENO);
  for (int fd = 3; fd < 1024; ++fd) {
    close(fd);
  }
}

} // namespace

Result<void> start_supervisor(const SuitePlan& suite, const Service& service, const ServiceFiles& files,
                              const ServiceState& state) {
  std::error_code ignored;
  fs::create_directories(fs::path(state.log).parent_path(), ignored);
  // So that nobody takes the last instance's state for this one's.
  if (auto written = files.write(state); !written) {
    return written;
  }
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) {
    return Error{ExitCode::setup, fmt::format("cannot start a supervisor: {}", std::strerror(errno))};
  }
  if (child == 0) {
    const pid_t middle = getpid();
    const pid_t supervisor = fork();
    if (supervisor != 0) {
      _exit(supervisor < 0 ? 1 : 0);
    }
    detach(middle);
    Supervisor(suite, service, files, state).run();
    std::fflush(nullptr);
    _exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return Error{ExitCode::setup, "cannot start a supervisor"};
  }
  return {};
}

std::string service_marker(const std::string& instance) {
  return fmt::format("CTEST_MATRIX_SERVICE={}", instance);
}

} // namespace ctest_matrix
