// Programs of GoogleTest that are made of several test files: of one program the rows are the suites in it,
// of several ones the programs, and not the files. Told by what CMakeLists.txt and the sources say; runs
// nothing.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

struct OneProgram {
  std::string name; ///< the CMake target
  std::vector<std::string>
      suites; ///< as `--gtest_filter` has them, in the order of the sources: `Args`, `All/Args`
};

/// The one program that these sources make, relative to the directory of the project's first CMakeLists.txt:
/// the CMakeLists.txt on the way to them have a single `add_executable` with a name, and none speaks of a
/// test file but as a source. Nothing where that is not so, or no suite is found.
std::optional<OneProgram> one_program_of(const std::filesystem::path& directory,
                                         const std::vector<std::string>& sources);

/// The programs that these sources make, where they are several, and one of them is of several sources or is
/// not called like its own: each is a row then. Told by the sources that each `add_executable` names. Empty
/// where that is not so, or one of the sources is in none.
std::vector<std::string> programs_of(const std::filesystem::path& directory,
                                     const std::vector<std::string>& sources);

} // namespace ctest_matrix
