#include "cli.hpp"

#include "base/files.hpp"
#include "base/result.hpp"
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "emit/cost_data.hpp"
#include "emit/generate.hpp"
#include "emit/scaffold.hpp"
#include "matrix/explain.hpp"
#include "matrix/listing.hpp"
#include "matrix/plan_index.hpp"
#include "matrix/project.hpp"
#include "progress/intake.hpp"
#include "progress/last_run.hpp"
#include "progress/plan_bridge.hpp"
#include "report/report_files.hpp"
#include "run/agreement.hpp"
#include "run/artifact.hpp"
#include "run/cell.hpp"
#include "run/check.hpp"
#include "run/service.hpp"
#include "run/suite_listing.hpp"
#include "workflow/report_page.hpp"
#include "workflow/run.hpp"
#include "workflow/watch.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr const char* k_version = CTEST_MATRIX_VERSION;

/// Options of every verb that takes a matrix.
struct MatrixOptions {
  ProjectOptions project;
  std::vector<std::string> settings; ///< axis=value
  std::string index;                 ///< what CTest's tests are called with instead of a matrix
};

int report(const Error& error) {
  fmt::print(stderr, "{}{}", error.message, error.message.ends_with('\n') ? "" : "\n");
  return static_cast<int>(error.code);
}

int done(ExitCode code = ExitCode::ok) {
  return static_cast<int>(code);
}

enum class MatrixArgument { positional, option };

void add_matrix_options(CLI::App& verb, MatrixOptions& options,
                        MatrixArgument argument = MatrixArgument::positional) {
  ProjectOptions& project = options.project;
  verb.add_option(argument == MatrixArgument::positional ? "MATRIX" : "--matrix", project.matrix,
                  "the matrix file")
      ->capture_default_str();
  verb.add_option("--root", project.root,
                  "what paths of the matrix are relative to (default: the git checkout)");
  verb.add_option("--build-dir", project.build_dir, "the build directory")->capture_default_str();
  verb.add_option("--profile", project.profile, "a profile of the matrix (default: default)");
  verb.add_option("--prefix", project.prefix, "a text in front of every test name");
  verb.add_option("--set", options.settings, "axis=value, over the profile's; --AXIS VALUE works too")
      ->type_name("AXIS=VALUE")
      ->allow_extra_args(false)
      ->allow_extra_args(false);
  verb.add_option("--state", project.state, "where the matrix's state is kept")->group("");
}

void add_index_option(CLI::App& verb, MatrixOptions& options) {
  verb.add_option("--index", options.index, "the index that generate made")->group("");
}

Result<ProjectOptions> project_of(const MatrixOptions& options) {
  ProjectOptions project = options.project;
  for (const std::string& setting : options.settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos) {
      return Error{ExitCode::usage, fmt::format("--set: expected AXIS=VALUE, got '{}'", setting)};
    }
    project.overrides.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }
  return project;
}

/// The plan with the cell of this name in front, or with no cell when the name is empty.
Result<Plan> plan_for(const MatrixOptions& options, const std::string& cell) {
  if (!options.index.empty()) {
    const auto text = read_file(options.index);
    return text ? read_cell(*text, cell) : Result<Plan>(text.error());
  }
  const auto project = project_of(options);
  if (!project) {
    return project.error();
  }
  auto plan = load_plan(*project);
  if (!plan) {
    return plan;
  }
  std::vector<std::string> names;
  std::vector<CellPlan> found;
  for (CellPlan& known : plan->cells) {
    names.push_back(known.name);
    if (known.name == cell) {
      found.push_back(known);
    }
  }
  if (found.empty() && !cell.empty()) {
    return Error{ExitCode::usage,
                 fmt::format("the matrix {} has no cell '{}'{}", plan->suite.name, cell,
                             names.size() > 20 ? ", see `ctest-matrix list`" : suggestion(cell, names))};
  }
  plan->cells = std::move(found);
  return plan;
}

fs::path own_program() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error);
}

/// The parts of an environment variable between commas and semicolons.
std::set<std::string> listed_in(const char* variable) {
  const char* value = std::getenv(variable);
  std::set<std::string> parts;
  for (const std::string& part : split(replace_all(value == nullptr ? "" : value, ",", ";"), ';')) {
    if (!part.empty()) {
      parts.insert(part);
    }
  }
  return parts;
}

