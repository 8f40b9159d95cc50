// CTest's own JUnit file: `ctest --output-junit F` (CTest 3.21 and later).
#pragma once

#include "base/result.hpp"
#include "ctest/results.hpp"

#include <string_view>

namespace ctest_matrix {

/// Reads the file. It tells a failure of a fixture from a skip only by the message of `skipped`, and neither
/// a time-out nor a signal from any other failure. The start has no zone: it is taken as this machine's local
/// time. Error (input): what `parse_xml` refuses, not CTest's (another root, a status that CTest does not
/// write, a pass with a failure in it), counts that differ from the tests listed.
Result<CtestRun> parse_ctest_junit(std::string_view text);

} // namespace ctest_matrix
