// The flags that a known runner needs: those that make it write its report, and those that keep its own
// configuration from hiding failures. Knows no matrix: a command is its words.
#pragma once

#include "runners/runner_report.hpp"

#include <string>
#include <vector>

namespace ctest_matrix {

/// The flags to append to a command, whose words may have placeholders: of a command for `vitest-json`
/// without {report} those of vitest's report, of a command that runs vitest its guards; none that the command
/// has already. A command with {report} may be another runner's that writes the same format, as jest does.
std::vector<std::string> missing_flags(ReportFormat report, const std::vector<std::string>& command);

} // namespace ctest_matrix
