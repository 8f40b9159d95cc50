// Services (an engine that cells talk to): borrowed when they are there, else started, owned and kept by
// leases.
#pragma once

#include "base/result.hpp"
#include "matrix/plan.hpp"
#include "run/service_state.hpp"

#include <string>

namespace ctest_matrix {

/// Error (input): the matrix has no such service.
Result<const Service*> find_service(const SuitePlan& suite, const std::string& name);

ServiceFiles service_files(const SuitePlan& suite, const std::string& name);

/// Makes sure that the service is there and healthy, and holds a lease on it for `holder`. A healthy one is
/// shared; on a fixed address, one that somebody else started is borrowed; otherwise it is started, below a
/// supervisor of ours that ends it when the last lease has ended, however that came. Error (setup): it does
/// not start, it is not healthy in time, or its address is held by something else; the message has the end of
/// its log.
Result<ServiceState> service_up(const SuitePlan& suite, const Service& service,
                                const ProcessIdentity& holder);

/// Ends the lease of `holder`; where it was the last one, waits until the service has stopped.
Result<void> service_down(const SuitePlan& suite, const Service& service, const ProcessIdentity& holder);

/// For a cell: the state of a service that should be up. Where nobody who could have started it is left, it
/// is started. Error (setup): it died, or does not answer; the message says how and has the end of its log.
Result<ServiceState> service_for_cell(const SuitePlan& suite, const Service& service,
                                      const ProcessIdentity& cell);

/// What happened to a service since `before`; empty: it is the same and healthy.
std::string service_problem(const SuitePlan& suite, const Service& service, const ServiceState& before);

/// One line for people: `engine: healthy, owned (supervisor 4711), http://…, 2 leases`.
std::string describe_service(const SuitePlan& suite, const Service& service);

} // namespace ctest_matrix
