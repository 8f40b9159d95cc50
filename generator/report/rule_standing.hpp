// How the rules of a matrix stand, for those who look at the suite as a whole.
#pragma once

#include "cell/rules.hpp"

#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

struct RuleStanding {
  std::string rule;
  RuleLevel level = RuleLevel::error;
  std::string reason;
  RuleState state = RuleState::unknown;
  std::string brief;
};

/// Of every rule of a plan, as `check_rule` finds it now; changes are seen against what the environment says.
std::vector<RuleStanding> rule_standings(const CommonPlan& common);

/// `warning, broken: no-mocks: 3 places in 1 of 40 files`, of a rule that is not kept.
std::string rule_words(const RuleStanding& rule);

/// What is said of them, in lines: how many are kept, and those that are not. Empty where there are none.
std::string render_rules(std::span<const RuleStanding> rules);

/// The names of the rules that are in this state and no mere warnings.
std::vector<std::string> rules_that_are(RuleState state, std::span<const RuleStanding> rules);

/// What they mean for a gate: failed where one is broken, setup where one cannot be checked, ok.
ExitCode gate_of(std::span<const RuleStanding> rules);

} // namespace ctest_matrix
