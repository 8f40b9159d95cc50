#include "progress/setup_reason.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace ctest_matrix {

namespace {

/// The fixtures of artifacts, each after those that it comes after.
void add_artifacts(const SuitePlan& suite, const std::vector<std::string>& names,
                   std::vector<std::string>& fixtures) {
  for (const Artifact& artifact : suite.artifacts) {
    if (std::find(names.begin(), names.end(), artifact.name) != names.end()) {
      add_artifacts(suite, artifact.after, fixtures);
      fixtures.push_back(fmt::format("{}.artifact.{}", suite.name, artifact.name));
    }
  }
}

/// The set-ups of a cell, in the order in which CTest runs them.
std::vector<std::string> fixtures_of(const SuitePlan& suite, const CellPlan& cell) {
  std::vector<std::string> fixtures{suite.name + ".ready"};
  add_artifacts(suite, cell.artifacts, fixtures);
  for (const Service& service : suite.services) {
    if (std::find(cell.services.begin(), cell.services.end(), service.name) != cell.services.end()) {
      add_artifacts(suite, service.after, fixtures);
      fixtures.push_back(fmt::format("{}.{}.up", suite.name, service.name));
    }
  }
  return fixtures;
}

bool has_failed(CtestStatus status) {
  return status == CtestStatus::failed || status == CtestStatus::timed_out ||
         status == CtestStatus::crashed || status == CtestStatus::killed;
}

/// The first line of what the set-up said, and the last one, which is what its program said last.
std::string words_of(const CtestResult& result) {
  std::vector<std::string> lines;
  for (const std::string& line : split_lines(printable(strip_ansi(result.output)))) {
    const std::string_view text = trim(line);
    if (!text.empty() && !text.starts_with("ninja: ")) {
      lines.emplace_back(text);
    }
  }
  if (lines.empty()) {
    return fmt::format("{}: {}", result.name, result.reason);
  }
  return lines.size() == 1 || lines.back().ends_with(':')
             ? lines.front()
             : fmt::format("{}: {}", lines.front(), lines.back());
}

} // namespace

std::string setup_reason(const SuitePlan& suite, const CellPlan& cell, const CtestRun& run) {
  for (const std::string& fixture : fixtures_of(suite, cell)) {
    for (const CtestResult& result : run.results) {
      if (result.name == fixture && has_failed(result.status)) {
        return words_of(result);
      }
    }
  }
  return "";
}

} // namespace ctest_matrix
