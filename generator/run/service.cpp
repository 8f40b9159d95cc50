#include "run/service.hpp"

#include "base/files.hpp"
#include "base/health.hpp"
#include "base/port.hpp"
#include "base/process_table.hpp"
#include "base/text.hpp"
#include "run/leftovers.hpp"
#include "run/service_supervisor.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <thread>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr Milliseconds k_probe_timeout{5000};
constexpr Milliseconds k_poll{10};
constexpr Milliseconds k_death_notice{1000}; // for a supervisor to notice that its service has ended

std::string end_of_log(const std::string& path) {
  const auto text = read_file(path);
  if (!text || text->empty()) {
    return "";
  }
  const auto lines = split_lines(
      printable(strip_ansi(std::string_view(*text).substr(text->size() > 8192 ? text->size() - 8192 : 0))));
  std::string end = fmt::format("\n  end of its log {}:", path);
  for (std::size_t i = lines.size() > 15 ? lines.size() - 15 : 0; i < lines.size(); ++i) {
    end += "\n    " + ellipsis(lines[i], 400);
  }
  return end;
}

/// The port of an http://host:port/ URL, or 0.
int port_of(const std::string& url) {
  const std::size_t host = url.find("//");
  const std::size_t colon = host == std::string::npos ? host : url.find(':', host);
  int port = 80;
  if (colon != std::string::npos) {
    std::from_chars(url.data() + colon + 1, url.data() + url.size(), port);
  }
  return port;
}

std::string holder_of(const std::string& url) {
  const int port = port_of(url);
  std::string text;
  for (const pid_t pid : listener_of(port)) {
    text += fmt::format("\n  port {} is held by process {}: {}", port, pid, command_line(pid));
  }
  return text;
}

Error start_error(const Service& service, const ServiceState& state) {
  return {ExitCode::setup, fmt::format("the service {} could not be started: {}{}", service.name,
                                       state.detail, end_of_log(state.log))};
}

/// Waits for the supervisor's word on the start that it is making.
Result<ServiceState> await_start(const ServiceFiles& files, const Service& service,
                                 const std::string& instance, Milliseconds patience) {
  const Milliseconds deadline = system_clock().monotonic() + patience;
  for (bool last_look = false;;) {
    const auto state = files.read();
    const bool current = state && state->instance == instance;
    if (current && state->phase == ServicePhase::healthy) {
      return *state;
    }
    if (current && state->phase != ServicePhase::starting) {
      return start_error(service, *state);
    }
    if (last_look) {
      return Error{ExitCode::setup,
                   fmt::format("the service {} could not be started: its supervisor is gone", service.name)};
    }
    // It may have written its last word between our reading and its end.
    const bool signed_on = current && state->supervisor.pid > 0;
    last_look = (signed_on && !state->supervisor.alive()) || system_clock().monotonic() > deadline;
    std::this_thread::sleep_for(k_poll);
  }
}

/// A service on a fixed address that is there already, or nothing when the address is free.
Result<std::optional<ServiceState>> borrow(const Service& service, const std::string& url) {
  const auto answer = probe_http(url, k_probe_timeout);
  if (!answer) {
    return answer.error();
  }
  const std::string wrong = health_problem(service.health, *answer);
  if (!answer->reachable) {
    const std::string holder = holder_of(url);
    if (holder.empty()) {
      return std::optional<ServiceState>();
    }
    return Error{ExitCode::setup, fmt::format("the address of the service {} ({}) is taken: {}{}",
                                              service.name, url, wrong, holder)};
  }
  if (!wrong.empty()) {
    return Error{ExitCode::setup,
                 fmt::format("something else answers at the address of the service {} ({}): {}{}",
                             service.name, url, wrong, holder_of(url))};
  }
  ServiceState state;
  state.phase = ServicePhase::borrowed;
  state.instance = fmt::format("borrowed-{}", port_of(url));
  for (const pid_t pid : listener_of(port_of(url))) {
    state.instance += fmt::format("-{}.{}", pid, start_time(pid).value_or(0));
  }
  state.url = url;
  return std::optional(state);
}

