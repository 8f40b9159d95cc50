#include "cli/cli.hpp"

#include "cli/axis_options.hpp"
#include "cli/verbs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

std::string example(std::string_view command) {
  return fmt::format("Example:\n  ctest-matrix {}", command);
}

int run_cli(int argc, const char* const* argv) {
  CommandLine line;
  CLI::App& app = line.app;
  app.description(
      "Runs one test suite over a matrix of runtimes, as one CTest test per test file and runtime.");
  app.name("ctest-matrix");
  app.require_subcommand(1);
  app.footer("`ctest-matrix VERB --help` tells more of each.\n" + example("run"));
  app.set_version_flag("--version", fmt::format("ctest-matrix {}", CTEST_MATRIX_VERSION));
  app.failure_message(CLI::FailureMessage::help);
  add_matrix_verbs(line);
  add_run_verbs(line);
  add_test_verbs(line);
  try {
    std::vector<std::string> arguments =
        take_axis_options(app, {argv + 1, argv + argc}, line.options.axis_settings);
    std::ranges::reverse(arguments); // what CLI11 wants
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return static_cast<int>(app.exit(error) == 0 ? ExitCode::ok : ExitCode::usage);
  }
  const auto code = line.action();
  if (code) {
    return static_cast<int>(*code);
  }
  const std::string& message = code.error().message;
  fmt::print(stderr, "{}{}", message, message.ends_with('\n') ? "" : "\n");
  return static_cast<int>(code.error().code);
}

} // namespace ctest_matrix