/// What the environment of a ctest asks of the load that it makes.
Result<void> apply_load_environment(MatrixOptions& options, EmitContext& context) {
  if (const char* profile = std::getenv("CTEST_MATRIX_PROFILE"); profile != nullptr && *profile != '\0') {
    options.project.profile = profile;
  }
  for (const std::string& setting : listed_in("CTEST_MATRIX_SET")) {
    options.settings.push_back(setting);
  }
  const char* selection = std::getenv("CTEST_MATRIX_SELECT");
  if (selection != nullptr && *selection != '\0') {
    const auto names = read_file(selection);
    if (!names) {
      return Error{ExitCode::input, fmt::format("CTEST_MATRIX_SELECT: {}", names.error().message)};
    }
    for (const std::string& name : split_lines(*names)) {
      context.selected.insert(name);
    }
  }
  return {};
}

/// Whether a word is an option of the verb, or a slip of one.
bool resembles_option(const CLI::App& verb, const std::string& word) {
  std::vector<std::string> known;
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      known.push_back("--" + name);
      if (word.starts_with(known.back())) {
        return true;
      }
    }
  }
  return !nearest(word, known).empty();
}

/// Moves `--AXIS VALUE` and `--AXIS=VALUE` to `settings`: every option that a verb which takes a matrix
/// does not know itself. Whether there is such an axis is for the matrix to say.
std::vector<std::string> take_axis_options(const CLI::App& app, const std::vector<std::string>& arguments,
                                           std::vector<std::string>& settings) {
  std::vector<std::string> rest;
  const CLI::App* verb = &app;
  for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
    if (*argument == "--") {
      rest.insert(rest.end(), argument, arguments.end());
      break;
    }
    const std::size_t equals = argument->find('=');
    const std::string name = argument->substr(0, equals);
    const bool unknown = name.starts_with("--") && verb->get_option_no_throw("--set") != nullptr &&
                         !resembles_option(*verb, name);
    if (unknown && equals != std::string::npos) {
      settings.push_back(argument->substr(2));
    } else if (unknown && argument + 1 != arguments.end()) {
      settings.push_back(fmt::format("{}={}", name.substr(2), *++argument));
    } else {
      const auto next = verb->get_subcommands([&](const CLI::App* sub) { return sub->get_name() == name; });
      verb = next.empty() ? verb : next.front();
      rest.push_back(*argument);
    }
  }
  return rest;
}

/// Where the tests of each cell begin, as far as they were listed before.
std::map<std::string, std::string> places_of(const Plan& plan) {
  std::map<std::string, std::string> places;
  for (const CellPlan& cell : plan.cells) {
    const auto listing = plan.suite.listing ? last_listing(plan.suite, cell) : std::nullopt;
    for (const ListedTest& test : listing ? in_own_file(plan.suite, cell, *listing) : TestListing()) {
      if (test.line > 0 && lies_below(test, cell.scope)) {
        places.emplace(cell.name, fmt::format("{}:{}", cell.file.string(), test.line));
      }
    }
  }
  return places;
}

int generate(MatrixOptions options, const std::string& load) {
  EmitContext context;
  if (!load.empty()) {
    if (auto applied = apply_load_environment(options, context); !applied) {
      return report(applied.error());
    }
  }
  auto project = project_of(options);
  if (!project) {
    return report(project.error());
  }
  const auto plan = load_plan(*project);
  if (!plan) {
    return report(plan.error());
  }
  if (!load.empty()) {
    // What stands in the way of it is for `progress` and the cells to say: tests must load.
    (void)take_in_last_run(*plan, project->overrides, plans_of(*project), Milliseconds(0));
  }
  context.included = listed_in("CTEST_MATRIX_INCLUDE");
  context.ticked = ticked_boxes(*plan);
  context.source_lines = knows_source_lines(load);
  context.places = context.source_lines ? places_of(*plan) : std::map<std::string, std::string>();
  std::error_code error;
  const fs::path build_dir = fs::absolute(project->build_dir, error).lexically_normal();
  if (load.empty()) {
    if (auto free = check_build_dir(build_dir); !free) {
      return report(free.error());
    }
  }
  if (plan->suite.parallel) {
    // Without it the order is only a worse one.
    static_cast<void>(seed_cost_data(plan->suite.places.build_dir(), test_durations(*plan)));
  }
  const auto script = generate_script(*plan, context);
  if (!script) {
    return report(script.error());
  }
  if (!load.empty()) {
    fmt::print("{}", *script);
    return done();
  }
  if (auto written = generate_build_dir(*plan, own_program(), build_dir, plan->suite.places.matrix);
      !written) {
    return report(written.error());
  }
  const auto excluded = std::count_if(plan->cells.begin(), plan->cells.end(),
                                      [](const CellPlan& cell) { return cell.excluded; });
  fmt::print("{}: {} cells{}; run them with\n  ctest --test-dir {}\n", plan->suite.name,
             plan->cells.size() - static_cast<std::size_t>(excluded),
             excluded == 0 ? "" : fmt::format(" and {} excluded", excluded),
             shell_quote(project->build_dir.string()));
  return done();
}