Result<ServiceState> start(const SuitePlan& suite, const Service& service, const ServiceFiles& files) {
  ServiceState state;
  state.instance = fmt::format("{}-{}", getpid(), system_clock().now().time_since_epoch().count());
  const auto ports = free_ports(service.ports.size());
  if (!ports) {
    return ports.error();
  }
  for (std::size_t i = 0; i < service.ports.size(); ++i) {
    state.values.emplace(fmt::format("{}.port.{}", service.name, service.ports[i]),
                         std::to_string((*ports)[i]));
  }
  std::error_code ignored;
  fs::remove_all(files.data(), ignored);
  fs::create_directories(files.data(), ignored);
  state.values.emplace(service.name + ".dir", files.data().string());
  state.values.emplace("root", suite.places.root.string());
  state.log = service.log.empty()
                  ? (suite.places.state / "logs" / fmt::format("service.{}.log", service.name)).string()
                  : (suite.places.root / service.log).lexically_normal().string();
  const auto url = service.health.url.render(lookup_in(state.values));
  if (!url) {
    return url.error();
  }
  state.url = *url;
  if (auto started = start_supervisor(suite, service, files, state); !started) {
    return started.error();
  }
  return await_start(files, service, state.instance,
                     service.health.timeout + k_probe_timeout + service.grace);
}

bool is_ours(const ServiceState& state) {
  return state.phase == ServicePhase::healthy && state.supervisor.alive();
}

/// Waits until a service that nobody needed any more is gone. Error (setup): it does not end.
Result<void> await_stop(const ServiceFiles& files, const Service& service) {
  const Milliseconds patience = service.grace + k_probe_timeout;
  const Milliseconds deadline = system_clock().monotonic() + patience;
  const auto ends = [&](const ServiceState& state) {
    const bool needless = state.phase == ServicePhase::healthy && files.leases().empty();
    return (state.phase == ServicePhase::stopping || needless) && state.supervisor.alive();
  };
  for (auto state = files.read(); state && ends(*state); state = files.read()) {
    if (system_clock().monotonic() > deadline) {
      return Error{ExitCode::setup, fmt::format("the service {} did not stop within {}", service.name,
                                                format_duration(patience))};
    }
    std::this_thread::sleep_for(k_poll);
  }
  return {};
}

/// Ends what is left of an instance whose supervisor was killed. To be called by who holds the service's
/// lock.
Result<void> end_orphans(const ServiceFiles& files, const Service& service) {
  auto state = files.read();
  const bool orphaned = state && state->supervisor.pid > 0 && !state->supervisor.alive() &&
                        (state->phase == ServicePhase::starting || state->phase == ServicePhase::healthy ||
                         state->phase == ServicePhase::stopping);
  if (!orphaned) {
    return {};
  }
  end_bearers(service_marker(*state), leftover_patience(service.grace));
  state->phase = ServicePhase::died;
  state->detail = "its supervisor was killed";
  return files.write(*state);
}

} // namespace

Result<const Service*> find_service(const SuitePlan& suite, const std::string& name) {
  std::vector<std::string> names;
  for (const Service& service : suite.services) {
    if (service.name == name) {
      return &service;
    }
    names.push_back(service.name);
  }
  return Error{ExitCode::input,
               fmt::format("the matrix {} has no service '{}'{}", suite.name, name, suggestion(name, names))};
}

ServiceFiles service_files(const SuitePlan& suite, const std::string& name) {
  return ServiceFiles(suite.places.state / "services" / name);
}

Result<ServiceState> service_up(const SuitePlan& suite, const Service& service,
                                const ProcessIdentity& holder) {
  const ServiceFiles files = service_files(suite, service.name);
  const auto lock = FileLock::acquire(files.lock(), service.health.timeout + service.grace + k_probe_timeout);
  if (!lock) {
    return lock.error();
  }
  if (const auto state = files.read(); state && state->phase == ServicePhase::stopping) {
    if (auto stopped = await_stop(files, service); !stopped) {
      return stopped.error();
    }
  }
  if (auto ended = end_orphans(files, service); !ended) {
    return ended.error();
  }
  if (auto leased = files.add_lease(holder); !leased) {
    return leased.error();
  }
  if (const auto state = files.read(); state && is_ours(*state)) {
    const auto answer = probe_http(state->url, k_probe_timeout);
    const std::string problem = answer ? health_problem(service.health, *answer) : answer.error().message;
    if (problem.empty()) {
      return *state;
    }
    files.remove_lease(holder);
    return Error{ExitCode::setup,
                 fmt::format("the service {} runs (supervisor {}) but is not healthy at {}: {}{}",
                             service.name, state->supervisor.pid, state->url, problem,
                             end_of_log(state->log))};
  }
  if (service.ports.empty()) {
    const auto url = service.health.url.render(
        lookup_in({{"root", suite.places.root.string()}, {service.name + ".dir", files.data().string()}}));
    if (!url) {
      return url.error();
    }
    auto there = borrow(service, *url);
    if (!there) {
      files.remove_lease(holder);
      return there.error();
    }
    if (*there) {
      if (auto written = files.write(**there); !written) {
        return written.error();
      }
      return **there;
    }
  }
  auto started = start(suite, service, files);
  if (!started) {
    files.remove_lease(holder);
  }
  return started;
}

