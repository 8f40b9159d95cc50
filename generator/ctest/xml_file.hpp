// CTest's dashboard file: `Testing/<tag>/Test.xml` of `ctest -T Test` and `-D Experimental`.
#pragma once

#include "base/result.hpp"
#include "ctest/results.hpp"

#include <string_view>

namespace ctest_matrix {

/// Reads the file; of a retried test it has the last attempt only. Output that CTest compressed (its default)
/// is unpacked. Error (input): what `parse_xml` refuses, not CTest's, a status that CTest does not write, a
/// test of its own list without a result, no end time (the run was interrupted while the file was written).
Result<CtestRun> parse_ctest_test_xml(std::string_view text);

} // namespace ctest_matrix
