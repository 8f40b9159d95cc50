// TAP, the Test Anything Protocol, versions 13 and 14, as node's test runner, tape, prove and many others
// write it.
#pragma once

#include "base/result.hpp"
#include "runners/runner_report.hpp"

#include <string_view>

namespace ctest_matrix {

/// Reads a TAP stream. Subtests are indented by four spaces; their parent's description is a title, and the
/// parent itself counts as a test only where it fails and none of its subtests does. A failing `# TODO` is a
/// todo, `not ok … # SKIP` is a failure. The YAML block is the message; its `duration_ms`, `location`, `file`
/// and `line` are read.
///
/// A missing or wrong plan, numbers out of sequence, a YAML block without end, a last line without its
/// newline and `Bail out!` make `says_success` false, with a note: the stream may be cut. Error (input): what
/// `checked_text` refuses, no plan and no test at all, nested more than 64 levels deep.
Result<RunnerReport> parse_tap(std::string_view text);

} // namespace ctest_matrix