Result<void> service_down(const SuitePlan& suite, const Service& service, const ProcessIdentity& holder) {
  const ServiceFiles files = service_files(suite, service.name);
  files.remove_lease(holder);
  return await_stop(files, service);
}

Result<ServiceState> service_for_cell(const SuitePlan& suite, const Service& service,
                                      const ProcessIdentity& cell) {
  const ServiceFiles files = service_files(suite, service.name);
  const auto state = files.read();
  const bool lost = state && (state->phase == ServicePhase::died ||
                              (state->phase == ServicePhase::healthy && !state->supervisor.alive()));
  if (lost && !files.leases().empty()) {
    return Error{ExitCode::setup,
                 fmt::format("the service {} is gone: {}{}", service.name,
                             state->detail.empty() ? "its supervisor was killed" : state->detail,
                             end_of_log(state->log))};
  }
  return service_up(suite, service, cell);
}

std::string service_problem(const SuitePlan& suite, const Service& service, const ServiceState& before) {
  const ServiceFiles files = service_files(suite, service.name);
  if (before.phase == ServicePhase::borrowed) {
    const auto there = borrow(service, before.url);
    if (!there) {
      return there.error().message;
    }
    if (!*there) {
      return fmt::format("the borrowed service {} no longer answers at {}", service.name, before.url);
    }
    return (*there)->instance == before.instance
               ? ""
               : fmt::format("the borrowed service {} was replaced by another one while the cell ran",
                             service.name);
  }
  // A service that is just dying answers no more before its supervisor has said so.
  const Milliseconds deadline = system_clock().monotonic() + k_death_notice;
  for (;;) {
    const auto now = files.read();
    if (!now || now->instance != before.instance) {
      return fmt::format("the service {} was replaced by another one while the cell ran", service.name);
    }
    if (!is_ours(*now)) {
      return fmt::format("the service {} ended while the cell ran: {}{}", service.name,
                         now->detail.empty() ? "its supervisor was killed" : now->detail,
                         end_of_log(now->log));
    }
    const auto answer = probe_http(now->url, k_probe_timeout);
    const std::string problem = answer ? health_problem(service.health, *answer) : answer.error().message;
    if (problem.empty()) {
      return "";
    }
    if (system_clock().monotonic() > deadline) {
      return fmt::format("the service {} is no longer healthy at {}: {}{}", service.name, now->url, problem,
                         end_of_log(now->log));
    }
    std::this_thread::sleep_for(k_poll);
  }
}

std::string describe_service(const SuitePlan& suite, const Service& service) {
  const ServiceFiles files = service_files(suite, service.name);
  const auto state = files.read();
  if (!state || state->phase == ServicePhase::stopped) {
    return fmt::format("{}: stopped", service.name);
  }
  switch (state->phase) {
  case ServicePhase::borrowed:
    return fmt::format("{}: borrowed, {}", service.name, state->url);
  case ServicePhase::failed:
  case ServicePhase::died:
    return fmt::format("{}: {}, log {}", service.name, state->detail, state->log);
  case ServicePhase::stopping:
    return fmt::format("{}: stopping", service.name);
  default:
    break;
  }
  if (!state->supervisor.alive()) {
    return fmt::format("{}: its supervisor {} is gone", service.name, state->supervisor.pid);
  }
  std::vector<std::string> holders;
  for (const ProcessIdentity& holder : files.leases()) {
    holders.push_back(fmt::format("{} ({})", holder.pid, ellipsis(command_line(holder.pid), 80)));
  }
  return fmt::format("{}: {}, owned by supervisor {}, {}, log {}, held by {}", service.name,
                     state->phase == ServicePhase::healthy ? "healthy" : "starting", state->supervisor.pid,
                     state->url, state->log, holders.empty() ? "nobody" : join(holders, ", "));
}

} // namespace ctest_matrix
