#include "runners/runner_flags.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_report_path = "{report}";

constexpr std::string_view k_vitest_programs[] = {"vitest", "vitest.mjs"};
constexpr std::string_view k_vitest_words[] = {"vitest", "--outputFile.json"};
constexpr std::string_view k_vitest_report_flags[] = {"--reporter=default", "--reporter=json",
                                                      "--outputFile.json={report}"};
constexpr std::string_view k_vitest_guards[] = {"--allowOnly=false",
                                                "--dangerouslyIgnoreUnhandledErrors=false"};

/// A runner as far as its flags are known.
struct KnownRunner {
  ReportFormat report;                            ///< what its report is in, when the matrix names no path
  std::span<const std::string_view> programs;     ///< the file names of its program
  std::span<const std::string_view> words;        ///< tell it from others that write the same report
  std::span<const std::string_view> report_flags; ///< make it write its report
  std::span<const std::string_view> guards;       ///< against a `.only` left in, errors outside of every test
};

constexpr KnownRunner k_runners[] = {{.report = ReportFormat::vitest_json,
                                      .programs = k_vitest_programs,
                                      .words = k_vitest_words,
                                      .report_flags = k_vitest_report_flags,
                                      .guards = k_vitest_guards}};

using Command = std::vector<std::string>;

bool mentions(const Command& command, std::string_view text) {
  return std::ranges::any_of(command,
                             [&](const std::string& word) { return word.find(text) != std::string::npos; });
}

/// Whether a word is the runner's own program: `vitest`, `node_modules/vitest/vitest.mjs`.
bool names_program(const KnownRunner& runner, const Command& command) {
  return std::ranges::any_of(command, [&](const std::string& word) {
    const std::string name = word.substr(word.rfind('/') + 1);
    return std::ranges::find(runner.programs, name) != runner.programs.end();
  });
}

bool runs(const KnownRunner& runner, ReportFormat report, const Command& command) {
  if (report != runner.report) {
    return names_program(runner, command);
  }
  return !mentions(command, k_report_path) ||
         std::ranges::any_of(runner.words, [&](std::string_view word) { return mentions(command, word); });
}

} // namespace

std::vector<std::string> missing_flags(ReportFormat report, const Command& command) {
  std::vector<std::string> flags;
  for (const KnownRunner& runner : k_runners) {
    if (report == runner.report && !mentions(command, k_report_path)) {
      flags.insert(flags.end(), runner.report_flags.begin(), runner.report_flags.end());
    }
    if (!runs(runner, report, command)) {
      continue;
    }
    for (const std::string_view guard : runner.guards) {
      if (!mentions(command, guard.substr(0, guard.find('=')))) {
        flags.emplace_back(guard);
      }
    }
  }
  return flags;
}

} // namespace ctest_matrix
