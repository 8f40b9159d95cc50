// The JSON reporters of vitest (3) and jest: one shape with small differences.
#pragma once

#include "base/result.hpp"
#include "runners/runner_report.hpp"

#include <string_view>

namespace ctest_matrix {

/// Reads `vitest --reporter=json --outputFile.json=F` or `jest --json --outputFile=F`.
///
/// A file that failed although none of its tests did (it did not collect, a hook outside of the tests threw)
/// is a file failure. vitest's `pending` is a test that had not finished: failed; jest's is a skipped one.
/// vitest keeps the messages of failed attempts of a passed test: their number is its `retries`. Snapshots
/// written, updated, removed or obsolete, and numbers that contradict the list of tests, are notes.
/// Error (input): what `checked_text` refuses, not JSON, not of this shape, a status that nobody documents.
Result<RunnerReport> parse_vitest_json(std::string_view text);

} // namespace ctest_matrix
