// The report as Markdown, for the summary of a CI's job.
#pragma once

#include "plan/plan.hpp"
#include "report/report.hpp"

#include <cstddef>
#include <string>

namespace ctest_matrix {

/// What GitHub takes for the summary of a step, less what others may write into it, in bytes.
inline constexpr std::size_t k_summary_limit = 1'000'000;

/// How the suite stands, what fails (the new first, the known folded), what has never run, and the grid. What
/// does not fit into `limit` bytes is left out, and that is said. `gate` is a sentence, or empty.
std::string render_report_markdown(const Plan& plan, const ProgressReport& report, const std::string& gate,
                                   std::size_t limit = k_summary_limit);

} // namespace ctest_matrix
