#include "service/borrow.hpp"

#include "process/listeners.hpp"
#include "process/table.hpp"
#include "service/health.hpp"
#include "service/messages.hpp"
#include "service/other_checkout.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// What is known of a service that somebody else started. Its instance is new when its processes are.
ServiceState borrowed_state(const std::string& target, const fs::path& root,
                            const std::vector<Listener>& listeners) {
  ServiceState state;
  state.phase = ServicePhase::borrowed;
  state.instance = fmt::format("borrowed-{}", target);
  for (const Listener& listener : listeners) {
    state.instance += fmt::format("-{}", listener.socket);
    for (const pid_t pid : holders_of(listener)) {
      state.instance += fmt::format("-{}.{}", pid, start_time(pid).value_or(0));
    }
  }
  state.target = target;
  state.detail = stranger_warning(root, listeners);
  return state;
}

/// What is to be known of one that runs from another checkout of this repository; empty: it does not. Error
/// (setup): it is not the one that would run here.
Result<std::string> origin_of(const CommonPlan& common, const Service& service, const std::string& title,
                              const std::string& target, const std::vector<Listener>& listeners) {
  const auto other = service.borrow_any ? std::nullopt : other_checkout(common, service, listeners);
  if (!other || other->difference.empty()) {
    return other ? fmt::format("it runs from another checkout, {}, with the same artifacts",
                               other->root.string())
                 : std::string();
  }
  return Error{
      ExitCode::setup,
      fmt::format("what answers at the address of the service {0} ({1}) runs from another checkout of this "
                  "repository, {2}, and {3}\n  {4}\n  end it, or give each checkout an address of its "
                  "own: ports: [NAME] with {{{5}.port.NAME}}, or a port such as 2{{worktree.number}}0; with "
                  "borrow: any it is used all the same",
                  title, target, other->root.string(), other->difference, other->process, service.name)};
}

} // namespace

Result<std::optional<ServiceState>> borrow(const CommonPlan& common, const Service& service,
                                           const std::string& title, const std::string& target) {
  const HealthKind kind = service.health.kind;
  const ServiceProbe probe = probe_service(service.health, target, k_probe_timeout);
  if (!probe.reachable) {
    const std::string holders = holders_at(kind, target);
    if (holders.empty()) {
      return std::optional<ServiceState>();
    }
    return Error{ExitCode::setup, fmt::format("the address of the service {} ({}) is taken: {}{}", title,
                                              target, probe.problem, holders)};
  }
  if (!probe.problem.empty()) {
    return Error{ExitCode::setup,
                 fmt::format("something else answers at the address of the service {} ({}): {}{}", title,
                             target, probe.problem, holders_at(kind, target))};
  }
  const std::vector<Listener> listeners = listeners_at(kind, target);
  TRY_ASSIGN(const std::string origin, origin_of(common, service, title, target, listeners));
  ServiceState state = borrowed_state(target, common.places.root, listeners);
  state.detail = origin.empty() ? state.detail : origin;
  return std::optional(std::move(state));
}

std::string borrowed_problem(const CommonPlan& common, const Service& service, const std::string& title,
                             const ServiceState& before, const Listening& listening) {
  const auto there = borrow(common, service, title, before.target);
  if (!there) {
    return there.error().message;
  }
  if (!*there) {
    return fmt::format("the borrowed service {} no longer answers at {}", title, before.target);
  }
  // Workers of a server come and go.
  return (*there)->instance == before.instance || !is_replaced(listening, listening_at(service, **there))
             ? ""
             : fmt::format("the borrowed service {} was replaced by another one", title);
}

} // namespace ctest_matrix
