// `check`, beyond reading the matrix: asks the runner what tests there are, and compares them with the rows.
#pragma once

#include "base/read_log.hpp"
#include "cell/ask_listing.hpp"
#include "check/drift.hpp"
#include "plan/project.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace ctest_matrix {

/// How much of the suite was compared.
struct Compared {
  std::size_t files = 0;
  std::size_t tests = 0;  ///< 0 where the matrix has no listing
  bool is_whole = true;   ///< false: the tests of some cells are listed by a program that is not built yet
  std::vector<Fix> fixes; ///< of what needs no decision
  std::vector<std::string>
      notes; ///< what ticks rest on, what the next run does to the progress file; no differences
};

/// Writes fixes into the files of a matrix; says each in a line. Error (input): a file cannot be written, or
/// is not what the fixes were made for, as `read` noted it; it stays as it is then.
Result<std::string> write_fixes(const std::vector<Fix>& fixes, const ReadLog& read);

/// Gives the rows that fixes renamed their new names in the progress files, too: the boxes stay. `project` is
/// the one with the fixes done. Errors: a progress file cannot be changed.
Result<void> move_ticks(const Project& project, const std::vector<Fix>& fixes);

/// Reports every difference between the matrix and the suite on disk into `diagnostics`; the project may have
/// rows whose files are gone. The listings that take their time are told.
Compared compare_with_suite(const Project& project, Diagnostics& diagnostics, const OnListing& on_listing);

} // namespace ctest_matrix
