// The last script that a load produced, with what it came from: the next load is told the same again as long
// as it asks for the same and nothing that was read has changed.
//
// Format of `last-good.cmake`: the script; behind it, as comments, what the load was asked, the files that
// generating made (`made <size> <path>`), those whose size counts (`size <size> <path>`) and what it read
// (base/read_log.hpp), and at the end
// `# ctest-matrix-load <bytes of the script> <bytes of what is behind it, without this line>`, so that a file
// that was cut off is none.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// What a script came from.
struct LoadBasis {
  std::string asked;                          ///< all that is no file: options, variables, the program
  std::vector<std::filesystem::path> made;    ///< files that the script needs
  std::vector<std::filesystem::path> sized{}; ///< files whose size alone says whether there is more in them
  std::string read;                           ///< text of a ReadLog
};

/// The script of the last load into this state directory, if that was asked the same and the disk still says
/// the same.
std::optional<std::string> remembered_script(const std::filesystem::path& state, const std::string& asked);

/// Keeps a script, for loads that ask for the same and, behind a failing set-up, for those that fail. Gives
/// it back.
Result<std::string> remember_script(const std::filesystem::path& state, std::string script,
                                    const LoadBasis& basis);

} // namespace ctest_matrix
