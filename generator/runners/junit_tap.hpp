// JUnit reports that a harness made of TAP streams, and that have those streams in them.
#pragma once

#include "base/result.hpp"
#include "base/xml.hpp"
#include "runners/runner_report.hpp"

namespace ctest_matrix {

/// Adds to `report` what the TAP stream in a suite's `<system-out>` tells, below the suite's name: the test
/// cases made of it call skipped tests passed and know no subtests. What the harness adds to it (a script
/// that exited with another status than 0) is a file failure. Error (input): a stream that cannot be read.
Result<void> read_carried_tap(const XmlElement& suite, RunnerReport& report);

} // namespace ctest_matrix
