// The verbs of those who look something up, and of shells: help, completion.
#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/formats.hpp"
#include "base/templates.hpp"
#include "cli/completion.hpp"
#include "cli/manual.hpp"
#include "cli/reference.hpp"
#include "cli/verbs.hpp"
#include "plan/plan.hpp"
#include "plan/project.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

namespace ctest_matrix {

namespace {

std::vector<std::string> names_of(const auto& all) {
  std::vector<std::string> names;
  for (const auto& each : all) {
    names.emplace_back(each.name);
  }
  return names;
}

Result<ExitCode> help(const std::string& name) {
  if (name.empty()) {
    fmt::print("ctest-matrix help TOPIC prints a part of the reference:\n");
    for (const Topic& topic : topics()) {
      fmt::print("  {:<12} {}\n", topic.name, topic.what);
    }
    fmt::print("`ctest-matrix --help` lists the verbs, `ctest-matrix VERB --help` the options of one.\n");
    return ExitCode::ok;
  }
  const auto topic = std::ranges::find(topics(), name, &Topic::name);
  if (topic == topics().end()) {
    return Error{ExitCode::usage, fmt::format("no topic '{}'{}", name, suggestion(name, names_of(topics())))};
  }
  fmt::print("{}", plain_text(part_below(find_template(topic->document), topic->heading)));
  return ExitCode::ok;
}

/// The names of a matrix; nothing is said of one that is wrong.
std::optional<MatrixWords> words_of_matrix(const std::string& path) {
  ProjectOptions options;
  options.matrix = path.empty() ? usual_project().matrix : std::filesystem::path(path);
  options.missing_files = MissingFiles::told;
  const auto project = load_project(options);
  if (!project) {
    return std::nullopt;
  }
  MatrixWords words{.rows = names_of(project->matrix.rows),
                    .cells = {},
                    .profiles = names_of(project->matrix.profiles),
                    .axes = {}};
  for (const Axis& axis : project->matrix.axes) {
    words.axes.emplace_back(axis.name, axis.values);
  }
  words.cells = names_of(make_plan(project->matrix, project->expansion, project->places).cells);
  return words;
}

Result<ExitCode> print_candidates(const std::vector<Verb>& verbs, std::vector<std::string> words) {
  const std::string begun = words.empty() ? "" : words.back();
  if (!words.empty()) {
    words.pop_back();
  }
  for (const std::string& word : complete(verbs, words, begun, words_of_matrix)) {
    fmt::print("{}\n", word);
  }
  return ExitCode::ok;
}

Result<ExitCode> print_completion(const std::string& shell) {
  const std::string_view script = find_template("completion/" + shell);
  if (script.empty()) {
    return Error{ExitCode::usage,
                 fmt::format("no completion for '{}'; expected one of: bash, zsh, fish", shell)};
  }
  fmt::print("{}", script);
  return ExitCode::ok;
}

} // namespace

std::vector<Verb> help_verbs(std::function<std::vector<Verb>()> all) {
  const auto topic = std::make_shared<std::string>();
  Verb helps{.name = "help",
             .help = "Prints a part of the reference",
             .example = "help verdicts",
             .action = [topic] { return help(*topic); }};
  helps.add("TOPIC", topic.get(), "the part; without it, what there is");

  const auto shell = std::make_shared<std::string>();
  Verb completion{.name = "completion",
                  .help = "Prints the script that completes words in a shell",
                  .example = "completion bash",
                  .action = [shell] { return print_completion(*shell); }};
  completion.add("SHELL", shell.get(), "bash, zsh or fish").required = true;

  const auto words = std::make_shared<std::vector<std::string>>();
  Verb completes{.name = "complete",
                 .help = "Prints the words that the last one can be",
                 .example = "complete -- run only actor",
                 .action = [words, all] { return print_candidates(all(), *words); },
                 .hidden = true};
  completes.add("WORDS", words.get(), "the command line up to the cursor");

  const auto file = std::make_shared<std::filesystem::path>();
  Verb manual{.name = "manual",
              .help = "Writes the manual page",
              .example = "manual ctest-matrix.1",
              .action = [all, file]() -> Result<ExitCode> {
                TRY(write_file_if_changed(*file, manual_page(all(), std::string(program_version()))));
                return ExitCode::ok;
              },
              .hidden = true};
  manual.add("FILE", file.get(), "where to").required = true;
  return {std::move(helps), std::move(completion), std::move(completes), std::move(manual)};
}

} // namespace ctest_matrix
