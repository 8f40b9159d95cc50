// Where a matrix and the suite on disk have drifted apart. Pure.
#pragma once

#include "check/fix.hpp"
#include "plan/listing_program.hpp"
#include "plan/project.hpp"
#include "runners/listing.hpp"

#include <map>
#include <string>
#include <vector>

namespace ctest_matrix {

/// What the runner lists in the own file of one cell.
struct CellListing {
  const BoundCell* cell = nullptr;
  Listing tests;
};

/// What was seen of the suite, and asked of the runner.
struct SuiteOnDisk {
  std::vector<std::string> files;               ///< the names that rows of all its test files have, sorted
  std::map<std::string, std::string> renamed{}; ///< rows whose files git knows under another name, and that
  std::vector<CellListing> listings;            ///< of the cells whose runner answered
  std::vector<std::pair<const BoundCell*, std::string>> mute; ///< cells whose runner did not, and why
  std::vector<std::pair<const BoundCell*, ListingProgram>>
      unbuilt{}; ///< cells whose tests a program lists that nobody has built yet
};

/// Reports M030 a test file that no row names, M031 a description that no block of the file has, M032 an axis
/// value that no title has, M033 a cell that no listed test belongs to, M034 listed titles whose values no
/// cell has, M035 listed tests outside of every scope, M036 a suite that could not be listed (a warning,
/// where its program is only not built yet). Returns what would make the matrix right again where that needs
/// no decision: files that were renamed, removed or added, blocks that were retitled.
std::vector<Fix> report_drift(const Project& project, const SuiteOnDisk& suite, Diagnostics& diagnostics);

} // namespace ctest_matrix
