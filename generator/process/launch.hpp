// What has to be settled before a process is forked, and the words for why it could not become the program.
#pragma once

#include "base/result.hpp"
#include "process/guardian.hpp"
#include "process/process.hpp"

#include <string>
#include <vector>

namespace ctest_matrix {

/// Looks up where the program may lie, makes the directory absolute and puts the marker into the environment.
/// Error (setup): nothing that could be run.
Result<GuardianPlan> plan_run(const ProcessSpec& spec);

/// What exec(3) takes: pointers into `texts`, and a null at their end.
std::vector<char*> exec_pointers(const std::vector<std::string>& texts);

/// A sentence for one of the events no_fork, no_directory and no_program; `error` is the value of errno.
std::string start_failure(const GuardianPlan& plan, GuardianEvent::Kind kind, int error);

} // namespace ctest_matrix
