// Services as the fixtures and `ctest-matrix service` see them: all instances of one together.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "service/instance.hpp"

#include <string>
#include <vector>

namespace ctest_matrix {

/// Error (input): the matrix has no such service.
Result<const Service*> find_service(const CommonPlan& common, const std::string& name);

/// Error (setup): this user has no place for their state.
Result<std::vector<ServiceInstance>> instances_of(const CommonPlan& common, const Service& service);

/// Starts or borrows the service and holds it for `holder`. Of a pool the first instance is started, the
/// others are when a cell gets them; `holder` holds them all. Error (setup): as of ServiceInstance::up.
Result<void> service_up(const CommonPlan& common, const Service& service, const ProcessIdentity& holder);

/// Holds the service for `holder` as it is, without starting anything. Error (setup): a lease cannot be
/// written.
Result<void> service_hold(const CommonPlan& common, const Service& service, const ProcessIdentity& holder);

/// Ends what `holder` holds of the service. Error (setup): an instance that nobody needs does not stop.
Result<void> service_down(const CommonPlan& common, const Service& service, const ProcessIdentity& holder,
                          Ending ending);

/// One line for people for each instance. Error: as of `instances_of`.
Result<std::string> describe_service(const CommonPlan& common, const Service& service);

} // namespace ctest_matrix
