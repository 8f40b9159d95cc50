#include "service/strangers.hpp"

#include "base/text.hpp"
#include "process/listeners.hpp"
#include "process/tag.hpp"
#include "service/address.hpp"
#include "service/container_port.hpp"
#include "service/health.hpp"
#include "service/messages.hpp"
#include "service/supervisor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

namespace {

/// The ports at which an instance is to listen, beside that of its health.
std::vector<int> ports_of(const Service& service, const ServiceState& state) {
  std::vector<int> ports;
  for (const std::string& name : service.ports) {
    const auto value = state.values.find(fmt::format("{}.port.{}", service.name, name));
    if (const auto port = value == state.values.end() ? std::nullopt : parse_port(value->second)) {
      ports.push_back(*port);
    }
  }
  return ports;
}

/// Who listens at a port of a service.
struct AtPort {
  int port = 0;
  std::vector<Listener> listeners;
};

/// Those of the listeners at a port that are not of the service. By descent, not by what it has in its
/// environment: a service may clear that, and change its user.
std::vector<Listener> strangers_among(const AtPort& at, const std::vector<ProcessEntry>& own) {
  std::vector<Listener> strangers = at.listeners;
  std::erase_if(strangers, [&](const Listener& listener) {
    return is_held_by(listener, own) || is_port_of_container(listener, at.port, own);
  });
  return strangers;
}

/// Whether those with the tag of a service have all sockets of these ports. What bears its tag is of it, and
/// is found by one call for each process of the machine; descent and environment take some ten calls for
/// each.
bool have_all(const std::vector<ProcessEntry>& tagged, const std::vector<AtPort>& ports) {
  return std::ranges::all_of(ports, [&](const AtPort& at) {
    return std::ranges::all_of(at.listeners,
                               [&](const Listener& listener) { return is_held_by(listener, tagged); });
  });
}

std::string name_strangers(const std::vector<Listener>& strangers, int port) {
  return fmt::format("another process listens at its port {}: {}", port, join(owners_of(strangers), ", "));
}

} // namespace

std::string foreign_listener(const Service& service, const ServiceState& state) {
  const auto endpoint = health_endpoint(service.health.kind, state.target);
  const int asked = endpoint ? endpoint->port : 0;
  std::vector<AtPort> ports{{asked, listeners_at(service.health.kind, state.target)}};
  for (const int port : ports_of(service, state)) {
    if (port != asked) {
      ports.push_back({port, listeners_on(port)});
    }
  }
  // Behind all tables of ports, so that whoever is in them is seen.
  const std::string marker = service_marker(state.instance);
  if (std::ranges::all_of(ports, [](const AtPort& at) { return at.listeners.empty(); }) ||
      have_all(processes_with_tag(tag_of(marker)), ports)) {
    return "";
  }
  const std::vector<ProcessEntry> own = processes_of_run(marker);
  for (const AtPort& at : ports) {
    const std::vector<Listener> strangers = strangers_among(at, own);
    // Beside somebody at another address it may listen, but not at that of its health.
    if (!strangers.empty() && (&at == &ports.front() || strangers.size() == at.listeners.size())) {
      return name_strangers(strangers, at.port);
    }
  }
  return "";
}

Listening listening_at(const Service& service, const ServiceState& state) {
  std::vector<Listener> listeners = listeners_at(service.health.kind, state.target);
  if (service.health.kind == HealthKind::log) {
    for (const int port : ports_of(service, state)) {
      std::ranges::move(listeners_on(port), std::back_inserter(listeners));
    }
  }
  Listening there;
  for (const Listener& listener : listeners) {
    there.sockets.push_back(listener.socket);
    for (const pid_t pid : holders_of(listener)) {
      there.processes.push_back(ProcessIdentity::of(pid));
    }
  }
  return there;
}

bool is_replaced(const Listening& before, const Listening& now) {
  const auto goes_on = [&](const std::string& socket) {
    return std::ranges::find(now.sockets, socket) != now.sockets.end();
  };
  return !before.sockets.empty() && !now.sockets.empty() && std::ranges::none_of(before.sockets, goes_on) &&
         std::ranges::none_of(before.processes,
                              [](const ProcessIdentity& process) { return process.alive(); });
}

} // namespace ctest_matrix