int init(const std::string& name, const fs::path& directory) {
  const auto scaffold = make_scaffold(name, directory);
  if (!scaffold) {
    return report(scaffold.error());
  }
  if (const auto written = write_scaffold(*scaffold); !written) {
    return report(written.error());
  }
  for (const std::string& line : scaffold->found) {
    fmt::print("found {}\n", line);
  }
  for (const auto& [path, text] : scaffold->files) {
    fmt::print("wrote {}\n", path.string());
  }
  const fs::path matrix = directory / "matrix.yaml";
  const fs::path build = directory / "build";
  fmt::print("next:\n  ctest-matrix generate {} --build-dir {}\n  ctest --test-dir {} -L fast\n",
             shell_quote(matrix.string()), shell_quote(build.string()), shell_quote(build.string()));
  return done();
}

enum class Repair { none, fix };

int check(const MatrixOptions& options, Repair repair) {
  auto wanted = project_of(options);
  if (!wanted) {
    return report(wanted.error());
  }
  wanted->missing_files = MissingFiles::told;
  auto project = load_project(*wanted);
  if (!project) {
    return report(project.error());
  }
  const Compared compared = compare_with_suite(*project, project->diagnostics);
  if (repair == Repair::fix && !compared.fixes.empty()) {
    const auto said = write_fixes(compared.fixes);
    if (!said) {
      return report(said.error());
    }
    fmt::print("{}", *said);
    return check(options, Repair::none);
  }
  if (const int found = project->diagnostics.errors(); found > 0) {
    return report(
        {ExitCode::input, fmt::format("{}{} difference{} between the matrix and the suite",
                                      project->diagnostics.render(), found, found == 1 ? "" : "s")});
  }
  fmt::print("{}: {} rows, {} columns{}: no problem found\n", options.project.matrix.string(),
             project->matrix.rows.size(), project->expansion.columns.size(),
             project->matrix.runner.listing
                 ? fmt::format(", {} listed tests in {} files", compared.tests, compared.files)
                 : "");
  const Plan plan = make_plan(project->matrix, project->expansion, project->places);
  for (const std::string& reason : stale_artifacts(plan.suite)) {
    fmt::print("warning: {}\n", reason);
  }
  return done();
}

int agree(const MatrixOptions& options, const std::string& name) {
  const auto plan = plan_for(options, "");
  if (!plan) {
    return report(plan.error());
  }
  const auto value = check_agreement(plan->suite, name);
  if (!value) {
    return report(value.error());
  }
  fmt::print("{}: {}\n", name, *value);
  return done();
}

int list(const MatrixOptions& options, bool json) {
  const auto project = project_of(options);
  if (!project) {
    return report(project.error());
  }
  const auto plan = load_plan(*project);
  if (!plan) {
    return report(plan.error());
  }
  fmt::print("{}", json ? list_json(*plan) : list_text(*plan));
  return done();
}

int cell(const MatrixOptions& options, const std::string& name, bool print) {
  const auto plan = plan_for(options, name);
  if (!plan) {
    return report(plan.error());
  }
  if (print) {
    fmt::print("{}\n", cell_command_line(plan->suite, plan->cells.front()));
    return done();
  }
  if (options.index.empty()) { // not CTest, whose fixtures do this
    if (const auto built = build_artifacts_of(plan->suite, plan->cells.front()); !built) {
      return report(built.error());
    }
  }
  return done(run_cell(plan->suite, plan->document, plan->cells.front()));
}

