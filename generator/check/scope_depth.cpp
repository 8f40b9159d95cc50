#include "check/scope_depth.hpp"

#include "base/text.hpp"
#include "plan/places.hpp"
#include "runners/titles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace ctest_matrix {

namespace {

/// A writer that joins titles, by a word of the command that makes it write.
struct Joiner {
  ReportFormat format;
  std::string_view word;
  std::string_view name;
  std::string_view separator;
  std::string_view instead; ///< what keeps titles apart
};

constexpr Joiner k_joiners[] = {
    {ReportFormat::junit, "vitest", "vitest's JUnit", " > ", "report: vitest-json"},
    {ReportFormat::tap, "tap-flat", "vitest's tap-flat", " > ", "report: vitest-json, or the reporter tap"},
    {ReportFormat::junit, "playwright", "Playwright's JUnit", " › ", "a title of its own for each value"},
    {ReportFormat::junit, "jest-junit", "jest-junit", " ", "report: vitest-json by jest's --json"},
    {ReportFormat::junit, "mocha", "mocha's JUnit", " ", "report: tap"}};

const Joiner* joiner_of(const Project& project, const BoundCell& cell) {
  const ReportFormat format = cell.variant->report.value_or(project.matrix.runner.report);
  for (const Joiner& joiner : k_joiners) {
    const bool named = std::ranges::any_of(cell.command, [&](const TextTemplate& argument) {
      return argument.source().find(joiner.word) != std::string::npos;
    });
    if (named && format == joiner.format) {
      return &joiner;
    }
  }
  return nullptr;
}

/// The titles of a test down to the scope, where it stands below another one; empty: it stands first, or
/// nowhere.
std::vector<std::string> down_to(const std::string& scope, const ListedTest& test) {
  std::vector<std::string> titles = split_titles(test.name);
  const auto found = std::ranges::find(titles, scope);
  if (found == titles.begin() || found == titles.end() || found + 1 == titles.end() ||
      test.name.starts_with(fmt::format("{}{}", scope, k_between_titles))) {
    return {};
  }
  titles.erase(found + 1, titles.end());
  return titles;
}

} // namespace

void check_scope_depth(const Project& project, const SuiteOnDisk& suite, Diagnostics& diagnostics) {
  std::set<std::string> said;
  for (const CellListing& listing : suite.listings) {
    const BoundCell& cell = *listing.cell;
    const Joiner* const joiner = cell.scope.empty() ? nullptr : joiner_of(project, cell);
    for (const ListedTest& test : joiner == nullptr ? Listing() : listing.tests) {
      const std::vector<std::string> titles = down_to(cell.scope, test);
      if (titles.empty() || !said.insert(cell.row->name).second) {
        continue;
      }
      const auto row = std::ranges::find(project.matrix.rows, cell.row->name, &Row::name);
      diagnostics.error(
          "M042", row->location,
          fmt::format(
              "row '{}': the scope '{}' stands below another title, and {} joins titles by '{}', so that "
              "only the first ones can be told; expected the scope '{}', or {}",
              cell.row->name, cell.scope, joiner->name, joiner->separator,
              join(titles, std::string(joiner->separator)), joiner->instead));
    }
  }
}

} // namespace ctest_matrix
