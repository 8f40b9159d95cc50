// The verbs of those who run the suite and look at what came of it: run, narrow, progress, report.
#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/shell_words.hpp"
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "cell/cell.hpp"
#include "cli/matrix_options.hpp"
#include "cli/verbs.hpp"
#include "ctest/script.hpp"
#include "progress/intake.hpp"
#include "progress/last_run.hpp"
#include "report/annotations.hpp"
#include "report/inputs.hpp"
#include "report/markdown.hpp"
#include "report/page.hpp"
#include "report/watch.hpp"
#include "run/agent_report.hpp"
#include "run/agent_text.hpp"
#include "run/event_line.hpp"
#include "run/run.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

namespace {

constexpr const char* k_output_variable = "CTEST_MATRIX_OUTPUT";

/// The words of `--wrap`. Error (usage): they name no program.
Result<std::vector<std::string>> wrap_of(const std::string& line) {
  const auto words = shell_words(line);
  if (!words || (!words->empty() && (words->front().empty() || words->front().starts_with('-')))) {
    return Error{ExitCode::usage,
                 fmt::format("--wrap: expected a program and its options, such as 'strace -f', got '{}'",
                             printable(line))};
  }
  return *words;
}

/// Who the output is for: what the option says, or else the variable. Error (usage): it says something else.
Result<Audience> audience_of(const std::string& option) {
  constexpr std::pair<std::string_view, Audience> k_audiences[] = {
      {"people", Audience::people}, {"agent", Audience::agent}, {"json", Audience::machine}};
  const char* const variable = std::getenv(k_output_variable);
  const std::string wanted = !option.empty() || variable == nullptr ? option : variable;
  std::vector<std::string> names;
  for (const auto& [name, audience] : k_audiences) {
    if (name == wanted || wanted.empty()) {
      return audience;
    }
    names.emplace_back(name);
  }
  return Error{ExitCode::usage,
               fmt::format("{}: unknown reader '{}'{}", option.empty() ? k_output_variable : "--output",
                           printable(wanted), suggestion(wanted, names))};
}

/// An error as the last thing that is said: whoever reads only the end sees it, too.
void tell_error(Audience audience, const Error& error) {
  if (audience == Audience::machine) {
    fmt::print("{}{}", event_line("error", Json::object({{"message", error.message}})),
               event_line("end", Json::object({{"result", end_word(error.code, Ran::nothing)},
                                               {"exit_code", static_cast<int>(error.code)},
                                               {"nothing_ran", true},
                                               {"complete", false}})));
    return;
  }
  fmt::print("error: {}{}{}", error.message, error.message.ends_with('\n') ? "" : "\n",
             agent_result(error.code, Ran::nothing, {"it could not be carried out"}));
}

/// The same, said to whom it is for.
Result<ExitCode> told(Audience audience, Result<ExitCode> code) {
  if (code || audience == Audience::people) {
    return code;
  }
  tell_error(audience, code.error());
  return code.error().code;
}

Result<ExitCode> run(MatrixOptions options, RunRequest request, std::vector<std::string> words,
                     const std::string& wrap, Audience audience) {
  TRY_ASSIGN(request.handed.wrap, wrap_of(wrap));
  if (!request.failed_of.empty()) {
    request.scope = RunScope::failed;
  }
  if (!words.empty() && is_matrix_file(words.front())) {
    options.project.matrix = words.front();
    words.erase(words.begin());
  }
  TRY(read_words(words, request));
  TRY_ASSIGN(ProjectOptions project, project_of(options));
  request.axes.insert(request.axes.end(), project.overrides.begin(), project.overrides.end());
  project.overrides.clear();
  TRY(check_request(request));
  const Terminal terminal = terminal_of(STDOUT_FILENO);
  const Screen screen{terminal.moving && audience == Audience::people,
                      terminal.width > 0 ? terminal.width : Screen().width, terminal.color, terminal.utf8};
  return run_suite(request, {project, own_program(), screen, audience});
}

struct NarrowOptions {
  std::string name;
  std::string test;
  std::string matrix;
  std::string wrap;
  HandedOn handed;
  std::filesystem::path result;
};

Result<ExitCode> narrow(MatrixOptions options, NarrowOptions wanted) {
  if (wanted.matrix.empty() && is_matrix_file(wanted.test)) {
    wanted.matrix = std::exchange(wanted.test, "");
  }
  if (!wanted.matrix.empty()) {
    options.project.matrix = wanted.matrix;
  }
  TRY_ASSIGN(wanted.handed.wrap, wrap_of(wanted.wrap));
  TRY_ASSIGN(const Plan plan, plan_of_cell(options, wanted.name));
  return narrow_cell(plan, bind(plan.common, plan.cells.front()), wanted.test, wanted.result, wanted.handed);
}

/// What the files say; where there are none, what is known of the last run in the build directory.
Result<std::string> fold(const Plan& plan, const ProjectOptions& project, const ResultFiles& files) {
  std::string message;
  if (files.empty()) {
    TRY_ASSIGN(const IntakeOutcome last,
               take_in_last_run(plan, project, std::chrono::seconds(30), UnknownLoad::take_as_current));
    message = last.message;
    if (last.caught_up) {
      message += fmt::format("{}: brought up to date with the journal, {} in the log\n",
                             plan.common.progress.string(), plural(last.caught_up_lines, "line"));
    }
    if (last.progress == plan.common.progress) {
      return message;
    }
  }
  const auto outcome = take_in(plan, files);
  return outcome ? message + outcome->message : Result<std::string>(outcome.error());
}

enum class AfterFold { nothing, print, where };

Result<ExitCode> progress(const MatrixOptions& options, const ResultFiles& files, AfterFold after) {
  TRY_ASSIGN(const ProjectOptions project, project_of(options));
  TRY_ASSIGN(const Plan plan, load_plan(project));
  if (after == AfterFold::where) {
    fmt::print("{}\n", plan.common.progress.string());
    return ExitCode::ok;
  }
  TRY_ASSIGN(const std::string message, fold(plan, project, files));
  fmt::print("{}", message);
  if (after == AfterFold::print) {
    TRY_ASSIGN(const std::string text, read_file(plan.common.progress));
    fmt::print("\n{}", text);
  }
  return ExitCode::ok;
}

struct ReportOptions {
  bool json = false;
  bool gate = false;
  bool allow_never_run = false;
  bool tighten = false;
  std::string baseline;
  std::string write_baseline;
  std::string html;
  bool watch = false;
  bool markdown = false;
  std::string annotations;
  std::string output;
};

ExitCode exit_code_of(Gate gate, const ReportOptions& wanted) {
  switch (gate) {
  case Gate::passed:
    return ExitCode::ok;
  case Gate::regression:
    return ExitCode::failed;
  case Gate::never_run:
    return wanted.allow_never_run ? ExitCode::ok : ExitCode::setup;
  case Gate::blocked:
  case Gate::doubtful:
  case Gate::nothing_run:
    break;
  }
  return ExitCode::setup;
}

/// A regression, or a rule that is broken, before what is not known.
ExitCode exit_code_of(const ProgressReport& report, const ReportOptions& wanted) {
  const ExitCode suite = exit_code_of(report.baseline->gate, wanted);
  const ExitCode rules = gate_of(report.rules);
  return suite == ExitCode::ok || rules == ExitCode::failed ? rules : suite;
}

Result<BaselineRequest> baseline_of(const ReportOptions& wanted) {
  using Write = BaselineRequest::Write;
  const bool writes = !wanted.write_baseline.empty();
  if (!wanted.annotations.empty() && wanted.annotations != "github" && wanted.annotations != "gitlab") {
    return Error{ExitCode::usage, fmt::format("--annotations: expected github or gitlab, got '{}'",
                                              printable(wanted.annotations))};
  }
  if (wanted.json + wanted.markdown + !wanted.annotations.empty() > 1) {
    return Error{ExitCode::usage, "expected one of: --json, --markdown, --annotations"};
  }
  if ((writes && !wanted.baseline.empty()) || (wanted.gate && wanted.tighten)) {
    return Error{ExitCode::usage, "expected one of: --baseline FILE --gate, --baseline FILE --tighten, "
                                  "--write-baseline FILE"};
  }
  if (wanted.allow_never_run && !wanted.gate) {
    return Error{ExitCode::usage, "--allow-never-run: expected --gate beside it"};
  }
  if (wanted.watch && (wanted.json || wanted.markdown || !wanted.annotations.empty() || wanted.gate ||
                       writes || !wanted.baseline.empty())) {
    return Error{ExitCode::usage, "--watch: expected no other option than --html FILE beside it"};
  }
  if (writes) {
    return BaselineRequest{wanted.write_baseline, Write::accept, false};
  }
  return BaselineRequest{wanted.baseline, wanted.tighten ? Write::tighten : Write::nothing, wanted.gate};
}

GateCommands gate_commands(const ProjectOptions& project) {
  ProjectOptions others = project; // `report` takes the matrix as a word
  others.matrix = ProjectOptions().matrix;
  const std::string matrix =
      project.matrix == others.matrix ? "" : " " + shell_quote(project.matrix.string());
  return {.run = "ctest-matrix run" + options_text(project),
          .report = "ctest-matrix report" + matrix + options_text(others)};
}

/// The report in a form that a program, or the page of a CI, reads.
std::string for_programs(const Plan& plan, const ProgressReport& report, const std::string& gate,
                         const ReportOptions& wanted, Audience audience) {
  return audience == Audience::machine    ? render_report_json(report)
         : wanted.markdown                ? render_report_markdown(plan, report, gate)
         : wanted.annotations == "github" ? github_annotations(plan, report)
                                          : gitlab_code_quality(plan, report);
}

/// The report itself, and what the gate says.
void print_report(const Plan& plan, const ProjectOptions& project, const ProgressReport& report,
                  const BaselineRequest& baseline, const ReportOptions& wanted, Audience audience) {
  const bool is_for_programs =
      audience == Audience::machine || wanted.markdown || !wanted.annotations.empty();
  std::FILE* remarks = is_for_programs ? stderr : stdout;
  const bool writes = baseline.write != BaselineRequest::Write::nothing;
  const std::string gate = report.baseline ? render_gate(report, gate_commands(project)) : "";
  if (is_for_programs) {
    fmt::print("{}", for_programs(plan, report, gate, wanted, audience));
  } else if (wanted.html.empty() && audience == Audience::people) {
    fmt::print("{}", render_report_text(report, terminal_of(STDOUT_FILENO)));
  }
  if (!wanted.html.empty()) {
    fmt::print(remarks, "wrote {}\n", wanted.html);
  }
  if (writes) {
    fmt::print(remarks, "wrote {}\n", report.baseline_file);
  }
  const std::string said = writes ? "" : gate;
  if (audience == Audience::agent && !is_for_programs) {
    const ExitCode code = wanted.gate ? exit_code_of(report, wanted) : ExitCode::ok;
    fmt::print("{}", agent_report(plan, report, said, code));
  } else {
    fmt::print(remarks, "{}", said);
  }
}

Result<ExitCode> report(const MatrixOptions& options, const ReportOptions& wanted, Audience audience) {
  TRY_ASSIGN(const BaselineRequest baseline, baseline_of(wanted));
  TRY_ASSIGN(const ProjectOptions project, project_of(options));
  if (wanted.watch) {
    return watch_report(project, wanted.html);
  }
  TRY_ASSIGN(const Plan plan, load_plan(project));
  if (wanted.tighten && wanted.baseline.empty() && plan.common.known.empty()) {
    return Error{ExitCode::usage, "--tighten: expected --baseline FILE, or `known: FILE` in the matrix"};
  }
  TRY_ASSIGN(ProgressReport loaded, load_report(plan, project, baseline));
  loaded.rules = rule_standings(plan.common);
  if (!wanted.html.empty()) {
    TRY(write_report_page(plan, loaded, wanted.html));
  }
  print_report(plan, project, loaded, baseline, wanted, audience);
  return wanted.gate ? exit_code_of(loaded, wanted) : ExitCode::ok;
}

void add_output_option(Verb& verb, std::string& output) {
  verb.add("--output", &output,
           "who reads it: people, agent (only what failed, and a last line), json (events); default: "
           "CTEST_MATRIX_OUTPUT, or people")
      .value_name = "READER";
}

Verb run_verb(MatrixOptions& options) {
  struct Options {
    RunRequest request;
    std::vector<std::string> words;
    std::string wrap;
    std::string output;
  };

  const auto own = std::make_shared<Options>();
  RunRequest& request = own->request;
  Verb verb{.name = "run",
            .help = "Runs what is not ticked yet through ctest, up to the first failure, and sums up",
            .example = "run only actor-conn --runtime wasm",
            .note = "Any axis of the matrix is an option, too: --runtime wasm, --encoding cbor. What stands "
                    "behind -- goes to the runner; a cell of which not all tests ran then counts nothing.",
            .action = [&options, own]() -> Result<ExitCode> {
              TRY_ASSIGN(const Audience audience, audience_of(own->output));
              return told(audience, run(options, own->request, own->words, own->wrap, audience));
            },
            .rest = &own->request.handed.arguments};
  verb.add("WORDS", &own->words, "[MATRIX] [reset|resume] [only FILE|from FILE] [AXIS VALUE|both]...");
  add_matrix_options(verb, options, MatrixArgument::option);
  verb.add("--only", &request.only, "one row, ticked or not").value_name = "FILE";
  verb.add("--from", &request.from, "leave the rows before this one alone").value_name = "FILE";
  VerbOption& skip = verb.add("--skip", &request.skip, "leave a row out; noted in the log");
  skip.value_name = "FILE";
  skip.one_at_a_time = true;
  verb.add("--failed-of", &request.failed_of,
           "just the cells that failed by this journal, or ZIP archive of a CI")
      .value_name = "FILE";
  verb.add("-j,--jobs", &request.jobs, "cells at a time, where the matrix allows it").positive = true;
  VerbOption& failed = verb.add(
      "--failed", [own] { own->request.scope = RunScope::failed; }, "just the cells that failed last");
  failed.instead_of = {"--failed-of"};
  verb.add(
      "--keep-going", [own] { own->request.on_failure = OnFailure::go_on; }, "go past failures");
  verb.add("--baseline", &request.baseline,
           "go past the failures that this file knows, which stay red; what is new stops the run")
      .value_name = "FILE";
  VerbOption& known =
      verb.add("--known", &request.past_known, "as --baseline, with the ledger of the matrix");
  known.instead_of = {"--baseline"};
  verb.add("--wrap", &own->wrap, "a program that runs the runner, such as 'strace -f'").value_name =
      "COMMAND";
  add_output_option(verb, own->output);
  verb.add("--stale", &request.stale, "also what was ticked before something changed that it depends on");
  verb.add(
      "--include-excluded", [own] { own->request.included.emplace(k_all_rows); }, "the excluded rows too");
  return verb;
}

Verb narrow_verb(MatrixOptions& options) {
  const auto own = std::make_shared<NarrowOptions>();
  Verb verb{.name = "narrow",
            .help = "Reruns the first failing, or the named, test of a cell; records nothing",
            .example = "narrow actor-conn.wasm 'Suite > works'",
            .note = "What stands behind -- goes to the runner.",
            .action = [&options, own] { return narrow(options, *own); },
            .rest = &own->handed.arguments};
  verb.add("NAME", &own->name, "the cell, such as actor-conn.wasm").required = true;
  verb.add("TEST", &own->test, "the test, such as 'Suite > test'");
  verb.add("MATRIX", &own->matrix, "the matrix file, as with --matrix");
  add_matrix_options(verb, options, MatrixArgument::option);
  verb.add("--test", &own->test, "the test, whatever it begins with").hidden = true;
  verb.add("--wrap", &own->wrap, "a program that runs the runner, such as 'strace -f'").value_name =
      "COMMAND";
  add_index_option(verb, options);
  verb.add("--result", &own->result, "where the record goes").hidden = true;
  return verb;
}

Verb progress_verb(MatrixOptions& options) {
  struct Options {
    ResultFiles files;
    AfterFold after = AfterFold::nothing;
  };

  const auto own = std::make_shared<Options>();
  ResultFiles& files = own->files;
  Verb verb{.name = "progress",
            .help = "Brings the progress file up to date with CTest's results",
            .example = "progress --junit results.xml --print",
            .action = [&options, own] { return progress(options, own->files, own->after); }};
  add_matrix_options(verb, options);
  verb.add("--junit", &files.junit, "a file of ctest --output-junit").value_name = "FILE";
  verb.add("--test-xml", &files.test_xml, "a Test.xml of a dashboard run").value_name = "FILE";
  verb.add("--last-test-log", &files.last_test_log, "a LastTest.log, with its neighbours").value_name =
      "FILE";
  verb.add("--journal", &files.journal, "another journal").value_name = "FILE";
  verb.add("--progress-file", &files.documents, "another progress file: what its log tells").value_name =
      "FILE";
  verb.add(
      "--print", [own] { own->after = AfterFold::print; }, "print the progress file");
  VerbOption& where = verb.add(
      "--where", [own] { own->after = AfterFold::where; }, "only print where the progress file is");
  where.instead_of = {"--print"};
  return verb;
}

Verb report_verb(MatrixOptions& options) {
  const auto wanted = std::make_shared<ReportOptions>();
  Verb verb{.name = "report",
            .help = "Shows how the suite stands, test by test and against a baseline",
            .example = "report --baseline known-failures.txt --gate",
            .action = [&options, wanted]() -> Result<ExitCode> {
              TRY_ASSIGN(Audience audience, audience_of(wanted->output));
              audience = wanted->json                                       ? Audience::machine
                         : wanted->markdown || !wanted->annotations.empty() ? Audience::people
                                                                            : audience;
              auto code = report(options, *wanted, audience);
              return audience == Audience::agent ? told(audience, std::move(code)) : std::move(code);
            }};
  add_matrix_options(verb, options);
  verb.add("--json", &wanted->json, "as JSON");
  verb.add("--markdown", &wanted->markdown, "as Markdown, for the summary of a CI's job");
  verb.add("--annotations", &wanted->annotations,
           "failures as GitHub's workflow commands (github), or as GitLab's code quality report (gitlab)")
      .value_name = "CI";
  add_output_option(verb, wanted->output);
  verb.add("--html", &wanted->html, "write it as one HTML page that needs nothing but itself").value_name =
      "FILE";
  verb.add("--watch", &wanted->watch, "follow a run: show what changes, until Ctrl-C");
  verb.add("--baseline", &wanted->baseline, "the failures that are known, in place of the matrix's `known`")
      .value_name = "FILE";
  verb.add("--gate", &wanted->gate, "exit with 4 when something fails that the baseline does not know");
  verb.add("--allow-never-run", &wanted->allow_never_run,
           "with --gate: cells that have never run are no obstacle");
  verb.add("--tighten", &wanted->tighten, "drop from the baseline what is fixed or gone");
  verb.add("--write-baseline", &wanted->write_baseline,
           "write the failures of now as the ones that are known")
      .value_name = "FILE";
  return verb;
}

} // namespace

std::vector<Verb> run_verbs(MatrixOptions& options) {
  return {run_verb(options), narrow_verb(options), progress_verb(options), report_verb(options)};
}

} // namespace ctest_matrix
