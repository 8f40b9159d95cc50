// The detached process that runs an owned service for as long as anybody holds a lease on it.
#pragma once

#include "base/health.hpp"
#include "base/result.hpp"
#include "matrix/plan.hpp"
#include "run/service_state.hpp"

#include <string>

namespace ctest_matrix {

/// Starts the supervisor and returns at once; what becomes of the service is in its state. `state` has the
/// values, the address and the log of the instance to start. Error (setup): no process could be made.
Result<void> start_supervisor(const SuitePlan& suite, const Service& service, const ServiceFiles& files,
                              const ServiceState& state);

/// KEY=VALUE, the entry that every process of this instance of a service has in its environment.
std::string service_marker(const ServiceState& state);

/// Why an answer is not that of this service, healthy; empty when it is.
std::string health_problem(const Health& health, const HealthAnswer& answer);

} // namespace ctest_matrix
