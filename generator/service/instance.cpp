#include "service/instance.hpp"

#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/formats.hpp"
#include "base/text.hpp"
#include "plan/project.hpp"
#include "plan/worktree.hpp"
#include "process/leftovers.hpp"
#include "process/table.hpp"
#include "process/tag.hpp"
#include "progress/setup_record.hpp"
#include "service/borrow.hpp"
#include "service/definition.hpp"
#include "service/health.hpp"
#include "service/messages.hpp"
#include "service/orphans.hpp"
#include "service/ports.hpp"
#include "service/strangers.hpp"
#include "service/supervisor.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <thread>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr Milliseconds k_poll{10};
constexpr Milliseconds k_short_poll{2};      // where somebody waits for a service
constexpr Milliseconds k_sign_on{30000};     // for a supervisor to say that it is there
constexpr Milliseconds k_death_notice{5000}; // for a supervisor to notice that its service has ended

bool is_ours(const ServiceState& state) {
  return state.phase == ServicePhase::healthy && state.supervisor.alive();
}

/// A supervisor that somebody stopped would keep everybody waiting.
void wake(const ServiceState& state) {
  if (state.supervisor.alive() && is_stopped(state.supervisor.pid)) {
    kill(state.supervisor.pid, SIGCONT);
  }
}

} // namespace

ServiceInstance::ServiceInstance(const CommonPlan& common, const Service& service, int number,
                                 const fs::path& state)
    : m_common(common), m_service(service), m_number(number),
      m_files(state /
              fmt::format("{}.{}.{}", fingerprint(common.places.matrix.string()), service.name, number)) {}

std::string ServiceInstance::title() const {
  return m_service.instances > 1 ? fmt::format("{}.{}", m_service.name, m_number) : m_service.name;
}

fs::path ServiceInstance::log() const {
  if (m_service.log.empty()) {
    return m_common.places.state / "logs" / fmt::format("service.{}.log", title());
  }
  const std::string path =
      (m_common.places.root / with_worktree(m_common.places.root, m_service.log)).lexically_normal().string();
  return m_number == 0 ? path : fmt::format("{}.{}", path, m_number);
}

/// The placeholders that do not depend on a start.
Values ServiceInstance::fixed_values() const {
  Values values{{m_service.name + ".dir", (m_common.places.state / "services" / title() / "data").string()},
                {m_service.name + ".instance", std::to_string(m_number)}};
  for (const std::string_view name : k_root_placeholders) {
    values.emplace(name, *root_value(m_common.places.root, name));
  }
  return values;
}

/// Waits for the supervisor's word on the start that it is making.
Result<ServiceState> ServiceInstance::await_start(const std::string& instance) const {
  const Milliseconds patience = m_service.health.timeout + k_probe_timeout + m_service.grace;
  const Milliseconds deadline = system_clock().monotonic() + patience;
  bool is_gone = false;
  for (bool last_look = false;;) {
    const auto state = m_files.read();
    const bool current = state && state->instance == instance;
    if (current && state->phase == ServicePhase::healthy) {
      return *state;
    }
    if (current && state->phase != ServicePhase::starting) {
      return Error{ExitCode::setup, fmt::format("the service {} could not be started: {}{}", title(),
                                                state->detail, end_of_log(state->log))};
    }
    if (last_look) {
      return Error{ExitCode::setup,
                   fmt::format("the service {} could not be started: its supervisor {}", title(),
                               is_gone ? "is gone"
                                       : fmt::format("has said nothing for {}", format_duration(patience)))};
    }
    // It may have written its last word between our reading and its end.
    const bool signed_on = current && state->supervisor.pid > 0;
    is_gone = signed_on && !state->supervisor.alive();
    last_look = is_gone || system_clock().monotonic() > deadline;
    if (signed_on) {
      wake(*state);
    }
    std::this_thread::sleep_for(k_short_poll);
  }
}

/// What is there already on the fixed address of this service, noted as borrowed; nothing where the address
/// is free, or is chosen anew for each start.
Result<std::optional<ServiceState>> ServiceInstance::borrow_fixed() const {
  if (!m_service.ports.empty() || m_service.health.kind == HealthKind::log) {
    return std::optional<ServiceState>();
  }
  TRY_ASSIGN(const std::string target, m_service.health.target.render(lookup_in(fixed_values())));
  TRY_ASSIGN(std::optional<ServiceState> there, borrow(m_common, m_service, title(), target));
  if (there) {
    TRY(m_files.write(*there));
  }
  return there;
}

