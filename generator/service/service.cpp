#include "service/service.hpp"

#include "base/formats.hpp"
#include "base/text.hpp"
#include "service/health.hpp"
#include "service/messages.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace ctest_matrix {

namespace {

/// ` of ctest-matrix 0.1.0`, where that is not this program.
std::string of_other_version(const ServiceState& state) {
  return state.program == program_version()
             ? ""
             : fmt::format(" of ctest-matrix {}", state.program.empty() ? "0.1" : state.program);
}

/// `engine: healthy, owned by supervisor 4711, http://…, held by …`
Result<std::string> describe(const ServiceInstance& instance) {
  TRY(instance.files().check_format());
  const auto state = instance.files().read();
  if (!state || state->phase == ServicePhase::stopped) {
    return fmt::format("{}: stopped", instance.title());
  }
  switch (state->phase) {
  case ServicePhase::borrowed: {
    const std::vector<std::string> owners =
        owners_of(listeners_at(instance.service().health.kind, state->target));
    return fmt::format("{}: borrowed, {}, owned by {}{}", instance.title(), state->target,
                       owners.empty() ? "nobody that can be seen" : join(owners, ", "),
                       state->detail.empty() ? "" : "; warning: " + state->detail);
  }
  case ServicePhase::failed:
  case ServicePhase::died:
    return fmt::format("{}: {}, log {}", instance.title(), state->detail, state->log);
  case ServicePhase::stopping:
    return fmt::format("{}: stopping", instance.title());
  default:
    break;
  }
  if (!state->supervisor.alive()) {
    return fmt::format("{}: its supervisor {} is gone", instance.title(), state->supervisor.pid);
  }
  const std::string linger = state->linger > Milliseconds(0) ? fmt::format(", stays {} after the last one",
                                                                           format_duration(state->linger))
                                                             : "";
  return fmt::format("{}: {}, owned by supervisor {}{}, {}, log {}, held by {}{}", instance.title(),
                     state->phase == ServicePhase::healthy ? "healthy" : "starting", state->supervisor.pid,
                     of_other_version(*state), state->target, state->log, held_by(instance.files().leases()),
                     linger);
}

} // namespace

Result<const Service*> find_service(const CommonPlan& common, const std::string& name) {
  std::vector<std::string> names;
  for (const Service& service : common.services) {
    if (service.name == name) {
      return &service;
    }
    names.push_back(service.name);
  }
  return Error{ExitCode::input, fmt::format("the matrix {} has no service '{}'{}", common.name, name,
                                            suggestion(name, names))};
}

Result<std::vector<ServiceInstance>> instances_of(const CommonPlan& common, const Service& service) {
  TRY_ASSIGN(const std::filesystem::path state, user_state(common.places.root, "services"));
  std::vector<ServiceInstance> instances;
  for (int number = 0; number < service.instances; ++number) {
    instances.emplace_back(common, service, number, state);
  }
  return instances;
}

Result<void> service_up(const CommonPlan& common, const Service& service, const ProcessIdentity& holder) {
  TRY_ASSIGN(const std::vector<ServiceInstance> instances, instances_of(common, service));
  for (std::size_t i = 1; i < instances.size(); ++i) {
    TRY(instances[i].reserve(holder));
  }
  TRY(instances.front().up(holder));
  return {};
}

Result<void> service_hold(const CommonPlan& common, const Service& service, const ProcessIdentity& holder) {
  TRY_ASSIGN(const std::vector<ServiceInstance> instances, instances_of(common, service));
  for (const ServiceInstance& instance : instances) {
    TRY(instance.files().add_lease(holder));
  }
  return {};
}

Result<void> service_down(const CommonPlan& common, const Service& service, const ProcessIdentity& holder,
                          Ending ending) {
  TRY_ASSIGN(const std::vector<ServiceInstance> instances, instances_of(common, service));
  Result<void> result;
  for (const ServiceInstance& instance : instances) {
    if (auto stopped = instance.down(holder, ending); !stopped && result) {
      result = stopped;
    }
  }
  return result;
}

Result<std::string> describe_service(const CommonPlan& common, const Service& service) {
  TRY_ASSIGN(const std::vector<ServiceInstance> instances, instances_of(common, service));
  std::string text;
  for (const ServiceInstance& instance : instances) {
    TRY_ASSIGN(const std::string line, describe(instance));
    text += line + "\n";
  }
  return text;
}

} // namespace ctest_matrix
