#include "cell/rules.hpp"

#include "base/diagnostics.hpp"
#include "base/glob.hpp"
#include "base/read_log.hpp"
#include "base/text.hpp"
#include "cell/rule_kinds.hpp"
#include "plan/verdict_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace ctest_matrix {

namespace {

std::string_view state_word(const Rule& rule, RuleState state) {
  switch (state) {
  case RuleState::kept:
    return "kept";
  case RuleState::broken:
    return rule.level == RuleLevel::error ? "broken" : "broken (a warning)";
  case RuleState::unknown:
    break;
  }
  return rule.level == RuleLevel::error ? "cannot be checked" : "cannot be checked (a warning)";
}

} // namespace

std::string_view level_word(RuleLevel level) {
  return level == RuleLevel::error ? "error" : "warning";
}

std::string rule_place(const CommonPlan& common, const Rule& rule) {
  return fmt::format("{}:{}", rule.location.file.empty() ? common.places.matrix.string() : rule.location.file,
                     rule.location.line);
}

RuleFiles rule_files(const CommonPlan& common, const std::vector<std::string>& globs) {
  std::vector<std::string> excluded;
  std::ranges::copy_if(globs, std::back_inserter(excluded),
                       [](const std::string& glob) { return glob.starts_with('!'); });
  RuleFiles result;
  ReadLog log;
  for (const std::string& pattern : globs) {
    if (pattern.empty() || pattern.starts_with('!')) {
      continue;
    }
    std::vector<std::string> wanted = excluded;
    wanted.push_back(pattern);
    const std::vector<std::string> found = glob(common.places.root, wanted, log);
    if (found.empty()) {
      result.unmatched.push_back(pattern);
    }
    result.files.insert(result.files.end(), found.begin(), found.end());
  }
  for (const std::filesystem::path& directory : log.unreadable()) {
    result.problems.push_back(fmt::format("the directory {} cannot be read", directory.string()));
  }
  sort_unique(result.files);
  return result;
}

std::string unmatched_problem(const std::string& pattern) {
  return fmt::format("no file matches '{}'", pattern);
}

std::string base_of_changes(const std::string& wanted) {
  const char* const variable = std::getenv(k_base_variable);
  return !wanted.empty() || variable == nullptr ? wanted : variable;
}

RuleResult check_rule(const CommonPlan& common, const Rule& rule, const std::string& base) {
  return rule.forbidden ? check_forbidden_text(common, rule) : check_together(common, rule, base);
}

std::vector<RuleResult> check_rules(const CommonPlan& common, const std::string& base) {
  std::vector<RuleResult> results;
  for (const Rule& rule : common.rules) {
    results.push_back(check_rule(common, rule, base));
  }
  return results;
}

std::string rule_text(const Rule& rule, const RuleResult& result, Reader reader) {
  std::string text = result.places;
  text += fmt::format("{}: {}: {}\n", rule.name, state_word(rule, result.state), result.brief);
  if (result.state != RuleState::kept) {
    text += fmt::format("reason: {}\n", rule.reason);
  }
  text = Defuser().defuse(text); // it quotes files
  return reader == Reader::ctest && exit_code_of(rule, result) == ExitCode::skipped
             ? fmt::format("{}{}\n", text, k_skip_marker)
             : text;
}

ExitCode exit_code_of(const Rule& rule, const RuleResult& result) {
  if (result.state == RuleState::kept) {
    return ExitCode::ok;
  }
  if (rule.level == RuleLevel::warn) {
    return ExitCode::skipped;
  }
  return result.state == RuleState::broken ? ExitCode::failed : ExitCode::setup;
}

Result<const Rule*> find_rule(const CommonPlan& common, const std::string& name) {
  std::vector<std::string> names;
  for (const Rule& rule : common.rules) {
    if (rule.name == name) {
      return &rule;
    }
    names.push_back(rule.name);
  }
  return Error{ExitCode::input,
               fmt::format("the matrix {} has no rule '{}'{}", common.name, name, suggestion(name, names))};
}

} // namespace ctest_matrix
