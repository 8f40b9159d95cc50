// The tests that a cell has to report: those in what its runner lists that lie in its file and its scope.
#pragma once

#include "cell/ask_listing.hpp"
#include "plan/plan.hpp"
#include "runners/listing.hpp"

#include <map>
#include <string>
#include <vector>

namespace ctest_matrix {

struct ExpectedTests {
  std::vector<std::string> names; ///< titles joined by ` > `
  std::string problem;            ///< why the runner could not be asked; empty: it could, or need not be
  bool interrupted = false;       ///< this process was told to stop meanwhile
};

/// None where the suite has no listing. Where it cannot be had, which holds no cell back, those of the last
/// one, perhaps from before an edit.
ExpectedTests expected_tests(const CommonPlan& common, const BoundCell& cell, ListingUse use);

/// The listed tests that lie in the cell's own file.
Listing in_own_file(const CommonPlan& common, const BoundCell& cell, const Listing& listing);

/// `<file>:<line>` of the first test of each cell, as far as they were listed before.
std::map<std::string, std::string> listed_places(const Plan& plan);

} // namespace ctest_matrix
