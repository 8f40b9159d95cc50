#include "cell/expected_tests.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace ctest_matrix {

namespace fs = std::filesystem;

ExpectedTests expected_tests(const CommonPlan& common, const BoundCell& cell, ListingUse use) {
  ExpectedTests expected;
  if (!common.listing) {
    return expected;
  }
  auto listing = ask_listing(common, cell, use);
  if (!listing) {
    expected.problem = listing.error().message;
    expected.interrupted = listing.error().code == ExitCode::interrupted;
    listing = last_listing(common, cell).value_or(Listing()); // what was known stays known
  }
  for (const ListedTest& test : in_own_file(common, cell, *listing)) {
    if (lies_below(test, cell.scope)) {
      expected.names.push_back(test.name);
    }
  }
  return expected;
}

Listing in_own_file(const CommonPlan& common, const BoundCell& cell, const Listing& listing) {
  Listing own;
  std::error_code ignored;
  const fs::path file = fs::weakly_canonical(cell.file, ignored);
  std::string last;
  bool last_is_own = false;
  for (const ListedTest& test : listing) {
    if (test.file != last) {
      last = test.file;
      last_is_own = fs::weakly_canonical(runner_directory(common, cell) / test.file, ignored) == file;
    }
    if (cell.file.empty() || test.file.empty() || last_is_own) {
      own.push_back(test);
    }
  }
  return own;
}

std::map<std::string, std::string> listed_places(const Plan& plan) {
  std::map<std::string, std::string> places;
  for (const Cell& each : plan.common.listing ? std::span(plan.cells) : std::span<const Cell>()) {
    const BoundCell cell = bind(plan.common, each);
    const auto listing = last_listing(plan.common, cell);
    for (const ListedTest& test : listing ? in_own_file(plan.common, cell, *listing) : Listing()) {
      if (test.line > 0 && lies_below(test, cell.scope)) {
        places.emplace(cell.name, fmt::format("{}:{}", cell.file.string(), test.line));
      }
    }
  }
  return places;
}

} // namespace ctest_matrix
