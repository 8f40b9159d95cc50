// Where CTest leaves the results of a run in a build directory.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// Where CTest keeps what is of the last run only: LastTest.log and its neighbours, the costs of tests.
std::filesystem::path last_run_directory(const std::filesystem::path& build_dir);

/// The log of the last plain run; nothing where there is none.
std::optional<std::filesystem::path> last_test_log_of(const std::filesystem::path& build_dir);

/// The Test.xml of the last dashboard run, which Testing/TAG names; nothing where there is none.
std::optional<std::filesystem::path> test_xml_of(const std::filesystem::path& build_dir);

/// The files that CTest writes when a run ends, whether they are there or not.
std::vector<std::filesystem::path> files_of_an_end(const std::filesystem::path& build_dir);

/// What CTest has left of its last run: another text after another run. A log of no tests, which `ctest -N`
/// writes, is as good as none.
std::string results_mark(const std::filesystem::path& build_dir);

} // namespace ctest_matrix
