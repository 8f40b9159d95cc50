// The first failing test of a run, alone and on the other columns: runs `narrow`, and notes what it says.
#pragma once

#include "base/result.hpp"
#include "run/failure_probe.hpp"
#include "run/suite_run.hpp"
#include "run/voice.hpp"

#include <span>
#include <vector>

namespace ctest_matrix {

/// On which columns the first failing test of a record fails; nothing where that cannot be asked. It is
/// noted, too. Error: it could not be.
Result<std::vector<ProbeResult>> probe_failure(const Run& run, Voice& voice, const Record& record,
                                               std::span<const Record> journal);

} // namespace ctest_matrix
