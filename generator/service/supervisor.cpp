#include "service/supervisor.hpp"

#include "base/file_lock.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "plan/environment.hpp"
#include "process/detach.hpp"
#include "process/process.hpp"
#include "process/table.hpp"
#include "process/tag.hpp"
#include "process/title.hpp"
#include "service/address.hpp"
#include "service/health.hpp"
#include "service/lingering.hpp"
#include "service/messages.hpp"
#include "service/ready_line.hpp"
#include "service/strangers.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr Milliseconds k_look{50};                // between two looks at leases and requests
constexpr Milliseconds k_shortest_probe{1'000};   // the least that a probe of a starting service may take
constexpr std::uint64_t k_log_limit = 1ULL << 30; // bytes of a service's log

/// The log of a service, which ends silently where it gets too long or cannot be written.
class ServiceLog {
public:
  explicit ServiceLog(const std::string& path) {
    // A named pipe that took the file's place meanwhile must not hold the supervisor up.
    constexpr int k_flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    if (const int fd = open(path.c_str(), k_flags, 0666); fd >= 0) {
      m_file.reset(fdopen(fd, "w"));
    }
  }

  void add(std::string_view chunk) {
    if (m_file != nullptr && m_written < k_log_limit) {
      std::fwrite(chunk.data(), 1, chunk.size(), m_file.get());
      std::fflush(m_file.get());
      m_written += chunk.size();
    }
  }

private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::unique_ptr<std::FILE, Close> m_file;
  std::uint64_t m_written = 0;
};

/// How a service ended by itself; nothing when it was ended.
std::optional<std::string> own_end(const Outcome& outcome) {
  switch (outcome.end) {
  case Outcome::End::exited:
    return fmt::format("it exited {} after {}", outcome.exit_code, format_duration(outcome.duration));
  case Outcome::End::signalled:
    return fmt::format("it was ended by signal {} ({}) after {}", outcome.signal, strsignal(outcome.signal),
                       format_duration(outcome.duration));
  case Outcome::End::not_started:
    return outcome.error;
  case Outcome::End::deadline:
  case Outcome::End::interrupted:
    break;
  }
  return std::nullopt;
}

/// Follows one instance from start to end; `attend` is called between the waits of `supervise`.
class Supervisor {
public:
  Supervisor(const CommonPlan& common, const Service& service, ServiceFiles files, ServiceState state)
      : m_common(common), m_service(service), m_files(std::move(files)), m_state(std::move(state)),
        m_log(m_state.log), m_ready_line(m_state.target), m_pauses(service.health.interval) {}

  void run() {
    m_state.supervisor = ProcessIdentity::of(getpid());
    m_state.phase = ServicePhase::starting;
    publish();
    const auto spec = program();
    if (!spec) {
      fail(spec.error().message);
      publish();
      return;
    }
    if (superseded()) {
      return;
    }
    m_begin = system_clock().monotonic();
    conclude(supervise(*spec));
    publish();
  }

private:
  /// Error: its command or its environment has a placeholder without a value.
  Result<ProcessSpec> program() {
    const TextTemplate::Lookup lookup = lookup_in(m_state.values);
    ProcessSpec spec;
    TRY_ASSIGN(spec.argv, render_command(m_service.command, lookup));
    TRY_ASSIGN(spec.environment, environment_with(m_service.environment, lookup));
    spec.directory = (m_common.places.root / m_service.directory).lexically_normal();
    spec.marker = service_marker(m_state.instance);
    spec.stop_signal = m_service.stop_signal;
    spec.grace = m_service.grace;
    spec.on_output = [this](std::string_view chunk) {
      m_log.add(chunk);
      if (by_line()) {
        m_ready_line.add(chunk);
      }
    };
    spec.awaited = [this] { return awaited(); };
    spec.attend = [this] { return attend(); };
    return spec;
  }

  bool by_line() const { return m_service.health.kind == HealthKind::log; }

  bool starting() const { return m_state.phase == ServicePhase::starting; }

  /// Whoever started it was killed, and another one was started since.
  bool superseded() const {
    const auto state = m_files.read();
    return state && state->instance != m_state.instance;
  }

  void publish() {
    if (superseded()) {
      return;
    }
    if (const auto written = m_files.write(m_state); !written) {
      m_log.add(fmt::format("[ctest-matrix] {}\n", written.error().message));
    }
  }

  void fail(std::string detail) {
    m_state.phase = ServicePhase::failed;
    m_state.detail = std::move(detail);
  }

  /// The next look, while the service starts also its answer, the next question or its line.
  Awaited awaited() const {
    Awaited next{.until = m_next_look};
    if (!starting()) {
      return next;
    }
    if (by_line()) {
      next.until = m_ready_line.seen() ? Milliseconds(0) : next.until;
      return next;
    }
    if (m_probe) {
      next = m_probe->awaited();
    }
    next.until = std::min(m_probe ? next.until : m_next_probe, m_next_look);
    return next;
  }

  /// Whether the service is to go on.
  bool attend() {
    const Milliseconds now = system_clock().monotonic();
    const bool look = now >= m_next_look;
    m_next_look = look ? now + k_look : m_next_look;
    if (look && (superseded() || m_files.stop_requested(m_state.instance))) {
      m_state.phase = ServicePhase::stopping;
      publish();
      return false;
    }
    return (!starting() || check_start(now)) && (!look || is_needed(now));
  }

  bool is_needed(Milliseconds now) {
    if (!m_files.leases().empty()) {
      m_lingering.needed(now);
      return true;
    }
    const Milliseconds linger = m_state.phase == ServicePhase::healthy ? m_state.linger : Milliseconds(0);
    return !m_lingering.over(now, linger) || !stop_for_want_of_leases();
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

  /// Whether the start may go on, or is done.
  bool check_start(Milliseconds now) {
    if (by_line()) {
      const std::string problem =
          m_ready_line.seen() ? "" : fmt::format("no line of its output holds '{}'", m_state.target);
      return note_health(now, problem, "not ready");
    }
    if (!m_probe && now < m_next_probe) {
      return true;
    }
    const auto probe = ask();
    if (!probe) {
      return true;
    }
    m_probe.reset();
    m_next_probe = now + m_pauses.after(*probe);
    return note_health(now, probe->problem, fmt::format("not healthy at {}", m_state.target));
  }

  /// Asks, or hears what was asked; nothing while there is no answer yet.
  std::optional<ServiceProbe> ask() {
    if (!m_probe) {
      auto probe = ask_service(m_service.health, m_state.target,
                               std::max(m_service.health.interval, k_shortest_probe));
      if (!probe) {
        return ServiceProbe{false, probe.error().message};
      }
      m_probe.emplace(std::move(*probe));
    }
    return m_probe->advance() ? std::optional(judge_answer(m_service.health, m_probe->answer()))
                              : std::nullopt;
  }

  bool note_health(Milliseconds now, const std::string& problem, std::string_view what) {
    if (problem.empty()) {
      return become_healthy(now);
    }
    if (now - m_begin > m_service.health.timeout) {
      fail(fmt::format("{} after {}: {}", what, format_duration(m_service.health.timeout), problem));
      return false;
    }
    return true;
  }

  bool become_healthy(Milliseconds now) {
    if (const std::string stranger = foreign_listener(m_service, m_state); !stranger.empty()) {
      fail(stranger);
      return false;
    }
    m_state.phase = ServicePhase::healthy;
    m_state.start_time = now - m_begin;
    m_lingering.needed(now);
    publish();
    return true;
  }

  void conclude(const Outcome& outcome) {
    const auto end = own_end(outcome);
    if (m_state.phase == ServicePhase::stopping || (!end && m_state.phase != ServicePhase::failed)) {
      m_state.phase = ServicePhase::stopped;
    } else if (end && m_state.phase == ServicePhase::healthy) {
      m_state.phase = ServicePhase::died;
      m_state.detail = *end;
    } else if (end && starting()) {
      fail(*end);
    }
  }

  const CommonPlan& m_common;
  const Service& m_service;
  ServiceFiles m_files;
  ServiceState m_state;
  ServiceLog m_log;
  ReadyLine m_ready_line;
  ProbePauses m_pauses;
  std::optional<Probe> m_probe; ///< the question that is asked just now
  Milliseconds m_begin{0};
  Milliseconds m_next_probe{0};
  Milliseconds m_next_look{0};
  Lingering m_lingering; ///< since there was a lease, or the service became healthy
};

} // namespace

Result<void> start_supervisor(const CommonPlan& common, const Service& service, const ServiceFiles& files,
                              const ServiceState& state) {
  std::error_code ignored;
  fs::create_directories(fs::path(state.log).parent_path(), ignored);
  const fs::file_status log = fs::status(state.log, ignored);
  if (fs::exists(log) && !fs::is_regular_file(log) && !fs::is_character_file(log)) {
    return Error{ExitCode::setup,
                 fmt::format("the log {} of the service {} is there, and is no file; expected "
                             "another `log:`, or nothing in its place",
                             state.log, service.name)};
  }
  // So that nobody takes the last instance's state for this one's.
  TRY(files.write(state));
  return start_detached("a supervisor", {}, [&] {
    unblock_signals();
    set_process_title(fmt::format("matrix-supervisor of {}", service.name));
    Supervisor(common, service, files, state).run();
  });
}

std::string service_marker(const std::string& instance) {
  return fmt::format("CTEST_MATRIX_SERVICE={}", instance);
}

} // namespace ctest_matrix
