// The rules of a matrix: what is to hold in the checkout, whatever the cells say.
#pragma once

#include "base/result.hpp"
#include "cell/task.hpp"
#include "plan/plan.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

enum class RuleState {
  kept,
  broken,
  unknown, ///< nothing can be said: a file that cannot be read, a glob that matches nothing, no base
};

struct RuleResult {
  RuleState state = RuleState::unknown;
  std::string places; ///< lines that begin with `<file>:<line>: error: …`; bounded
  std::string brief;  ///< how it stands, in one line
};

/// The variable that says what changes are seen against, where the command line does not.
inline constexpr const char* k_base_variable = "CTEST_MATRIX_BASE";

/// `wanted`, or what that variable says; empty: neither says anything.
std::string base_of_changes(const std::string& wanted);

/// What the rule says of the checkout as it is now. `base`: what changes are seen against, in place of what
/// the rule says; empty: that.
RuleResult check_rule(const CommonPlan& common, const Rule& rule, const std::string& base);

/// How every rule of the plan stands, by `check_rule`.
std::vector<RuleResult> check_rules(const CommonPlan& common, const std::string& base);

/// What is said of a result, its places first; of a warning to CTest with the mark of a skip, as which that
/// shows it.
std::string rule_text(const Rule& rule, const RuleResult& result, Reader reader);

/// Kept: ok; a warning: skipped; else failed for a broken one, and setup where nothing can be said.
ExitCode exit_code_of(const Rule& rule, const RuleResult& result);

/// Error (input): no such rule.
Result<const Rule*> find_rule(const CommonPlan& common, const std::string& name);

} // namespace ctest_matrix
