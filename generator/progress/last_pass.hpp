// What a cell reported when it passed last, so that a suite that shrinks without a reason is seen.
#pragma once

#include "plan/plan.hpp"
#include "progress/basis.hpp"
#include "progress/journal.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The last pass of a cell.
struct LastPass {
  TimePoint finished{};
  TickBasis basis;
  std::string runner; ///< its version, empty when it does not say it
  int reader = 0;     ///< version of what reads the reports: another one may call tests otherwise
  std::vector<TestOutcome> tests;

  bool operator==(const LastPass&) const = default;
};

/// Nothing where none is known.
std::optional<LastPass> last_pass(const CommonPlan& common, const Cell& cell);

/// Remembers a record that passed. What cannot be written is not compared with.
void remember_pass(const CommonPlan& common, const Cell& cell, const Record& record);

/// Whether something rests on the same as the last pass did, and was read in the same way.
bool has_same_basis(const LastPass& pass, const TickBasis& basis, const std::string& runner);

/// The tests of the last pass that are gone now, or skipped where the row does not let them (`may_skip`).
/// Where as many new ones have come, only those are gone whose titles stand in `source`, the text of the test
/// file, whose name without its ending is `stem`: a runner that names tests anew loses none.
std::vector<std::string> lost_tests(const Cell& cell, const std::vector<TestOutcome>& before,
                                    const std::vector<TestOutcome>& now, std::string_view source = "",
                                    std::string_view stem = "");

/// Whether somebody has said since that pass that its tests are not the measure any more: by a reset, by a
/// tick by hand, by taking the progress file away.
bool is_waived(const Plan& plan, const Cell& cell, TimePoint passed);

} // namespace ctest_matrix