/// The state in which an instance begins: its ports, its address, its log.
Result<ServiceState> ServiceInstance::new_state() const {
  ServiceState state;
  state.instance = fmt::format("{}-{}", getpid(), system_clock().now().time_since_epoch().count());
  TRY_ASSIGN(const std::vector<int> ports, free_ports(m_service.ports.size()));
  state.values = fixed_values();
  for (std::size_t i = 0; i < ports.size(); ++i) {
    state.values.emplace(fmt::format("{}.port.{}", m_service.name, m_service.ports[i]),
                         std::to_string(ports[i]));
  }
  TRY_ASSIGN(state.target, m_service.health.target.render(lookup_in(state.values)));
  state.definition = service_definition(m_common, m_service);
  state.log = log().string();
  state.program = program_version();
  state.linger = m_service.linger;
  return state;
}

/// Begins to start one; how that goes on is in its state from then on. Only for whoever holds the lock.
Result<ServiceState> ServiceInstance::begin_start() const {
  TRY_ASSIGN(const ServiceState state, new_state());
  const fs::path data = state.values.at(m_service.name + ".dir");
  std::error_code ignored;
  fs::remove_all(data, ignored);
  fs::create_directories(data, ignored);
  TRY(start_supervisor(m_common, m_service, m_files, state));
  // Until it has signed on, its state looks like that of nobody.
  const Milliseconds deadline = system_clock().monotonic() + k_sign_on;
  for (auto now = m_files.read(); now && now->instance == state.instance && now->supervisor.pid == 0;
       now = m_files.read()) {
    if (system_clock().monotonic() > deadline) {
      return Error{ExitCode::setup, fmt::format("the supervisor of the service {} does not begin", title())};
    }
    std::this_thread::sleep_for(k_short_poll);
  }
  return state;
}

/// Ends a supervisor that does not do its work, and what it looks after. Error (setup): something is left.
Result<void> ServiceInstance::end_hung(ServiceState state, Milliseconds patience) const {
  kill(state.supervisor.pid, SIGKILL);
  const std::string marker = service_marker(state.instance);
  end_bearers(marker, leftover_patience(m_service.grace));
  if (!processes_of_run(marker).empty()) {
    return Error{ExitCode::setup,
                 fmt::format("the service {} did not stop within {}", title(), format_duration(patience))};
  }
  state.phase = ServicePhase::stopped;
  return m_files.write(state);
}

/// Waits until a service that nobody needed any more is gone. Error (setup): it does not end.
Result<void> ServiceInstance::await_stop() const {
  const Milliseconds patience = m_service.grace + k_probe_timeout;
  const Milliseconds deadline = system_clock().monotonic() + patience;
  const auto ends = [&](const ServiceState& state) {
    const bool needless = state.phase == ServicePhase::healthy &&
                          (m_files.stop_requested(state.instance) || m_files.leases().empty());
    return (state.phase == ServicePhase::stopping || needless) && state.supervisor.alive();
  };
  for (auto state = m_files.read(); state && ends(*state); state = m_files.read()) {
    wake(*state);
    if (system_clock().monotonic() > deadline) {
      return end_hung(*std::move(state), patience);
    }
    std::this_thread::sleep_for(k_poll);
  }
  return {};
}

/// Ends what is left of an instance whose supervisor is gone: until its guardian has done so it would answer,
/// and be borrowed. Whatever the state says of its end: what comes next takes that from it, and nobody would
/// know the processes any more. Only for whoever holds the lock.
Result<void> ServiceInstance::end_orphans() const {
  return ctest_matrix::end_orphans(m_files, leftover_patience(m_service.grace));
}

Result<void> ServiceInstance::stop_now(const ServiceState& state) const {
  TRY(m_files.request_stop(state.instance));
  return await_stop();
}

/// Why a running service of ours cannot be shared as it is; empty when it can.
std::string ServiceInstance::shared_problem(const ServiceState& state) const {
  if (state.definition != service_definition(m_common, m_service)) {
    return "was started from something else than what the matrix and its artifacts are now";
  }
  if (m_service.health.kind == HealthKind::log) {
    return "";
  }
  const std::string problem = probe_service(m_service.health, state.target, k_probe_timeout).problem;
  if (!problem.empty()) {
    return fmt::format("is not healthy at {}: {}", state.target, problem);
  }
  const std::string stranger = foreign_listener(m_service, state);
  return stranger.empty() ? "" : fmt::format("does not answer itself: {}", stranger);
}

