// The verbs: what each takes, and what it calls.
#pragma once

#include "base/result.hpp"
#include "cli/matrix_options.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// What parsing a command line leaves behind.
struct CommandLine {
  CLI::App app;
  MatrixOptions options;
  std::function<Result<ExitCode>()> action; ///< of the verb that was named
};

/// A command, below the options of its verb; tests/e2e/help.sh runs each.
std::string example(std::string_view command);

/// For people who keep a matrix: init, check, generate, list, explain.
void add_matrix_verbs(CommandLine& line);

/// For people who run the suite and look at what came of it: run, narrow, progress, report.
void add_run_verbs(CommandLine& line);

/// What CTest's tests call: cell, artifact, agree, service, ready.
void add_test_verbs(CommandLine& line);

} // namespace ctest_matrix
