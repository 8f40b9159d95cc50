#include "progress/setup_reason.hpp"

#include "base/text.hpp"
#include "matrix/artifact_chain.hpp"
#include "plan/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace ctest_matrix {

namespace {

/// The fixtures of artifacts, each after those that it comes after.
void add_artifacts(const CommonPlan& common, const std::vector<std::string>& names,
                   std::vector<std::string>& fixtures) {
  for (const Artifact* artifact : artifact_chain(common.artifacts, names)) {
    fixtures.push_back(artifact_test(common.name, artifact->name));
  }
}

/// The set-ups of a cell, in the order in which CTest runs them.
std::vector<std::string> fixtures_of(const CommonPlan& common, const Cell& cell) {
  std::vector<std::string> fixtures{ready_test(common.name)};
  add_artifacts(common, cell.variant->artifacts, fixtures);
  for (const Service& service : common.services) {
    if (std::find(cell.variant->services.begin(), cell.variant->services.end(), service.name) !=
        cell.variant->services.end()) {
      add_artifacts(common, service.after, fixtures);
      fixtures.push_back(service_up_test(common.name, service.name));
    }
  }
  return fixtures;
}

bool has_failed(CtestStatus status) {
  return status == CtestStatus::failed || status == CtestStatus::timed_out ||
         status == CtestStatus::crashed || status == CtestStatus::killed;
}

/// Ninja's own words, among them the command that it repeats.
bool is_of_ninja(std::string_view line) {
  const bool is_progress = line.starts_with("[") && line.find("] artifact ") != std::string_view::npos;
  return line.starts_with("ninja: ") || line.starts_with("FAILED: ") || is_progress ||
         line.find(" && : inputs ") != std::string_view::npos;
}

/// An error with its place; without one what the set-up says of its failure.
std::string words_of(const CtestResult& result, const std::string& ready) {
  for (const std::string& line : split_lines(printable(strip_ansi(result.output)))) {
    if (result.name == ready && line.find(": error: ") != std::string::npos) {
      return fmt::format("{}: {}", ready, trim(line));
    }
  }
  const std::string words = problem_in_a_line(result.output);
  return words.empty() ? fmt::format("{}: {}", result.name, result.reason) : words;
}

} // namespace

std::string problem_in_a_line(std::string_view output) {
  constexpr std::string_view k_ended = "ended: ";
  std::vector<std::string> lines;
  std::string ended;
  for (const std::string& line : split_lines(printable(strip_ansi(output)))) {
    const std::string_view text = trim(line);
    if (text.starts_with(k_ended)) {
      ended = text.substr(k_ended.size());
    }
    if (!text.empty() && !is_of_ninja(text)) {
      lines.emplace_back(text);
    }
  }
  if (lines.empty()) {
    return "";
  }
  const bool silent = lines.back().ends_with(':');
  if (silent && !ended.empty()) {
    return fmt::format("{}: {}", lines.front(), ended);
  }
  return silent || lines.size() == 1 ? lines.front() : fmt::format("{}: {}", lines.front(), lines.back());
}

std::string setup_reason(const CommonPlan& common, const Cell& cell, const CtestRun& run) {
  for (const std::string& fixture : fixtures_of(common, cell)) {
    for (const CtestResult& result : run.results) {
      if (result.name == fixture && has_failed(result.status)) {
        return words_of(result, ready_test(common.name));
      }
    }
  }
  return "";
}

} // namespace ctest_matrix
