// What a run says: at its beginning, of its failures, at its end.
#pragma once

#include "base/result.hpp"
#include "run/outcome.hpp"
#include "run/results.hpp"
#include "run/selection.hpp"
#include "run/suite_run.hpp"

#include <functional>
#include <span>
#include <string>

namespace ctest_matrix {

void announce(const Run& run, const Selection& selection);

/// `problem` says what kept cells from running, as lines.
void tell_outcome(const Run& run, const RunOutcome& outcome, const Results& results,
                  std::span<const Record> journal, const std::function<std::string()>& problem);

/// How the suite stands after it. The exit code: `code`, or setup where nothing ran and nothing can be said.
Result<ExitCode> sum_up(const Run& run, const Selection& selection, ExitCode code, JournalSlice& journal);

} // namespace ctest_matrix
