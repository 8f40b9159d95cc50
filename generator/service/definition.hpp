// What a service is started from, as a fingerprint.
#pragma once

#include "plan/plan.hpp"

#include <string>

namespace ctest_matrix {

/// A fingerprint of everything that, when it changes, makes a running service another one than the matrix
/// asks for: what the matrix says, the program file, the artifacts that it is built from.
std::string service_definition(const CommonPlan& common, const Service& service);

} // namespace ctest_matrix
