// TAP, the Test Anything Protocol, versions 13 and 14, as node's test runner, tape, prove and many others
// write it.
#pragma once

#include "base/result.hpp"
#include "runners/runner_report.hpp"

#include <string_view>

namespace ctest_matrix {

/// What else there may be among the lines of a stream.
enum class TapStream {
  alone,
  with_output, ///< whatever the runner prints, its standard error, too
};

/// Reads a TAP stream. Subtests are indented by four spaces, before their parent or, in braces, behind it
/// (Test2, vitest); the parent's description is a title of theirs, and the parent itself is no test: where it
/// fails and none of its subtests does, that is a file failure (a hook). A failing `# TODO` is a todo; `#
/// SKIP` is a skip, failing or not; the reason of `1..0 # SKIP` is in `skipped_whole`. The YAML block is the
/// message; its `duration_ms`, `location`, `file` and `line` are read, and `# time=` behind a description.
/// vitest's `tap-flat` has the file and all titles in one. Bytes that are no UTF-8 become U+FFFD.
///
/// A missing or wrong plan, a number twice or outside of the plan, a YAML block or a subtest without end, a
/// last line without its newline and `Bail out!` make `says_success` false, with a note: the stream may be
/// cut. Lines that are no TAP say nothing, unless `pragma +strict` forbids them and nothing but the runner's
/// standard output can be in `text`. Error (input): what `checked_text` refuses otherwise,
/// no plan and no test at all, nested more than 64 levels deep.
Result<RunnerReport> parse_tap(std::string_view text, TapStream stream = TapStream::alone);

} // namespace ctest_matrix
