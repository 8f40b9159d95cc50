#include "report/failure_list.hpp"

#include "base/text.hpp"
#include "cell/command.hpp"
#include "runners/stack_frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// Where a file lies below the root; a machine that had the checkout elsewhere named it by another path.
std::string below_root(const fs::path& root, const std::string& file) {
  const fs::path path(file);
  const fs::path relative = path.is_absolute() ? path.lexically_relative(root) : path.lexically_normal();
  if (!relative.empty() && *relative.begin() != ".." && *relative.begin() != ".") {
    return relative.generic_string();
  }
  for (auto begin = path.begin(); begin != path.end(); ++begin) {
    fs::path rest;
    for (auto part = begin; part != path.end(); ++part) {
      rest /= *part;
    }
    std::error_code ignored;
    if (rest.is_relative() && *rest.begin() != ".." && fs::is_regular_file(root / rest, ignored)) {
      return rest.generic_string();
    }
  }
  return file;
}

const Failure* failure_of(const Record& record, const std::string& test) {
  const auto found = std::ranges::find(record.failures, test, &Failure::test);
  return found == record.failures.end() ? nullptr : &*found;
}

ToldFailure told(const Plan& plan, const CellStanding& standing, const Finding& finding) {
  const Record& record = *standing.newest;
  ToldFailure told{.cell = standing.cell,
                   .test = finding.failure.test,
                   .known = finding.known,
                   .issue = finding.issue,
                   .link = finding.issue_link};
  told.title = told.test.empty() ? fmt::format("{}: {}", standing.cell, verdict_name(record.verdict))
                                 : fmt::format("{}: {}", standing.cell, told.test);
  const Failure* failure = failure_of(record, told.test);
  if (failure == nullptr && told.test.empty() && !record.failures.empty()) {
    failure = &record.failures.front();
  }
  told.message =
      failure != nullptr && !told.test.empty() ? fold_frames(trim(failure->message)) : record.brief;
  if (told.message.empty()) {
    told.message = finding.detail;
  }
  const Cell* const known = find_cell(plan, standing.cell);
  const std::optional<BoundCell> cell =
      known == nullptr ? std::nullopt : std::optional(bind(plan.common, *known));
  if (failure != nullptr && !failure->file.empty()) {
    told.file = below_root(plan.common.places.root, failure->file);
    told.line = failure->line;
  } else if (cell && !cell->file.empty()) {
    told.file = below_root(plan.common.places.root, cell->file.string());
  }
  if (cell && !told.test.empty()) {
    told.narrowed = narrowed_command_line(plan.common, *cell, told.test).value_or("");
  }
  return told;
}

} // namespace

std::vector<ToldFailure> list_failures(const Plan& plan, const ProgressReport& report) {
  const BaselineComparison comparison =
      report.baseline ? *report.baseline : compare_with_nothing(plan, report.standings);
  std::map<std::string_view, const CellStanding*> standings;
  for (const CellStanding& standing : report.standings) {
    standings.emplace(standing.cell, &standing);
  }
  std::vector<ToldFailure> failures;
  for (const FindingKind kind : {FindingKind::new_failure, FindingKind::changed, FindingKind::came_back,
                                 FindingKind::overdue, FindingKind::blocked, FindingKind::still_failing}) {
    for (const Finding& finding : comparison.findings) {
      const auto standing = finding.kind == kind ? standings.find(finding.failure.cell) : standings.end();
      if (standing != standings.end() && standing->second->newest) {
        failures.push_back(told(plan, *standing->second, finding));
      }
    }
  }
  std::ranges::stable_partition(failures, [](const ToldFailure& failure) { return !failure.known; });
  return failures;
}

} // namespace ctest_matrix
