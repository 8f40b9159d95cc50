// What fails in a result, and how: the form in which the ledger and the friction log look at a record. Pure.
#pragma once

#include "ledger/ledger.hpp"
#include "plan/plan.hpp"
#include "progress/journal.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

struct SeenFailure {
  CellFailure failure;
  std::string detail;  ///< the first line of its message
  std::string message; ///< normalised
  std::string exact;   ///< normalised, with its numbers
  std::vector<std::string>
      parts;                ///< the same of each of its messages: those of a test that fails in several ways
  bool never_known = false; ///< a set-up that failed, lost tests: no entry excuses these
};

/// The first line of a message, shortened and without colours.
std::string first_line_of(std::string_view message);

/// The failures of a result in its order: its tests, and the cell as a whole where its verdict is another
/// than FAIL or no test is to blame. None of one that passed.
std::vector<SeenFailure> failures_of(const Record& record);

/// True when the record lists all the tests of its cell: where a test is missing, it is not there.
bool has_all_tests(const Record& record);

/// The tests that an earlier result of the cell, of the same sources, has, and that a failed one does not
/// tell of any more, or skips. None where the failed one does not list its tests, so that its verdict says
/// it.
std::vector<std::string> tests_lost_by(const Cell& cell, const Record& failed,
                                       std::span<const Record* const> earlier);

/// What makes a failure one of the surroundings and not of the suite: `namespace.not_found`, `Address in
/// use`, or a text of the ledger (`*: (infrastructure) …`); empty: nothing does. Nothing is excused by it.
std::string infrastructure_of(std::string_view text, const Ledger* ledger);

} // namespace ctest_matrix
