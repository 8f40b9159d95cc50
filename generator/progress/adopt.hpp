// The journal that version 0.1 kept in a build directory, taken over into the one of the checkout.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"

namespace ctest_matrix {

/// Takes over what an earlier version left in the plan's build directory, once: nothing is lost, and what was
/// applied to the progress file is not applied again. Without such a journal this costs one look. Errors
/// (input): it could not be read or written; it stays where it is then.
Result<void> adopt_journal(const Plan& plan);

} // namespace ctest_matrix
