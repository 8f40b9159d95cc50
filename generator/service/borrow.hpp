// Services that somebody else has started: they are used where they are, and neither owned nor ended.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "service/state.hpp"
#include "service/strangers.hpp"

#include <optional>
#include <string>

namespace ctest_matrix {

/// What is there already at a fixed address (`target`) of a service, which messages call `title`; nothing
/// when the address is free. Error (setup): something that is not healthy, something else, or that of another
/// checkout is there.
Result<std::optional<ServiceState>> borrow(const CommonPlan& common, const Service& service,
                                           const std::string& title, const std::string& target);

/// What happened to a borrowed service since `before`, when `listening` was at its address; empty: it is the
/// same and healthy.
std::string borrowed_problem(const CommonPlan& common, const Service& service, const std::string& title,
                             const ServiceState& before, const Listening& listening);

} // namespace ctest_matrix
