// The flags that a known runner needs: those that make it write its report, and those that keep its own
// configuration from hiding failures. Knows no matrix: a command is its words.
#pragma once

#include "runners/listing.hpp"
#include "runners/runner_report.hpp"

#include <string>
#include <vector>

namespace ctest_matrix {

/// The flags to put into a command, whose words may have placeholders: of a command for `vitest-json`
/// without {report} those of vitest's report, of a command that runs vitest its guards; none that the command
/// has already. A command with {report} may be another runner's that writes the same format, as jest does.
///
/// vitest up to 2.1.4 loses errors outside of every test unless its default reporter runs, too: that one is
/// put beside another. go is kept from telling the results of an earlier run.
/// `script` is the text of the script that the command runs: what it says already is not said again.
std::vector<std::string> missing_flags(ReportFormat report, const std::vector<std::string>& command,
                                       const std::string& script = "");

/// Whether a command, or its script, says in some way that it runs Go's tests.
bool may_run_go(const std::vector<std::string>& command, const std::string& script);

/// Keeps go from its cache also where it is called by a shell, a script or a makefile: `GOFLAGS=-count=1` in
/// an environment of `NAME=value` entries, unless they say already how often.
void forbid_gos_cache(std::vector<std::string>& environment);

/// The guards of a command that lists a runner's tests: its configuration could shrink the listing, too.
std::vector<std::string> missing_flags(ListingFormat format, const std::vector<std::string>& command);

/// Whether a command of pytest's itself selects some tests of a file: `-k`, `-m`, `--deselect`, a node id.
bool selects_for_pytest(const std::vector<std::string>& command);

/// The file with the results of earlier runs that a command of Node's names (`--test-rerun-failures`): what
/// passed in them is told again, and not run. Empty: none.
std::string file_of_earlier_results(const std::vector<std::string>& command);

/// Which word of a command is the program of a runner whose flags are known; the command's size: none.
std::size_t runner_at(const std::vector<std::string>& command);

} // namespace ctest_matrix