/// Nobody else starts, stops or takes a lease of it meanwhile. Error (input): a later program has it.
Result<FileLock> ServiceInstance::lock() const {
  TRY_ASSIGN(FileLock lock,
             FileLock::acquire(m_files.lock(), m_service.health.timeout + m_service.grace + k_probe_timeout));
  TRY(m_files.check_format());
  return lock;
}

/// Waits until what goes on with the service is over: its end, or what a killed supervisor left behind. Only
/// for whoever holds the lock.
Result<void> ServiceInstance::settle() const {
  const auto state = m_files.read();
  if (state && state->phase == ServicePhase::stopping) {
    TRY(await_stop());
  }
  return end_orphans();
}

/// The one of ours that runs, if it may be shared; nothing when there is none, or the one that was there has
/// been stopped because nobody but `holder` needed it. Error (setup): others hold one that cannot be shared.
Result<std::optional<ServiceState>> ServiceInstance::share(const ProcessIdentity& holder) const {
  auto state = m_files.read();
  if (!state || !is_ours(*state)) {
    return std::optional<ServiceState>();
  }
  wake(*state);
  const std::string problem = shared_problem(*state);
  if (problem.empty()) {
    return state;
  }
  std::vector<ProcessIdentity> others = m_files.leases();
  std::erase(others, holder);
  if (!others.empty()) {
    return Error{ExitCode::setup,
                 fmt::format("the service {} runs (supervisor {}), held by {}, but it {}{}", title(),
                             state->supervisor.pid, held_by(others), problem, end_of_log(state->log))};
  }
  TRY(stop_now(*state));
  return std::optional<ServiceState>();
}

/// Shares, borrows or begins to start. Only for whoever holds the lock.
Result<ServiceState> ServiceInstance::get(const ProcessIdentity& holder) const {
  TRY_ASSIGN(std::optional<ServiceState> shared, share(holder));
  if (shared) {
    return std::move(*shared);
  }
  TRY_ASSIGN(std::optional<ServiceState> borrowed, borrow_fixed());
  if (borrowed) {
    return std::move(*borrowed);
  }
  return begin_start();
}

/// One that is healthy or borrowed, one that is starting for us, or one that somebody else is starting.
Result<ServiceInstance::Entry> ServiceInstance::enter(const ProcessIdentity& holder) const {
  TRY_ASSIGN(const FileLock lock, this->lock());
  TRY(settle());
  TRY(m_files.add_lease(holder));
  if (auto state = m_files.read();
      state && state->phase == ServicePhase::starting && state->supervisor.alive()) {
    return Entry{.state = *std::move(state), .others = true};
  }
  auto state = get(holder);
  if (!state) {
    m_files.remove_lease(holder);
    return state.error();
  }
  return Entry{.state = *std::move(state), .others = false};
}

Result<ServiceState> ServiceInstance::up(const ProcessIdentity& holder) const {
  for (;;) {
    const SetupTimer timer;
    TRY_ASSIGN(Entry entry, enter(holder));
    if (entry.state.phase != ServicePhase::starting) {
      return std::move(entry.state);
    }
    // Without the lock: a supervisor that nobody needs any more takes it to say that it stops.
    auto started = await_start(entry.state.instance);
    if (entry.others) {
      continue; // how it went is in its state
    }
    timer.note(m_common, "service", title(), started ? "" : started.error().message);
    if (!started) {
      m_files.remove_lease(holder);
    }
    return started;
  }
}

Result<void> ServiceInstance::reserve(const ProcessIdentity& holder) const {
  TRY_ASSIGN(const FileLock lock, this->lock());
  TRY(end_orphans());
  // What starts or stops is its supervisor's to tell of.
  if (auto state = m_files.read(); state && !state->supervisor.alive()) {
    state->phase = ServicePhase::stopped;
    TRY(m_files.write(*state));
  }
  return m_files.add_lease(holder);
}