/// The line that runs a cell without CTest, with the same artifacts and services.
std::vector<std::string> by_hand(const Project& project, const std::string& name) {
  std::vector<std::string> line{own_program(), "cell",
                                name,          project.places.matrix,
                                "--root",      project.places.root,
                                "--state",     project.places.state,
                                "--profile",   project.expansion.profile};
  if (!project.places.prefix.empty()) {
    line.insert(line.end(), {"--prefix", project.places.prefix});
  }
  for (const auto& [axis, value] : project.expansion.overrides) {
    line.insert(line.end(), {"--set", fmt::format("{}={}", axis, value)});
  }
  return line;
}

int explain(const MatrixOptions& options, std::string name) {
  const auto wanted = project_of(options);
  if (!wanted) {
    return report(wanted.error());
  }
  const auto project = load_project(*wanted);
  if (!project) {
    return report(project.error());
  }
  const Plan plan = make_plan(project->matrix, project->expansion, project->places);
  if (name.starts_with(project->places.prefix)) {
    name.erase(0, project->places.prefix.size());
  }
  const CellPlan* cell = find_cell(plan, name);
  if (cell == nullptr) {
    return report({ExitCode::usage, explain_absent(*project, name)});
  }
  const bool ticked = ticked_boxes(plan).contains({cell->row, cell->column});
  fmt::print("{}", explain_cell(*project, *cell,
                                {cell->excluded ? ""
                                 : ticked       ? "done"
                                                : "todo",
                                 cell_command_line(plan.suite, *cell), cell_environment(plan.suite, *cell),
                                 by_hand(*project, name)}));
  return done();
}

int explain_what_is_missing(const MatrixOptions& options) {
  const auto wanted = project_of(options);
  if (!wanted) {
    return report(wanted.error());
  }
  const auto project = load_project(*wanted);
  if (!project) {
    return report(project.error());
  }
  fmt::print("{}", explain_missing(*project));
  return done();
}

int narrow(const MatrixOptions& options, const std::string& name, const std::string& test) {
  const auto plan = plan_for(options, name);
  if (!plan) {
    return report(plan.error());
  }
  const auto code = narrow_cell(plan->suite, plan->document, plan->cells.front(), test);
  return code ? done(*code) : report(code.error());
}

int ready(const MatrixOptions& options) {
  const auto plan = plan_for(options, "");
  if (!plan) {
    return report(plan.error());
  }
  const auto result = check_ready(plan->suite);
  return result ? done() : report(result.error());
}

int artifact(const MatrixOptions& options, const std::string& name) {
  const auto plan = plan_for(options, "");
  if (!plan) {
    return report(plan.error());
  }
  const auto work = build_artifact(plan->suite, name);
  if (!work) {
    return report(work.error());
  }
  fmt::print("{}: {}\n", name, *work == ArtifactWork::built ? "built" : "up to date");
  return done();
}

enum class ServiceAction { up, down, status };

/// `status` without a name is about every service.
int service_status(const SuitePlan& suite) {
  for (const Service& service : suite.services) {
    fmt::print("{}", describe_service(suite, service));
  }
  return done();
}

int service(const MatrixOptions& options, const std::string& name, ServiceAction action, Ending ending) {
  const auto plan = plan_for(options, "");
  if (!plan) {
    return report(plan.error());
  }
  if (name.empty()) {
    return service_status(plan->suite);
  }
  const auto found = find_service(plan->suite, name);
  if (!found) {
    return report(found.error());
  }
  const ProcessIdentity caller = ProcessIdentity::of(getppid());
  if (action == ServiceAction::up) {
    if (const auto state = service_up(plan->suite, **found, caller); !state) {
      return report(state.error());
    }
  } else if (action == ServiceAction::down) {
    if (const auto result = service_down(plan->suite, **found, caller, ending); !result) {
      return report(result.error());
    }
  }
  fmt::print("{}", describe_service(plan->suite, **found));
  return done();
}

int progress(const MatrixOptions& options, const ResultFiles& files, bool print) {
  const auto project = project_of(options);
  if (!project) {
    return report(project.error());
  }
  const auto plan = load_plan(*project);
  if (!plan) {
    return report(plan.error());
  }
  const auto outcome = take_in(*plan, files.empty() ? files_of_build(project->build_dir) : files);
  if (!outcome) {
    return report(outcome.error());
  }
  fmt::print("{}", outcome->message);
  if (print) {
    const auto text = read_file(plan->suite.progress);
    if (!text) {
      return report(text.error());
    }
    fmt::print("\n{}", *text);
  }
  return done();
}

Screen screen() {
  Screen screen;
  winsize size{};
  screen.moving = isatty(STDOUT_FILENO) != 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  screen.width = size.ws_col > 0 ? size.ws_col : screen.width;
  return screen;
}

