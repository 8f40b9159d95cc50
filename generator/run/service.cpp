#include "run/service.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

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

std::vector<ServiceInstance> instances_of(const SuitePlan& suite, const Service& service) {
  std::vector<ServiceInstance> instances;
  for (int number = 0; number < service.instances; ++number) {
    instances.emplace_back(suite, service, number);
  }
  return instances;
}

Result<void> service_up(const SuitePlan& suite, const Service& service, const ProcessIdentity& holder) {
  const std::vector<ServiceInstance> instances = instances_of(suite, service);
  for (std::size_t i = 1; i < instances.size(); ++i) {
    if (auto reserved = instances[i].reserve(holder); !reserved) {
      return reserved;
    }
  }
  const auto state = instances.front().up(holder);
  return state ? Result<void>() : Result<void>(state.error());
}

Result<void> service_down(const SuitePlan& suite, const Service& service, const ProcessIdentity& holder,
                          Ending ending) {
  Result<void> result;
  for (const ServiceInstance& instance : instances_of(suite, service)) {
    if (auto stopped = instance.down(holder, ending); !stopped && result) {
      result = stopped;
    }
  }
  return result;
}

std::string describe_service(const SuitePlan& suite, const Service& service) {
  std::string text;
  for (const ServiceInstance& instance : instances_of(suite, service)) {
    text += instance.describe() + "\n";
  }
  return text;
}

} // namespace ctest_matrix
