// Notes in the journal what a fixture did, so that a run can be shown with its set-ups.
#pragma once

#include "base/clock.hpp"
#include "plan/plan.hpp"

#include <string_view>

namespace ctest_matrix {

/// Runs from its construction on.
class SetupTimer {
public:
  SetupTimer() : m_begin(system_clock().monotonic()) {}

  /// Appends a record of what was done: `fixture` is `artifact` or `service`, `problem` why it failed
  /// (a line of it is kept; empty: it did not). A record that cannot be kept is passed over, for it decides
  /// nothing.
  void note(const CommonPlan& common, std::string_view fixture, std::string_view name,
            std::string_view problem) const;

private:
  Milliseconds m_begin;
};

} // namespace ctest_matrix
