// `report --watch`: follows the journal and the progress file until it is told to stop.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "plan/project.hpp"

#include <filesystem>

namespace ctest_matrix {

/// Shows how the suite stands, and again whenever a result comes in, a box is changed or CTest has ended: on
/// a terminal the grid is drawn over, elsewhere each change is a line. Where a page is named, it is written
/// anew each time. Ends with `interrupted`, by SIGINT, SIGTERM or SIGHUP. Error: the first report cannot be
/// made; later ones are shown and waited out.
Result<ExitCode> watch_report(const ProjectOptions& project, const std::filesystem::path& page);

} // namespace ctest_matrix
