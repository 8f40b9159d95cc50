// The names under which the instances of a service take part in CTest's resource allocation.
#pragma once

#include "plan/plan.hpp"

#include <string>

namespace ctest_matrix {

/// The resource type of a pool; CTest wants lower-case letters, digits and underscores.
std::string resource_type(const CommonPlan& common, const Service& service);

} // namespace ctest_matrix
