// What a killed supervisor and its killed guardian leave of a service.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "plan/plan.hpp"
#include "service/state.hpp"

namespace ctest_matrix {

/// The supervisor is gone though it has not said how its service ended.
bool is_orphaned(const ServiceState& state);

/// Ends what is left of an instance whose supervisor is gone; gives its guardian `patience` for that first.
/// Only for whoever holds the lock. Error: the state cannot be written.
Result<void> end_orphans(const ServiceFiles& files, Milliseconds patience);

/// Ends the orphans of all services of this checkout, also of those that no matrix names any more. What
/// somebody else is just about is left to that one.
void sweep_services(const CommonPlan& common);

} // namespace ctest_matrix
