#include "runners/runner_flags.hpp"

#include "base/text.hpp"
#include "runners/flag_reach.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <span>
#include <string_view>

namespace ctest_matrix {

namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view k_report_path = "{report}";

/// A flag, and what a command says already of what it is about: options, or a text in any of its words.
struct Guard {
  std::string_view flag;
  Words options{};
  Words texts{};
};

constexpr std::string_view k_vitest_programs[] = {"vitest", "vitest.mjs"};
constexpr std::string_view k_vitest_words[] = {"vitest", "--outputFile.json"};
/// The second one where the command says something of reporters or their files itself: without that, a path
/// for all reporters in the configuration would win over one for this reporter alone.
constexpr std::string_view k_vitest_report_flags[] = {"--reporter=default", "--reporter=json",
                                                      "--outputFile={report}"};
constexpr std::string_view k_vitest_own_report_flags[] = {"--reporter=default", "--reporter=json",
                                                          "--outputFile.json={report}"};
constexpr std::string_view k_pattern_words[] = {"-t", "--testNamePattern", "--test-name-pattern"};
/// A pattern in the configuration leaves tests out; one that is empty would fit none.
constexpr Guard k_vitest_guards[] = {{"--allowOnly=false"},
                                     {"--dangerouslyIgnoreUnhandledErrors=false"},
                                     {"--testNamePattern=^", k_pattern_words}};
constexpr std::string_view k_mocha_programs[] = {"mocha", "_mocha", "mocha.js", "mocha.mjs", "mocha.cjs"};
constexpr std::string_view k_playwright_programs[] = {"playwright"};
constexpr std::string_view k_grep_words[] = {"--grep", "-g", "--fgrep", "-f"};
constexpr std::string_view k_invert_words[] = {"--invert", "-i"};
constexpr Guard k_playwright_guards[] = {{"--forbid-only"}};
/// A dry run reports every test as passed, however its configuration spells it (a flag wins over its own
/// spelling only); what a pattern in it leaves out is not reported at all (with an `fgrep` there, `--grep` is
/// an error of mocha's).
constexpr Guard k_mocha_guards[] = {{"--forbid-only"},
                                    {"--forbidOnly"},
                                    {"--no-dry-run"},
                                    {"--no-dryRun"},
                                    {"--no-invert", k_invert_words},
                                    {"--grep=^", k_grep_words}};
constexpr std::string_view k_jest_programs[] = {"jest", "jest.js"};
constexpr Guard k_jest_guards[] = {{"--testNamePattern=^", k_pattern_words}};
constexpr std::string_view k_pytest_programs[] = {"pytest", "pytest-3", "py.test"};
constexpr std::string_view k_pytest_has_cache[] = {"cache_dir", "no:cacheprovider"};
constexpr std::string_view k_prefix_words[] = {"--junit-prefix", "--junitprefix"};
/// What failed last is in its cache: `--lf` in its configuration runs nothing else. A prefix there would
/// stand before the modules in its report.
constexpr Guard k_pytest_guards[] = {{"--override-ini=cache_dir={tmp}/pytest-cache", {}, k_pytest_has_cache},
                                     {"--junit-prefix=", k_prefix_words}};

/// A runner as far as its flags are known.
struct KnownRunner {
  std::optional<ReportFormat> report; ///< what its report is in, when the matrix names no path
  Words programs;                     ///< the file names of its program
  Words words;                        ///< tell it from others that write the same report
  Words report_flags;                 ///< make it write its report
  Words own_report_flags;             ///< the same, beside what the command says of reports itself
  std::span<const Guard> guards;      ///< against what its configuration could hide or leave out
};

constexpr KnownRunner k_vitest_flags{.report = ReportFormat::vitest_json,
                                     .programs = k_vitest_programs,
                                     .words = k_vitest_words,
                                     .report_flags = k_vitest_report_flags,
                                     .own_report_flags = k_vitest_own_report_flags,
                                     .guards = k_vitest_guards};
constexpr KnownRunner k_mocha_flags{.report = {},
                                    .programs = k_mocha_programs,
                                    .words = {},
                                    .report_flags = {},
                                    .own_report_flags = {},
                                    .guards = k_mocha_guards};
constexpr KnownRunner k_jest_flags{.report = {},
                                   .programs = k_jest_programs,
                                   .words = {},
                                   .report_flags = {},
                                   .own_report_flags = {},
                                   .guards = k_jest_guards};
constexpr KnownRunner k_playwright_flags{.report = {},
                                         .programs = k_playwright_programs,
                                         .words = {},
                                         .report_flags = {},
                                         .own_report_flags = {},
                                         .guards = k_playwright_guards};
constexpr KnownRunner k_pytest_flags{.report = {},
                                     .programs = k_pytest_programs,
                                     .words = {},
                                     .report_flags = {},
                                     .own_report_flags = {},
                                     .guards = k_pytest_guards};
constexpr const KnownRunner* k_runners[] = {&k_vitest_flags, &k_mocha_flags, &k_jest_flags,
                                            &k_playwright_flags, &k_pytest_flags};

using Command = std::vector<std::string>;

bool mentions(const Command& command, std::string_view text) {
  return std::ranges::any_of(command,
                             [&](const std::string& word) { return word.find(text) != std::string::npos; });
}

std::string program_in(const std::string& word) {
  return word.substr(word.rfind('/') + 1);
}

/// Whether a word is the runner's own program: `vitest`, `node_modules/vitest/vitest.mjs`.
bool names_program(const KnownRunner& runner, const Command& command) {
  return std::ranges::any_of(command, [&](const std::string& word) {
    return std::ranges::find(runner.programs, program_in(word)) != runner.programs.end();
  });
}

bool runs(const KnownRunner& runner, ReportFormat report, const Command& command) {
  if (!runner.report || report != *runner.report) {
    return names_program(runner, command);
  }
  return !mentions(command, k_report_path) ||
         std::ranges::any_of(runner.words, [&](std::string_view word) { return mentions(command, word); });
}

/// Whether a word is one of these options, with or without a value behind an equals sign.
bool has_option(const Command& command, Words options) {
  return std::ranges::any_of(command, [&](const std::string& word) {
    return std::ranges::find(options, std::string_view(word).substr(0, word.find('='))) != options.end();
  });
}

void add_guards(const KnownRunner& runner, const Command& command, Command& flags) {
  const auto says = [&](std::string_view text) { return mentions(command, text); };
  for (const Guard& guard : runner.guards) {
    const bool is_said = guard.texts.empty() ? says(guard.flag.substr(0, guard.flag.find('=')))
                                             : std::ranges::any_of(guard.texts, says);
    if (!is_said && !has_option(command, guard.options)) {
      flags.emplace_back(guard.flag);
    }
  }
}

/// Whether vitest is told to use a reporter, but none of those that count errors outside of every test.
bool loses_errors(const Command& command) {
  constexpr std::string_view k_good[] = {"default", "verbose", "basic", "dot", "tree", "agent"};
  return mentions(command, "--reporter") && std::ranges::none_of(command, [&](const std::string& word) {
           const std::string name = word.substr(word.rfind('=') + 1);
           return std::ranges::find(k_good, name) != std::end(k_good);
         });
}

/// go tells the results of an earlier run from its cache, whatever servers, clocks or builds they rested on.
/// Nothing where a flag at the end would not be one of `go test`.
std::string_view missing_go_flag(const Command& command) {
  if (mentions(command, "-count") || mentions(command, "-args") || mentions(command, "--raw-command")) {
    return "";
  }
  for (std::size_t i = 0; i < command.size(); ++i) {
    const std::string program = program_in(command[i]);
    const bool runs = (program == "go" && i + 1 < command.size() && command[i + 1] == "test") ||
                      (program == "gotestsum" && std::ranges::find(command, "--") != command.end());
    if (runs) {
      return "-count=1";
    }
  }
  return "";
}

} // namespace