Result<void> ServiceInstance::down(const ProcessIdentity& holder, Ending ending) const {
  m_files.remove_lease(holder);
  const auto state = m_files.read();
  if (ending == Ending::linger) {
    return state && state->linger > Milliseconds(0) ? Result<void>() : await_stop();
  }
  TRY_ASSIGN(const FileLock lock, this->lock());
  const auto now = m_files.read();
  return now && is_ours(*now) && m_files.leases().empty() ? stop_now(*now) : Result<void>();
}

/// How a service that somebody holds was lost; empty when it was not.
std::string ServiceInstance::lost(const ServiceState& state) const {
  switch (state.phase) {
  case ServicePhase::died:
    return state.detail;
  case ServicePhase::healthy:
    return state.supervisor.alive() ? "" : "its supervisor was killed";
  case ServicePhase::borrowed: {
    const auto there = borrow(m_common, m_service, title(), state.target);
    return there && !*there ? fmt::format("the borrowed one no longer answers at {}", state.target) : "";
  }
  default:
    return "";
  }
}

Result<ServiceGrant> ServiceInstance::up_for_cell(const ProcessIdentity& cell) const {
  const auto before = m_files.read();
  ServiceGrant grant;
  if (before && !m_files.leases().empty()) {
    const std::string how = lost(*before);
    grant.restarted = !how.empty();
    if (grant.restarted && !m_service.restart) {
      return Error{ExitCode::setup,
                   fmt::format("the service {} is gone: {}{}", title(), how, end_of_log(before->log))};
    }
    grant.note =
        how.empty() ? "" : fmt::format("the service {} was gone ({}) and was started again", title(), how);
  }
  TRY_ASSIGN(grant.state, up(cell));
  if (grant.state.phase == ServicePhase::borrowed && !grant.state.detail.empty()) {
    grant.note = fmt::format("the service {} is borrowed, and {}", title(), grant.state.detail);
  }
  grant.listening = listening_at(m_service, grant.state);
  return grant;
}

/// Why it is not healthy just now; empty: it is. One whose health is a line of its output was seen to listen.
std::string ServiceInstance::present_problem(const ServiceState& now, const Listening& before) const {
  if (m_service.health.kind == HealthKind::log) {
    return !before.sockets.empty() && listening_at(m_service, now).sockets.empty()
               ? "no longer listens at its ports"
               : "";
  }
  const std::string problem = probe_service(m_service.health, now.target, k_probe_timeout).problem;
  return problem.empty() ? "" : fmt::format("is no longer healthy at {}: {}", now.target, problem);
}

/// Of one that is healthy: whether what answers is it, and the same as before.
std::string ServiceInstance::own_problem(const ServiceState& now, const Listening& before) const {
  if (const std::string stranger = foreign_listener(m_service, now); !stranger.empty()) {
    return fmt::format("the service {} no longer answers itself: {}{}", title(), stranger,
                       end_of_log(now.log));
  }
  return is_replaced(before, listening_at(m_service, now))
             ? fmt::format("the service {} was restarted by its own command while the cell ran: who listened "
                           "at {} has ended, and another process does{}",
                           title(), m_service.health.kind == HealthKind::log ? "its ports" : now.target,
                           end_of_log(now.log))
             : "";
}

std::string ServiceInstance::problem_since(const ServiceGrant& grant) const {
  const ServiceState& before = grant.state;
  if (before.phase == ServicePhase::borrowed) {
    return borrowed_problem(m_common, m_service, title(), before, grant.listening);
  }
  // A service that is just dying answers no more before its supervisor has said so.
  const Milliseconds deadline = system_clock().monotonic() + k_death_notice;
  for (;;) {
    const auto now = m_files.read();
    if (!now || now->instance != before.instance) {
      return fmt::format("the service {} was replaced by another one while the cell ran", title());
    }
    if (!is_ours(*now)) {
      return fmt::format("the service {} ended while the cell ran: {}{}", title(),
                         now->detail.empty() ? "its supervisor was killed" : now->detail,
                         end_of_log(now->log));
    }
    const std::string problem = present_problem(*now, grant.listening);
    if (problem.empty()) {
      return own_problem(*now, grant.listening);
    }
    if (system_clock().monotonic() > deadline) {
      return fmt::format("the service {} {}{}", title(), problem, end_of_log(now->log));
    }
    std::this_thread::sleep_for(k_poll);
  }
}

} // namespace ctest_matrix
