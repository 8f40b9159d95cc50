// What a program that reads text is told of how the suite stands. Reads what is kept of failures.
#pragma once

#include "plan/plan.hpp"
#include "report/report.hpp"

#include <string>

namespace ctest_matrix {

/// A block for each cell whose newest result is a failure, what the gate says (`gate`; may be empty), and a
/// last line that begins with `report: `, with the exit code.
std::string agent_report(const Plan& plan, const ProgressReport& report, const std::string& gate,
                         ExitCode code);

} // namespace ctest_matrix
