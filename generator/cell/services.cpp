#include "cell/services.hpp"

#include "ctest/caller.hpp"
#include "ctest/resources.hpp"
#include "service/service.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <thread>

namespace ctest_matrix {

namespace {

constexpr Milliseconds k_poll{50};

/// One of these instances of a pool that no other cell has, with the lock that keeps it so.
Result<std::pair<ServiceInstance, FileLock>> free_instance(const CommonPlan& common, const Service& service,
                                                           const std::vector<ServiceInstance>& instances,
                                                           Milliseconds patience) {
  const int first = allocated_instance(resource_type(common, service)).value_or(0);
  const Milliseconds deadline = system_clock().monotonic() + patience;
  for (;;) {
    for (std::size_t i = 0; i < instances.size(); ++i) {
      const ServiceInstance& instance = instances[(static_cast<std::size_t>(first) + i) % instances.size()];
      TRY_ASSIGN(auto lock, FileLock::try_acquire(instance.files().cell_lock()));
      if (lock) {
        return std::pair(instance, *std::move(lock));
      }
    }
    if (system_clock().monotonic() >= deadline) {
      return Error{ExitCode::setup, fmt::format("all {} instances of the service {} are in use; waited {}",
                                                service.instances, service.name, format_duration(patience))};
    }
    std::this_thread::sleep_for(k_poll);
  }
}

} // namespace

Result<CellServices> CellServices::claim(const CommonPlan& common, const Cell& cell, Milliseconds patience) {
  CellServices services;
  const Milliseconds deadline = system_clock().monotonic() + patience;
  for (const std::string& name : cell.variant->services) {
    TRY_ASSIGN(const Service* const service, find_service(common, name));
    TRY_ASSIGN(const std::vector<ServiceInstance> instances, instances_of(common, *service));
    if (service->instances == 1) {
      services.m_uses.push_back({instances.front(), std::nullopt, {}});
      continue;
    }
    const Milliseconds left = std::max(deadline - system_clock().monotonic(), Milliseconds(0));
    TRY_ASSIGN(auto free, free_instance(common, *service, instances, left));
    services.m_uses.push_back({free.first, std::move(free.second), {}});
  }
  return services;
}

Result<void> CellServices::begin() {
  const ProcessIdentity self = ProcessIdentity::of(getpid());
  for (Use& use : m_uses) {
    TRY_ASSIGN(auto grant, use.instance.up_for_cell(self));
    use.grant = std::move(grant);
    m_values.insert(use.grant.state.values.begin(), use.grant.state.values.end());
    if (!use.grant.note.empty()) {
      m_notes.push_back(use.grant.note);
    }
    if (use.grant.restarted) {
      m_restarted.push_back(use.instance.title());
    }
  }
  return {};
}

std::vector<std::pair<std::string, Milliseconds>> CellServices::start_times() const {
  std::vector<std::pair<std::string, Milliseconds>> times;
  for (const Use& use : m_uses) {
    if (use.grant.state.start_time > Milliseconds(0)) {
      times.emplace_back(use.instance.service().name, use.grant.state.start_time);
    }
  }
  return times;
}

std::vector<std::string> CellServices::instances() const {
  std::vector<std::string> titles;
  std::transform(m_uses.begin(), m_uses.end(), std::back_inserter(titles),
                 [](const Use& use) { return use.instance.title(); });
  return titles;
}

std::vector<std::string> CellServices::logs() const {
  std::vector<std::string> logs;
  for (const Use& use : m_uses) {
    std::error_code ignored;
    if (const std::filesystem::path log = use.instance.log(); std::filesystem::exists(log, ignored)) {
      logs.push_back(log.string()); // of one that we have not started, there is none
    }
  }
  return logs;
}

std::string CellServices::problem() const {
  for (const Use& use : m_uses) {
    if (std::string problem = use.instance.problem_since(use.grant); !problem.empty()) {
      return problem;
    }
  }
  return "";
}

void CellServices::end() {
  for (const Use& use : m_uses) {
    use.instance.files().remove_lease(ProcessIdentity::of(getpid()));
  }
}

} // namespace ctest_matrix
