// The kinds of rules, each in a file of its own.
#pragma once

#include "cell/rules.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// What a line of a file, or of a commit, begins with that allows what a rule is against:
/// `ctest-matrix-allow: <rule>: <reason>`.
inline constexpr std::string_view k_allow_key = "ctest-matrix-allow";

/// The most places that are told of one rule.
inline constexpr std::size_t k_most_places = 50;

/// `error` or `warning`.
std::string_view level_word(RuleLevel level);

/// `<matrix>:<line>`, where the rule stands.
std::string rule_place(const CommonPlan& common, const Rule& rule);

struct RuleFiles {
  std::vector<std::string> files;     ///< relative to the root, sorted
  std::vector<std::string> unmatched; ///< the globs that match none
  std::vector<std::string> problems;  ///< directories that cannot be read, in words
};

/// The files below the root that the globs name.
RuleFiles rule_files(const CommonPlan& common, const std::vector<std::string>& globs);

/// What is said of a glob that matches nothing.
std::string unmatched_problem(const std::string& pattern);

/// Searches files for what must not be in them.
RuleResult check_forbidden_text(const CommonPlan& common, const Rule& rule);

/// Compares the checkout with a base.
RuleResult check_together(const CommonPlan& common, const Rule& rule, const std::string& base);

} // namespace ctest_matrix