int run(MatrixOptions options, RunRequest request, std::vector<std::string> words) {
  if (!words.empty() && (words.front().ends_with(".yaml") || words.front().ends_with(".yml"))) {
    options.project.matrix = words.front();
    words.erase(words.begin());
  }
  if (auto read = read_words(words, request); !read) {
    return report(read.error());
  }
  const auto project = project_of(options);
  if (!project) {
    return report(project.error());
  }
  const auto code = run_suite(request, {*project, own_program(), screen()});
  return code ? done(*code) : report(code.error());
}

/// The command line with `--runtime wasm` and `--runtime=wasm` as the words `runtime wasm`, for every
/// option that the verb does not have: the axes are the matrix's.
std::vector<std::string> axes_as_words(const CLI::App& verb, int argc, const char* const* argv) {
  std::vector<std::string> arguments(argv, argv + argc);
  if (argc < 2 || arguments[1] != verb.get_name()) {
    return arguments;
  }
  std::vector<std::string> words;
  for (std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    if (!name.starts_with("--") || name.size() == 2 || name == "--help" ||
        verb.get_option_no_throw(name) != nullptr) {
      words.push_back(std::move(argument));
      continue;
    }
    words.push_back(name.substr(2));
    if (equals != std::string::npos) {
      words.push_back(argument.substr(equals + 1));
    }
  }
  return words;
}

struct ReportOptions {
  bool json = false;
  bool gate = false;
  bool tighten = false;
  std::string baseline;
  std::string write_baseline;
  std::string html;
  bool watch = false;
};

ExitCode exit_code_of(Gate gate) {
  switch (gate) {
  case Gate::passed:
    return ExitCode::ok;
  case Gate::regression:
    return ExitCode::failed;
  case Gate::blocked:
  case Gate::nothing_run:
    break;
  }
  return ExitCode::setup;
}

int show_report(const MatrixOptions& options, const ReportOptions& wanted) {
  const bool writes = !wanted.write_baseline.empty();
  if ((wanted.gate || wanted.tighten) && wanted.baseline.empty()) {
    return report(
        {ExitCode::usage, fmt::format("{}: expected --baseline FILE", wanted.gate ? "--gate" : "--tighten")});
  }
  if (writes + !wanted.baseline.empty() > 1 || (wanted.gate && wanted.tighten)) {
    return report({ExitCode::usage, "expected one of: --baseline FILE --gate, --baseline FILE --tighten, "
                                    "--write-baseline FILE"});
  }
  if (wanted.watch && (wanted.json || writes || !wanted.baseline.empty())) {
    return report({ExitCode::usage, "--watch: expected no other option than --html FILE beside it"});
  }
  const auto project = project_of(options);
  if (!project) {
    return report(project.error());
  }
  if (wanted.watch) {
    const auto ended = watch_report(*project, wanted.html);
    return ended ? done(*ended) : report(ended.error());
  }
  const auto plan = load_plan(*project);
  if (!plan) {
    return report(plan.error());
  }
  using Write = BaselineRequest::Write;
  const BaselineRequest baseline{writes ? wanted.write_baseline : wanted.baseline, writes ? Write::accept
                                                                                   : wanted.tighten
                                                                                       ? Write::tighten
                                                                                       : Write::nothing};
  const auto loaded = load_report(*plan, project->overrides, plans_of(*project), baseline);
  if (!loaded) {
    return report(loaded.error());
  }
  std::FILE* remarks = wanted.json ? stderr : stdout;
  if (!wanted.html.empty()) {
    if (const auto written = write_report_page(*plan, *loaded, wanted.html); !written) {
      return report(written.error());
    }
  }
  if (wanted.json) {
    fmt::print("{}", render_report_json(*loaded));
  } else if (wanted.html.empty()) {
    fmt::print("{}", render_report_text(*loaded, terminal_of(STDOUT_FILENO)));
  }
  if (!wanted.html.empty()) {
    fmt::print(remarks, "wrote {}\n", wanted.html);
  }
  if (baseline.write != Write::nothing) {
    fmt::print(remarks, "wrote {}\n", baseline.file.string());
  } else if (loaded->baseline) {
    fmt::print(remarks, "{}", render_gate(*loaded));
  }
  return done(wanted.gate ? exit_code_of(loaded->baseline->gate) : ExitCode::ok);
}

} // namespace

