// The JSON reporters of vitest (1 to 5) and jest: one shape with small differences.
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
/// written, updated, removed or obsolete are notes, and so are counts that say that something was lost
/// (vitest 1 counts the skipped tests among the passed ones), unless `counts` says not to look. Error
/// (input): what `checked_text` refuses, not JSON, a key that stands twice, not of this shape, a status that
/// nobody documents, a count that is no whole number, a time that cannot be.
Result<RunnerReport> parse_vitest_json(std::string_view text, CountCheck counts = CountCheck::losses);

} // namespace ctest_matrix
