// What a plain `ctest` leaves behind: `Testing/Temporary/LastTest.log` with LastTestsFailed.log and
// LastTestsDisabled.log.
#pragma once

#include "base/result.hpp"
#include "ctest/results.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// The texts of the two files beside LastTest.log. Nothing: looked for, and this run left none, because no
/// test failed (or was skipped or disabled). CTest does not remove those of an earlier run.
struct LastTestNeighbours {
  std::optional<std::string> failed;   ///< LastTestsFailed.log: failed and not run
  std::optional<std::string> disabled; ///< LastTestsDisabled.log: disabled and skipped
};

/// Reads the log. It says "Test Passed." of skipped tests and of tests that never ran too, so a pass counts
/// only with the neighbours known, the run finished, and the neighbours telling the same story as the log;
/// otherwise the test is `unknown`. Failures stand in any case. Of a retried test the last attempt counts.
/// The log's times have neither seconds nor a year, and a zone that only its writer knows: they are not read.
/// Error (input): empty, larger than `k_max_result_bytes`, not a log of
/// CTest.
Result<CtestRun> parse_ctest_last_test_log(std::string_view log,
                                           const std::optional<LastTestNeighbours>& neighbours);

/// Reads LastTest.log (or LastTest_<tag>.log) with the neighbours of the same run: those that are not older
/// than the log. A `.tmp` file, of a run that was interrupted or goes on, has none.
Result<CtestRun> read_ctest_last_test_log(const std::filesystem::path& log);

} // namespace ctest_matrix