std::vector<std::string> missing_flags(ReportFormat report, const Command& command,
                                       const std::string& script) {
  const Command said = words_of_runner(command, script);
  const bool own_report = mentions(said, "--reporter") || mentions(said, "--outputFile");
  std::vector<std::string> flags;
  for (const KnownRunner* const runner : k_runners) {
    if (report == runner->report && !mentions(command, k_report_path)) {
      const Words& words = own_report ? runner->own_report_flags : runner->report_flags;
      flags.insert(flags.end(), words.begin(), words.end());
    }
    if (runs(*runner, report, command)) {
      add_guards(*runner, said, flags);
    }
  }
  if (report != ReportFormat::vitest_json && names_program(k_vitest_flags, command) &&
      loses_errors(command)) {
    flags.emplace_back("--reporter=default");
  }
  if (const std::string_view flag = missing_go_flag(command); !flag.empty()) {
    flags.emplace_back(flag);
  }
  return flags;
}

bool may_run_go(const Command& command, const std::string& script) {
  const auto says = [](const std::string& line) {
    const std::string text = ' ' + line;
    const std::size_t at = text.find("go test"); // cargo test is none
    const bool go = at != std::string::npos && std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0;
    return go || text.find("gotestsum") != std::string::npos;
  };
  return says(script) || says(join(command, " "));
}

void forbid_gos_cache(std::vector<std::string>& environment) {
  constexpr std::string_view k_name = "GOFLAGS=";
  constexpr std::string_view k_flag = "-count=1";
  const auto entry = std::ranges::find_if(
      environment, [&](const std::string& variable) { return variable.starts_with(k_name); });
  if (entry == environment.end()) {
    environment.push_back(std::string(k_name) + std::string(k_flag));
  } else if (entry->find("-count") == std::string::npos) {
    *entry += (entry->size() == k_name.size() ? "" : " ") + std::string(k_flag);
  }
}

std::vector<std::string> missing_flags(ListingFormat format, const Command& command) {
  std::vector<std::string> flags;
  if (format == ListingFormat::pytest && names_program(k_pytest_flags, command)) {
    add_guards(k_pytest_flags, command, flags);
  }
  return flags;
}

bool selects_for_pytest(const Command& command) {
  for (std::size_t i = 0; i < command.size(); ++i) {
    const std::string& word = command[i];
    const bool module = word == "-m" && i + 1 < command.size() && command[i + 1] == "pytest";
    if ((word.starts_with("-k") || word.starts_with("-m") || word.starts_with("--deselect") ||
         word.find("::") != std::string::npos) &&
        !module) {
      return true;
    }
  }
  return false;
}

std::string file_of_earlier_results(const Command& command) {
  constexpr std::string_view k_flag = "--test-rerun-failures";
  for (std::size_t i = 0; i < command.size(); ++i) {
    const std::string& word = command[i];
    if (word == k_flag && i + 1 < command.size()) {
      return command[i + 1];
    }
    if (word.starts_with(k_flag) && word.size() > k_flag.size() && word[k_flag.size()] == '=') {
      return word.substr(k_flag.size() + 1);
    }
  }
  return "";
}

std::size_t runner_at(const Command& command) {
  for (std::size_t i = 0; i < command.size(); ++i) {
    if (std::ranges::any_of(
            k_runners, [&](const KnownRunner* runner) { return names_program(*runner, {command[i]}); })) {
      return i;
    }
  }
  return command.size();
}

} // namespace ctest_matrix
