// What CTest has learned of how long tests take (Testing/Temporary/CTestCostData.txt), seeded for tests that
// it has not run here yet, so that the longest start first. Pure but for `seed_cost_data`.
//
// Format: a line `<name> <runs> <mean seconds>` for each test, `---`, then the names of the tests that failed
// last (CMake, Source/CTest/cmCTestMultiProcessHandler.cxx).
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// Durations by test name, with the prefix.
using TestDurations = std::map<std::string, Milliseconds, std::less<>>;

/// `existing` with a line for each test that it does not have yet; nothing that CTest wrote is changed.
std::string merge_cost_data(std::string_view existing, const TestDurations& durations);

/// The file of a build directory.
std::filesystem::path cost_data_path(const std::filesystem::path& build_dir);

/// Does so with the file of a build directory; writes nothing where there is nothing to add.
Result<void> seed_cost_data(const std::filesystem::path& build_dir, const TestDurations& durations);

} // namespace ctest_matrix
