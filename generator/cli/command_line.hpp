// From the words of a command line to the verb that they name, with its options set: the only file that knows
// the library for it (CLI11).
#pragma once

#include "cli/verb.hpp"

#include <string>
#include <vector>

namespace ctest_matrix {

/// The verb that was named. Otherwise the exit code, when the words ask for help or for the version, or are
/// wrong: what there is to say has been printed then.
std::variant<const Verb*, ExitCode> parse_command_line(const std::vector<Verb>& verbs,
                                                       const std::vector<std::string>& words);

} // namespace ctest_matrix
