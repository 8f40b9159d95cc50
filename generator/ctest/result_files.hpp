// Where CTest leaves the results of a run in a build directory.
#pragma once

#include "base/clock.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// Where CTest keeps what is of the last run only: LastTest.log and its neighbours, the costs of tests.
std::filesystem::path last_run_directory(const std::filesystem::path& build_dir);

/// The files that CTest writes when a run ends, whether they are there or not.
std::vector<std::filesystem::path> files_of_an_end(const std::filesystem::path& build_dir);

/// The tests that failed or did not run, as CTest names them at the end of a run.
struct FailedTests {
  std::vector<std::string> names;
  TimePoint written{};
};

/// Those of the last run in a build directory; nothing where it had none, or did not come to its end.
std::optional<FailedTests> failed_tests_of(const std::filesystem::path& build_dir);

/// What CTest has left of its last run: another text after another run. A log of no tests, which `ctest -N`
/// writes, is as good as none.
std::string results_mark(const std::filesystem::path& build_dir);

} // namespace ctest_matrix
