// The command line: verbs, options and exit codes; no logic.
#pragma once

namespace ctest_matrix {

/// Runs the program and returns its exit code (base/result.hpp).
int run_cli(int argc, const char* const* argv);

} // namespace ctest_matrix
