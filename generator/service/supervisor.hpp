// The detached process that runs an owned service for as long as anybody holds a lease on it.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "service/state.hpp"

#include <string>

namespace ctest_matrix {

/// Starts the supervisor and returns at once; what becomes of the service is in its state. `state` has the
/// values, the address and the log of the instance to start. Error (setup): no process could be made.
Result<void> start_supervisor(const CommonPlan& common, const Service& service, const ServiceFiles& files,
                              const ServiceState& state);

/// An environment entry, NAME=value, of every process of this instance.
std::string service_marker(const std::string& instance);

} // namespace ctest_matrix
