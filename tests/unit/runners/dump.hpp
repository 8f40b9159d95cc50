// Reports and CTest runs as text, so that tests can compare whole documents; and the recorded files.
#pragma once

#include "ctest/results.hpp"
#include "runners/runner_report.hpp"

#include <string>

namespace ctest_matrix {

/// One line for each file, test (status, file, titles, duration, retries, place), message, file failure and
/// note.
std::string dump(const RunnerReport& report);

/// One line for each test: status, name, reason, size of the output and how it was kept.
std::string dump(const CtestRun& run);

/// The text of a file in tests/fixtures/results.
std::string fixture(const std::string& name);

/// The names of the recorded files in a directory of tests/fixtures/results that end in `extension`.
std::vector<std::string> fixtures(const std::string& directory, const std::string& extension);

} // namespace ctest_matrix
