// What a dashboard is told of a cell, in CTest's markup.
#pragma once

#include "base/clock.hpp"
#include "progress/journal.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// What the record does not have.
struct DashboardFacts {
  int retries = 0; ///< failed attempts of tests that passed in the end
  std::vector<std::pair<std::string, Milliseconds>> service_starts; ///< by service, from its start to healthy
  std::string runner_version; ///< empty where the runner does not say it
  std::filesystem::path log;  ///< to attach; empty: none
};

/// The markup, a line for each: measurements, of a cell that failed its log, and the verdict in place of
/// CTest's word of how the test ended (but of a skip, which that would hide).
std::string dashboard_lines(const Record& record, const DashboardFacts& facts);

} // namespace ctest_matrix
