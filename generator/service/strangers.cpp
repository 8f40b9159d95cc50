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

/// Those of the listeners at a port that are not of the service. By descent, not by what it has in its
/// environment: a service may clear that, and change its user.
std::vector<Listener> strangers_among(std::vector<Listener> listeners, int port, const std::string& marker) {
  if (!listeners.empty()) {
    const std::vector<ProcessEntry> own = processes_of_run(marker);
    std::erase_if(listeners, [&](const Listener& listener) {
      return is_held_by(listener, own) || is_port_of_container(listener, port, own);
    });
  }
  return listeners;
}

std::string name_strangers(const std::vector<Listener>& strangers, int port) {
  return fmt::format("another process listens at its port {}: {}", port, join(owners_of(strangers), ", "));
}

} // namespace

std::string foreign_listener(const Service& service, const ServiceState& state) {
  const std::string marker = service_marker(state.instance);
  const auto endpoint = health_endpoint(service.health.kind, state.target);
  const int health_port = endpoint ? endpoint->port : 0;
  if (const auto strangers =
          strangers_among(listeners_at(service.health.kind, state.target), health_port, marker);
      !strangers.empty()) {
    return name_strangers(strangers, health_port);
  }
  for (const int port : ports_of(service, state)) {
    const std::vector<Listener> there = port == health_port ? std::vector<Listener>() : listeners_on(port);
    const std::vector<Listener> strangers = strangers_among(there, port, marker);
    if (!there.empty() &&
        strangers.size() == there.size()) { // it may listen beside somebody at another address
      return name_strangers(strangers, port);
    }
  }
  return "";
}

Listening listening_at(const Service& service, const ServiceState& state) {
  Listening there;
  for (const Listener& listener : listeners_at(service.health.kind, state.target)) {
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
