#include "report/rule_standing.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

std::vector<RuleStanding> rule_standings(const CommonPlan& common) {
  const std::string base = base_of_changes("");
  std::vector<RuleStanding> standings;
  for (const Rule& rule : common.rules) {
    RuleResult result = check_rule(common, rule, base);
    standings.push_back({rule.name, rule.level, rule.reason, result.state, std::move(result.brief)});
  }
  return standings;
}

std::string rule_words(const RuleStanding& rule) {
  return fmt::format("{}{}: {}: {}", rule.level == RuleLevel::warn ? "warning, " : "",
                     rule.state == RuleState::broken ? "broken" : "cannot be checked", rule.rule, rule.brief);
}

std::string render_rules(std::span<const RuleStanding> rules) {
  if (rules.empty()) {
    return "";
  }
  std::string text;
  std::size_t kept = 0;
  for (const RuleStanding& rule : rules) {
    if (rule.state == RuleState::kept) {
      ++kept;
      continue;
    }
    text += fmt::format("  {} (`ctest-matrix rule {}`)\n", rule_words(rule), rule.rule);
  }
  return fmt::format("Rules: {} of {} kept\n{}", kept, rules.size(), text);
}

std::vector<std::string> rules_that_are(RuleState state, std::span<const RuleStanding> rules) {
  std::vector<std::string> names;
  for (const RuleStanding& rule : rules) {
    if (rule.state == state && rule.level == RuleLevel::error) {
      names.push_back(rule.rule);
    }
  }
  return names;
}

ExitCode gate_of(std::span<const RuleStanding> rules) {
  return !rules_that_are(RuleState::broken, rules).empty()    ? ExitCode::failed
         : !rules_that_are(RuleState::unknown, rules).empty() ? ExitCode::setup
                                                              : ExitCode::ok;
}

} // namespace ctest_matrix
