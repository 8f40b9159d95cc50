// `report --html`: gathers what the page shows besides the report, and writes it.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "report/report.hpp"

#include <filesystem>

namespace ctest_matrix {

/// Replaces the file as a whole, or leaves it as it is. Error (input): it cannot be written, or is
/// there and no page of ours.
Result<void> write_report_page(const Plan& plan, const ProgressReport& report,
                               const std::filesystem::path& path);

} // namespace ctest_matrix
