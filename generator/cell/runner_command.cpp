#include "cell/runner_command.hpp"

#include <algorithm>
#include <string>

namespace ctest_matrix {

namespace {

/// What vitest needs to write its report.
constexpr std::string_view k_vitest_reporters[] = {"--reporter=default", "--reporter=json",
                                                   "--outputFile.json={report}"};

/// What keeps vitest's configuration from hiding failures: a `.only` that was left in, errors outside of
/// every test.
constexpr std::string_view k_vitest_guards[] = {"--allowOnly=false",
                                                "--dangerouslyIgnoreUnhandledErrors=false"};

bool mentions(const std::vector<TextTemplate>& command, std::string_view text) {
  return std::any_of(command.begin(), command.end(), [&](const TextTemplate& argument) {
    return argument.source().find(text) != std::string::npos;
  });
}

/// Whether an argument is vitest's own program: `vitest`, `node_modules/vitest/vitest.mjs`.
bool names_vitest(const std::vector<TextTemplate>& command) {
  return std::any_of(command.begin(), command.end(), [](const TextTemplate& argument) {
    const std::string& source = argument.source();
    const std::string name = source.substr(source.rfind('/') + 1);
    return name == "vitest" || name == "vitest.mjs";
  });
}

bool runs_vitest(const SuitePlan& suite, const std::vector<TextTemplate>& command) {
  if (suite.report != ReportFormat::vitest_json) {
    return names_vitest(command);
  }
  return !mentions(command, "{report}") || mentions(command, "vitest") ||
         mentions(command, "--outputFile.json");
}

} // namespace

std::vector<TextTemplate> full_command(const SuitePlan& suite, const CellPlan& cell) {
  std::vector<TextTemplate> command = cell.command;
  const auto append = [&](std::string_view flag) {
    TextTemplate::Problem problem;
    command.push_back(*TextTemplate::parse(flag, problem));
  };
  if (suite.report == ReportFormat::vitest_json && !mentions(cell.command, "{report}")) {
    std::for_each(std::begin(k_vitest_reporters), std::end(k_vitest_reporters), append);
  }
  if (runs_vitest(suite, cell.command)) {
    for (const std::string_view flag : k_vitest_guards) {
      if (!mentions(cell.command, flag.substr(0, flag.find('=')))) {
        append(flag);
      }
    }
  }
  return command;
}

} // namespace ctest_matrix
