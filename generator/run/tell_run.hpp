// What a run finds out when its cells have ended: of its failures, and how the suite stands.
#pragma once

#include "base/result.hpp"
#include "run/voice.hpp"

#include <functional>
#include <span>
#include <string>

namespace ctest_matrix {

/// `problem` says what kept cells from running, as lines.
void tell_outcome(const Run& run, Voice& voice, const RunOutcome& outcome, const Results& results,
                  std::span<const Record> journal, const std::function<std::string()>& problem);

/// How the suite stands after it. The exit code: `code`, or setup where nothing ran and nothing can be said.
Result<ExitCode> sum_up(const Run& run, Voice& voice, const Selection& selection, ExitCode code,
                        JournalSlice& journal);

} // namespace ctest_matrix