int run_cli(int argc, const char* const* argv) {
  CLI::App app("Runs one test suite over a matrix of runtimes, as one CTest test per test file and runtime.",
               "ctest-matrix");
  app.require_subcommand(1);
  app.set_version_flag("--version", fmt::format("ctest-matrix {}", k_version));
  app.failure_message(CLI::FailureMessage::help);

  std::function<int()> action;
  MatrixOptions options;
  std::string name;
  std::string test;
  std::string load;
  fs::path directory = ".";
  bool json = false;
  bool print = false;
  bool now = false;
  bool missing = false;
  bool repair = false;
  ResultFiles files;

  CLI::App* verb =
      app.add_subcommand("init", "Writes a matrix, a CMakeLists.txt and presets from a template");
  verb->add_option("TEMPLATE", name, "vitest, pytest, gtest or rivetkit")->required();
  verb->add_option("DIR", directory, "where to")->capture_default_str();
  verb->callback([&] { action = [&] { return init(name, directory); }; });

  verb = app.add_subcommand("check", "Validates the matrix and compares it with the suite");
  add_matrix_options(*verb, options);
  verb->add_flag("--fix", repair, "change the matrix where that needs no decision");
  verb->callback([&] { action = [&] { return check(options, repair ? Repair::fix : Repair::none); }; });

  verb = app.add_subcommand("generate", "Makes a build directory that ctest runs the matrix from");
  add_matrix_options(*verb, options);
  verb->add_option("--load", load)->group("");
  verb->callback([&] { action = [&] { return generate(options, load); }; });

  verb = app.add_subcommand("list", "Lists the cells");
  add_matrix_options(*verb, options);
  verb->add_flag("--json", json, "as JSON");
  verb->callback([&] { action = [&] { return list(options, json); }; });

  CLI::App& run_verb = *app.add_subcommand(
      "run", "Runs what is not ticked yet through ctest, up to the first failure, and sums up");
  RunRequest request;
  std::vector<std::string> words;
  run_verb.add_option(
      "WORDS", words,
      "[MATRIX] [reset|resume] [only FILE|from FILE] [runtime native|wasm|both] [encoding cbor]");
  add_matrix_options(run_verb, options, MatrixArgument::option);
  run_verb.add_option("--only", request.only, "one row, ticked or not")->type_name("FILE");
  run_verb.add_option("--from", request.from, "leave the rows before this one alone")->type_name("FILE");
  run_verb.add_option("--skip", request.skip, "leave a row out; noted in the log")
      ->type_name("FILE")
      ->allow_extra_args(false);
  run_verb.add_option("-j,--jobs", request.jobs, "cells at a time, where the matrix allows it")
      ->check(CLI::PositiveNumber);
  run_verb.add_flag_callback(
      "--failed", [&] { request.scope = RunScope::failed; }, "just the cells that failed last");
  run_verb.add_flag_callback(
      "--keep-going", [&] { request.on_failure = OnFailure::go_on; }, "go past failures");
  run_verb.add_flag("--stale", request.stale,
                    "also what was ticked before something changed that it depends on");
  run_verb.add_flag("--include-excluded", request.include_excluded, "the excluded rows too");
  run_verb.footer("Any axis of the matrix is an option, too: --runtime wasm, --encoding cbor.");
  run_verb.callback([&] { action = [&] { return run(options, request, words); }; });

  verb = app.add_subcommand("cell", "Runs one cell; what each CTest test calls");
  verb->add_option("NAME", name, "the cell, such as actor-conn.wasm")->required();
  add_matrix_options(*verb, options);
  add_index_option(*verb, options);
  verb->add_flag("--print", print, "only print the command that would run");
  verb->callback([&] { action = [&] { return cell(options, name, print); }; });

  verb = app.add_subcommand("explain", "Tells why a cell is as it is, or why it is not there");
  verb->add_option("NAME", name, "the cell, such as actor-conn.wasm");
  add_matrix_options(*verb, options);
  verb->add_flag("--missing", missing, "tell what the matrix leaves out instead");
  verb->callback([&] {
    if (missing && !name.empty()) {
      options.project.matrix = name; // the only argument
    } else if (!missing && name.empty()) {
      throw CLI::RequiredError("NAME");
    }
    action = [&] { return missing ? explain_what_is_missing(options) : explain(options, name); };
  });

  verb =
      app.add_subcommand("narrow", "Reruns the first failing, or the named, test of a cell; records nothing");
  verb->add_option("NAME", name, "the cell, such as actor-conn.wasm")->required();
  verb->add_option("TEST", test, "the test, such as 'Suite > test'");
  add_matrix_options(*verb, options, MatrixArgument::option);
  add_index_option(*verb, options);
  verb->callback([&] { action = [&] { return narrow(options, name, test); }; });

  verb = app.add_subcommand("artifact", "Builds an artifact where it is not up to date");
  verb->add_option("NAME", name, "the artifact")->required();
  add_matrix_options(*verb, options);
  add_index_option(*verb, options);
  verb->callback([&] { action = [&] { return artifact(options, name); }; });

  verb = app.add_subcommand("agree", "Checks that the places of an agreement hold the same value");
  verb->add_option("NAME", name, "the agreement")->required();
  add_matrix_options(*verb, options);
  add_index_option(*verb, options);
  verb->callback([&] { action = [&] { return agree(options, name); }; });

  verb = app.add_subcommand("service", "Starts a service, ends the hold on it, or tells how it stands");
  verb->require_subcommand(1);
  const std::tuple<const char*, const char*, ServiceAction> k_service_actions[] = {
      {"up", "Starts or borrows it, and holds it for the calling process", ServiceAction::up},
      {"down", "Lets go of it; it stops when nobody else holds it", ServiceAction::down},
      {"status", "Tells who owns it and who holds it", ServiceAction::status}};
  for (const auto& [word, help, what] : k_service_actions) {
    CLI::App* sub = verb->add_subcommand(word, help);
    CLI::Option* which = sub->add_option("NAME", name, "the service");
    if (what != ServiceAction::status) {
      which->required();
    }
    if (what == ServiceAction::down) {
      sub->add_flag("--now", now, "where nobody else holds it, do not let it linger");
    }
    add_matrix_options(*sub, options);
    add_index_option(*sub, options);
    sub->callback([&, what = what] {
      action = [&, what] {
        if (what == ServiceAction::status && fs::is_regular_file(name)) { // status MATRIX
          options.project.matrix = std::exchange(name, "");
        }
        return service(options, name, what, now ? Ending::now : Ending::linger);
      };
    });
  }

  verb = app.add_subcommand("ready", "Checks what can be known before any cell runs");
  add_matrix_options(*verb, options);
  add_index_option(*verb, options);
  verb->callback([&] { action = [&] { return ready(options); }; });

  verb = app.add_subcommand("progress", "Brings the progress file up to date with CTest's results");
  add_matrix_options(*verb, options);
  verb->add_option("--junit", files.junit, "a file of ctest --output-junit")->type_name("FILE");
  verb->add_option("--test-xml", files.test_xml, "a Test.xml of a dashboard run")->type_name("FILE");
  verb->add_option("--last-test-log", files.last_test_log, "a LastTest.log, with its neighbours")
      ->type_name("FILE");
  verb->add_option("--journal", files.journal, "another journal")->type_name("FILE");
  verb->add_flag("--print", print, "print the progress file");
  verb->callback([&] { action = [&] { return progress(options, files, print); }; });

  ReportOptions wanted;
  verb = app.add_subcommand("report", "Shows how the suite stands, test by test and against a baseline");
  add_matrix_options(*verb, options);
  verb->add_flag("--json", wanted.json, "as JSON");
  verb->add_option("--html", wanted.html, "write it as one HTML page that needs nothing but itself")
      ->type_name("FILE");
  verb->add_flag("--watch", wanted.watch, "follow a run: show what changes, until Ctrl-C");
  verb->add_option("--baseline", wanted.baseline, "the failures that are known")->type_name("FILE");
  verb->add_flag("--gate", wanted.gate, "exit with 4 when something fails that the baseline does not know");
  verb->add_flag("--tighten", wanted.tighten, "drop from the baseline what is fixed or gone");
  verb->add_option("--write-baseline", wanted.write_baseline,
                   "write the failures of now as the ones that are known")
      ->type_name("FILE");
  verb->callback([&] { action = [&] { return show_report(options, wanted); }; });

  try {
    std::vector<std::string> arguments = axes_as_words(run_verb, argc, argv);
    arguments.erase(arguments.begin());
    arguments = take_axis_options(app, arguments, options.settings);
    std::ranges::reverse(arguments); // what CLI11 wants
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : done(ExitCode::usage);
  }
  return action();
}

} // namespace ctest_matrix
