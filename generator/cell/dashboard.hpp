// What a dashboard is told of a cell: markup that CTest reads in the output of the test, and takes out of
// what it sends. https://cmake.org/cmake/help/latest/command/ctest_test.html#additional-test-measurements
#pragma once

#include "base/clock.hpp"
#include "progress/journal.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// Whether a `ctest` with these arguments writes results for a dashboard (-T, -D, -M, -S): nobody but it
/// wants to see the markup.
bool writes_dashboard_results(const std::vector<std::string>& arguments);

/// Whether the `ctest` that this process runs below does.
bool below_dashboard_ctest();

/// What the record does not have.
struct DashboardFacts {
  int retries = 0; ///< failed attempts of tests that passed in the end
  std::vector<std::pair<std::string, Milliseconds>> service_starts; ///< by service, from its start to healthy
  std::string runner_version; ///< empty where the runner does not say it
  std::filesystem::path log;  ///< to attach; empty: none
};

/// The markup, a line for each (CTest finds only one in a line): measurements, of a cell that failed its log,
/// and the verdict in place of CTest's word of how the test ended (but of a skip, which that would hide).
std::string dashboard_lines(const Record& record, const DashboardFacts& facts);

/// The version that a runner states when it begins (vitest, pytest); empty when it does not.
std::string stated_version(std::string_view output);

} // namespace ctest_matrix
