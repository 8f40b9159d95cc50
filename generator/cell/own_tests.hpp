// Which tests of a report are the cell's own, and which of those that it has to report are not there. Pure.
#pragma once

#include "cell/judge.hpp"

#include <string>
#include <vector>

namespace ctest_matrix {

/// Whether a test passed or failed.
bool ran(const TestCase& test);

/// Whether a path of the report is the end of that of the cell's own file.
bool ends_own_file(const BoundCell& cell, const std::string& file);

/// Whether a path of the report can be the cell's own file. Playwright's are relative to its `testDir`,
/// cargo's to the package.
bool may_be_own_file(const BoundCell& cell, const Evidence& evidence, const std::string& file);

/// Whether a test of the report lies in the cell's file and below its scope.
bool in_scope(const BoundCell& cell, const Evidence& evidence, const TestCase& test);

/// The listed tests that the report does not have in the cell, however it calls them; each as often as it is
/// missing. One that the listing does not have takes the place of one whose title has another number.
std::vector<std::string> missing_tests(const BoundCell& cell, const Evidence& evidence);

/// Why a run whose runner was handed further arguments is none of the whole cell: a listed test did not run,
/// or it is not known what would have had to. Empty: every listed test has passed or failed.
std::string why_not_whole(const BoundCell& cell, const Evidence& evidence);

} // namespace ctest_matrix
