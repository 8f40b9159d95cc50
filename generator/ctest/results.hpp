// What CTest itself says of a run, whichever of its files it was read from.
#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

enum class CtestStatus {
  passed,
  failed,          ///< includes what a format cannot tell apart: LastTest.log and JUnit of CTest 3.25 know no
                   ///< time-out, no signal
  timed_out,       ///< ended by CTest's TIMEOUT
  crashed,         ///< ended by a signal of its own making (SEGFAULT, abort)
  killed,          ///< ended by somebody's SIGKILL, SIGTERM or SIGINT
  skipped,         ///< it ran, and said so by return code or output
  disabled,        ///< the DISABLED property; it did not run
  not_run_fixture, ///< a fixture that it needs failed; it did not run
  not_run,         ///< it did not run for another reason (no executable)
  unknown,         ///< it ran, and the file alone cannot tell whether it passed; never a pass
};

/// `passed`, `timed-out`, … for messages and JSON.
std::string_view ctest_status_name(CtestStatus status);

/// How much of a test's output its result holds.
enum class OutputKept {
  whole,
  cut,        ///< CTest removed a part: 1,024 bytes are kept of passed tests, 300 KiB of others
  unreadable, ///< stored in a way that could not be unpacked
};

struct CtestResult {
  std::string name;
  CtestStatus status = CtestStatus::unknown;
  std::optional<Milliseconds> duration; ///< none for tests that did not run
  std::string output;                   ///< as CTest escaped it: `[NON-XML-CHAR-0x1B]`
  OutputKept output_kept = OutputKept::whole;
  std::string
      reason; ///< CTest's own words for what is not a plain pass: `Timeout`, `SEGFAULT`, `Exit code 3`

  bool operator==(const CtestResult&) const = default;
};

/// Which of CTest's files a run was read from.
enum class CtestSource { junit, test_xml, last_test_log };

std::string_view ctest_source_name(CtestSource source);

struct CtestRun {
  CtestSource source = CtestSource::junit;
  std::string host;               ///< the site or host name, as far as the file knows
  std::string build_name;         ///< empty where CTest wrote `(empty)`
  std::string build_stamp;        ///< of dashboard runs: 20260131-0905-Experimental
  std::optional<TimePoint> start; ///< of the whole run, not after this
  std::optional<TimePoint> end;   ///< of the whole run, not before this
  bool zone_known = false;        ///< false: `start` and `end` were taken for this machine's local time
  bool complete = true;           ///< false: the run was interrupted, or is still going on
  std::string identity;           ///< the same for the same content, whatever the file's name or time
  std::vector<CtestResult> results;

  bool operator==(const CtestRun&) const = default;
};

/// The identity of a run that was read from these texts.
std::string ctest_run_identity(CtestSource source, std::string_view text);

/// Whether CTest cut this output: it leaves a sentence in place of what it removed.
OutputKept output_kept(std::string_view output);

/// Makes every result `unknown` whose name another one has too: CTest accepts that, and nobody can tell them
/// apart.
void distrust_repeated_names(std::vector<CtestResult>& results);

/// Seconds as CTest writes them (`0.0015`, `1795252539`); nothing for anything else.
std::optional<Milliseconds> parse_ctest_seconds(std::string_view text);

/// What CTest means by a test that failed, from its words for how the process ended: timed_out, killed,
/// crashed, failed.
CtestStatus ctest_failed_status(std::string_view ending);

/// What CTest means by a test that it calls "not run", from its completion text: skipped, disabled,
/// not_run_fixture, not_run.
CtestStatus ctest_not_run_status(std::string_view completion);

} // namespace ctest_matrix
