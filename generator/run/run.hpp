// The whole workflow in one go: drives ctest through the cells that are not ticked yet, stops at the first
// that fails, says what is known about it, and sums up.
#pragma once

#include "base/result.hpp"
#include "plan/project.hpp"
#include "run/live_view.hpp"
#include "run/request.hpp"

#include <filesystem>

namespace ctest_matrix {

/// Who reads what a run says.
enum class Audience {
  people,
  agent,   ///< a program that reads text: what failed, and nothing else
  machine, ///< events, a JSON object in each line
};

/// Where a run takes place.
struct RunPlace {
  ProjectOptions project;
  std::filesystem::path program; ///< ctest-matrix itself, for the tests that it generates
  Screen screen;
  Audience audience = Audience::people;
};

/// Carries the request out and prints what happens. The exit code: ok when every cell of the run passed (or
/// there was none to run), failed, setup when no cell failed but some could not run, interrupted. Errors:
/// usage, input and setup, when it could not begin.
Result<ExitCode> run_suite(const RunRequest& request, const RunPlace& place);

} // namespace ctest_matrix
